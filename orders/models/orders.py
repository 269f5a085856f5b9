"""Orders, their events, clients' idempotency keys and the links that orders hold. The order's row is the queue."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orders.models.catalogue import Service
from panel.lib.events import Event, event_indexes


class Order(models.Model):
    """One order: what was bought, what was taken for it, and how far it is.

    `status` is the customer's view, `forwarding` ours. `refunded` never exceeds `charge`.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        PROCESSING = "processing", _("processing")
        IN_PROGRESS = "in_progress", _("in progress")
        COMPLETED = "completed", _("completed")
        PARTIAL = "partial", _("partial")
        CANCELED = "canceled", _("canceled")
        ERROR = "error", _("error")

    class Forwarding(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("sending")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        UNCLEAR = "unclear", _("unclear")
        PARTS = "parts", _("in parts")

    class Channel(models.TextChoices):
        DASHBOARD = "dashboard", _("dashboard")
        STANDARD = "standard", "standard v2"
        PANEL_APP = "panel_app", "panel app v1"
        GIFT = "gift", _("gift")
        GRAY_CITY = "gray_city", "gray-city v2"
        HAPPY_FOLLOWER = "happy_follower", "happy-follower v1"

    FINAL = (Status.COMPLETED, Status.PARTIAL, Status.CANCELED, Status.ERROR)

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        db_index=False,
        related_name="orders",
        verbose_name=_("customer"),
    )
    # Without the database's constraint: every order would share a lock on one popular service's row. Services
    # are switched off and never deleted (the admin offers no delete); the audit looks for orders without one.
    service = models.ForeignKey(
        Service, models.PROTECT, db_index=False, db_constraint=False, verbose_name=_("service")
    )
    # A run of a drip-feed or a post of a subscription (orders/models/parts.py): it was paid for with its parent.
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
        related_name="parts",
        verbose_name=_("part of order"),
    )
    channel = models.CharField(_("channel"), max_length=16, choices=Channel)
    link = models.CharField(_("link"), max_length=2000)
    quantity = models.BigIntegerField(_("quantity"))
    fields = models.JSONField(_("fields"), null=True, blank=True)
    charge = models.BigIntegerField(_("charge"))
    refunded = models.BigIntegerField(_("refunded"), db_default=0)
    cost = models.DecimalField(_("cost in toman"), max_digits=20, decimal_places=6, null=True, blank=True)
    profit = models.DecimalField(_("profit in toman"), max_digits=20, decimal_places=6, null=True, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=Status, db_default=Status.PENDING)
    forwarding = models.CharField(
        _("forwarding"), max_length=16, choices=Forwarding, db_default=Forwarding.QUEUED
    )
    start_count = models.BigIntegerField(_("start count"), null=True, blank=True)
    remains = models.BigIntegerField(_("remains"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, db_default="")
    tries = models.PositiveSmallIntegerField(_("tries"), db_default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True, db_default=Now())
    # The order on the same link that this one waits for; its hold is in LinkHold.
    held_by = models.BigIntegerField(_("waits for order"), null=True, blank=True)
    rechecked_at = models.DateTimeField(_("rechecked"), null=True, blank=True)
    cancel_requested_at = models.DateTimeField(_("cancel requested"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    # The request that placed it (panel/lib/tracing.py), by which the logs tell its way; parts have their parent's.
    trace = models.UUIDField(_("id in the logs"), null=True, blank=True, editable=False)
    created = models.DateTimeField(_("created"), db_default=Now())
    changed = models.DateTimeField(_("changed"), db_default=Now())

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(refunded__gte=0, refunded__lte=models.F("charge")),
                name="order_refunded_within_charge",
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None) | models.Q(charge=0), name="order_part_costs_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="order_customer"),
            models.Index(
                fields=["next_try_at"], name="order_queue", condition=models.Q(next_try_at__isnull=False)
            ),
            models.Index(
                fields=["id"],
                name="order_unsettled_cancel",
                condition=models.Q(cancel_requested_at__isnull=False, settled_at=None),
            ),
            BrinIndex(fields=["created"], name="order_created", pages_per_range=32),
            # What ended today: nearly free to keep, and a later update of a row stays a cheap one.
            BrinIndex(fields=["settled_at"], name="order_settled", pages_per_range=32),
            models.Index(fields=["parent"], name="order_parts", condition=models.Q(parent__isnull=False)),
            models.Index(fields=["held_by"], name="order_held", condition=models.Q(held_by__isnull=False)),
        ]

    def __str__(self):
        return f"#{self.pk}"

    @property
    def is_final(self):
        return self.status in self.FINAL


class OrderEvent(Event):
    """One step of an order's way: placed, accepted, in_progress, completed, refunded …"""

    order = models.ForeignKey(
        Order, models.CASCADE, related_name="events", db_constraint=False, verbose_name=_("order")
    )

    class Meta:
        verbose_name = _("order event")
        verbose_name_plural = _("order events")
        indexes = event_indexes("order_event")

    def __str__(self):
        return f"{self.kind} {self.order_id}"


class IdempotencyKey(models.Model):
    """A client's own key for one `add`: the same key and body answers with the same order for 24 h."""

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        db_constraint=False,
        db_index=False,
        verbose_name=_("customer"),
    )
    key = models.CharField(_("key"), max_length=255)
    input_hash = models.BinaryField(max_length=32)
    order = models.ForeignKey(
        Order, models.CASCADE, db_constraint=False, db_index=False, verbose_name=_("order")
    )
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [
            models.UniqueConstraint(fields=["customer", "key"], name="idempotency_key_of_customer")
        ]
        indexes = [BrinIndex(fields=["created"], name="idempotency_key_created", pages_per_range=32)]

    def __str__(self):
        return self.key


class LinkHold(models.Model):
    """Which order a link belongs to until it ends: one row for each link and kind, so no two run on it at once."""

    link_key = models.BigIntegerField(_("link key"), primary_key=True)
    order = models.OneToOneField(
        Order, models.CASCADE, db_constraint=False, related_name="link_hold", verbose_name=_("order")
    )
    created = models.DateTimeField(_("created"), db_default=Now())
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)

    class Meta:
        verbose_name = _("link hold")
        verbose_name_plural = _("link holds")

    def __str__(self):
        return f"#{self.order_id}"
