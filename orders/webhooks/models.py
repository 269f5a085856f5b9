"""Where resellers want to be told of their orders and of the catalogue, and what was told."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orders.models.catalogue import ServiceEvent
from panel.lib.secrets import EncryptedTextField


class WebhookEndpoint(models.Model):
    """An address of a customer's, and what it wants to hear."""

    class Topic(models.TextChoices):
        ORDERS = "orders", _("status changes of orders")
        CATALOGUE = "catalogue", _("changes of the catalogue")

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="webhook_endpoints",
        db_index=False,
        verbose_name=_("customer"),
    )
    url = models.CharField(_("address"), max_length=500)
    secret = EncryptedTextField(_("secret"))
    topics = ArrayField(models.CharField(max_length=16, choices=Topic), verbose_name=_("topics"))
    active = models.BooleanField(_("active"), default=True)
    created = models.DateTimeField(_("created"), db_default=Now())
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    last_failure_at = models.DateTimeField(_("last failure"), null=True, blank=True)
    last_failure = models.CharField(_("what failed last"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            # Also the index by which an order's event finds its customer's endpoints.
            models.UniqueConstraint(fields=["customer", "url"], name="webhook_endpoint_once"),
            models.CheckConstraint(condition=~models.Q(topics=[]), name="webhook_endpoint_topics"),
        ]

    def __str__(self):
        return self.url

    @property
    def is_failing(self):
        """Whether nothing has arrived since the last failure."""
        failed, succeeded = self.last_failure_at, self.last_success_at
        return failed is not None and (succeeded is None or succeeded < failed)


class CatalogueChange(models.Model):
    """A service's change that waits to be announced together with others."""

    event = models.OneToOneField(
        ServiceEvent, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("service event")
    )

    class Meta:
        verbose_name = _("change to announce")
        verbose_name_plural = _("changes to announce")

    def __str__(self):
        return str(self.event_id)


class CatalogueAnnouncement(models.Model):
    """Changes announced together, kept once however many endpoints hear of them."""

    changes = models.JSONField(_("changes"))
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("catalogue announcement")
        verbose_name_plural = _("catalogue announcements")

    def __str__(self):
        return str(self.pk)


class WebhookDelivery(models.Model):
    """One event for one endpoint. While pending, `next_try_at` is when it is due, or how long a sender has it."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENT = "sent", _("delivered")
        FAILED = "failed", _("failed")

    endpoint = models.ForeignKey(
        WebhookEndpoint,
        models.CASCADE,
        related_name="deliveries",
        db_index=False,
        verbose_name=_("webhook"),
    )
    event_id = models.CharField(_("event id"), max_length=40)
    kind = models.CharField(_("kind"), max_length=32)
    payload = models.JSONField(_("payload"))
    # What a catalogue's payload leaves out: the changes themselves.
    announcement = models.ForeignKey(
        CatalogueAnnouncement,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="deliveries",
        db_index=False,
        verbose_name=_("catalogue announcement"),
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True, db_default=Now())
    retry_until = models.DateTimeField(_("tried until"))
    created = models.DateTimeField(_("created"), db_default=Now())
    status_code = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True, default="")
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="webhook_delivery_once"),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="webhook_delivery_endpoint"),
            models.Index(
                fields=["endpoint", "next_try_at"],
                name="webhook_delivery_queue",
                condition=models.Q(state="pending"),
            ),
            models.Index(
                fields=["endpoint", "-id"],
                name="webhook_delivery_failed",
                condition=models.Q(state="failed"),
            ),
            models.Index(
                fields=["announcement"],
                name="webhook_delivery_announced",
                condition=models.Q(announcement__isnull=False),
            ),
            BrinIndex(fields=["created"], name="webhook_delivery_created", pages_per_range=32),
        ]

    def __str__(self):
        return f"{self.event_id} → {self.endpoint_id}"
