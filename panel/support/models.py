"""What customers and operators are told in the panel."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Notification(models.Model):
    """One line for one person, in that person's language; made at most once for each `key`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=32)
    message = models.TextField(_("message"))
    key = models.CharField(_("key"), max_length=128, unique=True)
    order_id = models.BigIntegerField(_("order"), null=True, blank=True)
    created = models.DateTimeField(_("created"), db_default=Now())
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["customer", "-created"], name="notification_customer"),
            models.Index(fields=["customer"], name="notification_unread", condition=models.Q(read_at=None)),
        ]

    def __str__(self):
        return self.message[:60]


class Ticket(models.Model):
    """A conversation of a customer with staff. `description` and its messages are safe HTML (nh3)."""

    class Status(models.TextChoices):
        NEW = "new", _("new")
        PENDING = "pending", _("waiting for staff")
        ANSWERED = "answered", pgettext_lazy("a ticket is", "answered")
        CLOSED = "closed", pgettext_lazy("a ticket is", "closed")

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="tickets", verbose_name=_("customer")
    )
    subject = models.CharField(_("subject"), max_length=200)
    description = models.TextField(_("description"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.NEW)
    created = models.DateTimeField(_("created"), db_default=Now())
    changed = models.DateTimeField(_("changed"), db_default=Now())

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            models.Index(fields=["customer", "-id"], name="ticket_customer"),
            models.Index(
                fields=["changed"], name="ticket_waiting", condition=models.Q(status__in=["new", "pending"])
            ),
        ]

    def __str__(self):
        return f"{self.pk}: {self.subject}"


class TicketMessage(models.Model):
    """What the customer or somebody of the staff added to a ticket; `read_at`: when the other side saw it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="messages", verbose_name=_("ticket"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    message = models.TextField(_("message"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    created = models.DateTimeField(_("created"), db_default=Now())
    changed = models.DateTimeField(_("changed"), db_default=Now())

    class Meta:
        verbose_name = _("ticket message")
        verbose_name_plural = _("ticket messages")
        ordering = ["id"]

    def __str__(self):
        return f"{self.ticket_id}: {self.message[:60]}"
