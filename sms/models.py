"""The outbox of text messages: a row first, with what caused it; a worker sends it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from panel.lib.secrets import EncryptedTextField


class Message(models.Model):
    """One SMS to one number, made at most once for each `key`. Its text is encrypted at rest."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        UNDELIVERED = "undelivered", _("undelivered")
        FAILED = "failed", _("failed")
        UNCLEAR = "unclear", _("unclear")

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("customer"),
    )
    to = models.CharField(_("to"), max_length=16, help_text=_("E.164"))
    text = EncryptedTextField(_("text"))
    kind = models.CharField(_("kind"), max_length=32)
    key = models.CharField(_("key"), max_length=128, unique=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.QUEUED)
    gateway_id = models.CharField(_("gateway id"), max_length=64, blank=True)
    delivery_code = models.PositiveSmallIntegerField(_("delivery code"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True, db_default=Now())
    next_status_at = models.DateTimeField(_("next status"), null=True, blank=True)
    # Not sent after this moment; its text is wiped when it is final or this has passed.
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("SMS")
        verbose_name_plural = _("SMS")
        indexes = [
            models.Index(fields=["next_try_at"], name="message_queue", condition=models.Q(state="queued")),
            models.Index(
                fields=["created"],
                name="message_failed",
                condition=models.Q(state="failed"),
            ),
            models.Index(
                fields=["next_status_at"],
                name="message_status",
                condition=models.Q(next_status_at__isnull=False),
            ),
            models.Index(fields=["claimed_at"], name="message_sending", condition=models.Q(state="sending")),
            models.Index(
                fields=["expires_at"], name="message_expires", condition=models.Q(expires_at__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.kind} → {self.to}"
