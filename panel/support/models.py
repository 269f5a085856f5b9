"""What customers and operators are told in the panel."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from panel.support.announcements.models import (  # noqa: F401 - Django looks for an application's models here
    Announcement,
    PutAway,
)


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
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
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


class SiteText(models.Model):
    """A text of the operator's for everybody, in one language. `text` is safe HTML (nh3)."""

    class Slug(models.TextChoices):
        TERMS = "terms", _("terms of use")
        PRIVACY = "privacy", _("privacy")

    slug = models.CharField(_("page"), max_length=16, choices=Slug)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    text = models.TextField(
        _("text"),
        max_length=100_000,
        help_text=_(
            "Text, or simple HTML: p, b, i, lists, links. A paragraph that is all bold is a heading."
        ),
    )
    changed = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("text of the site")
        verbose_name_plural = _("texts of the site")
        constraints = [models.UniqueConstraint(fields=["slug", "language"], name="site_text_once")]

    def __str__(self):
        return f"{self.get_slug_display()} ({self.language})"


class TicketNote(models.Model):
    """What staff write about a ticket for each other: plain text, in no page or call of the customer's."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="notes", verbose_name=_("ticket"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("note"), max_length=2000)
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("note on a ticket")
        verbose_name_plural = _("notes on tickets")
        ordering = ["id"]

    def __str__(self):
        return f"{self.ticket_id}: {self.text[:60]}"


class CannedAnswer(models.Model):
    """An answer that staff give often, with placeholders (panel/support/canned.py); edited before it is sent."""

    title = models.CharField(_("title"), max_length=100, unique=True)
    text_fa = models.TextField(_("text in Persian"), max_length=5000, blank=True)
    text_en = models.TextField(_("text in English"), max_length=5000, blank=True)
    active = models.BooleanField(_("active"), default=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("canned answer")
        verbose_name_plural = _("canned answers")
        ordering = ["title"]

    def __str__(self):
        return self.title
