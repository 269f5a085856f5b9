"""The outbox of text messages: a row first, with what caused it; a worker sends it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from panel.lib.secrets import EncryptedTextField
from sms.models.gateways import Gateway
from sms.models.sends import Send
from sms.models.templates import Template


class Message(models.Model):
    """One SMS to one number, encrypted at rest, made at most once: for each `key`, or for each number of a `send`.

    Those of a send have their text there. `cost` is what the gateway takes from us, in toman.
    """

    class Priority(models.IntegerChoices):
        CODE = 0, _("code")
        EVENT = 1, _("event")
        SEND = 2, _("send")
        ADVERTISING = 3, _("advertising")

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
        db_index=False,
        related_name="messages",
        verbose_name=_("customer"),
    )
    to = models.CharField(_("to"), max_length=16, help_text=_("E.164"))
    text = EncryptedTextField(_("text"), blank=True)
    kind = models.CharField(_("kind"), max_length=32)
    # Empty for those of a send, which are many and are told apart by their number.
    key = models.CharField(_("key"), max_length=128, blank=True, default="", db_default="")
    send = models.ForeignKey(
        Send,
        models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="messages",
        verbose_name=_("send"),
    )
    template = models.ForeignKey(
        Template,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("template"),
    )
    values = EncryptedTextField(_("values of the template"), blank=True)  # JSON of {name: text}
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.EVENT, db_default=Priority.EVENT
    )
    parts = models.PositiveSmallIntegerField(_("parts"), default=1, db_default=1)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, null=True, blank=True)
    via = models.ForeignKey(
        Gateway,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("gateway"),
    )
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
    # The request that caused it, where that is known (panel/lib/tracing.py).
    trace = models.UUIDField(_("id in the logs"), null=True, blank=True, editable=False)
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("SMS")
        verbose_name_plural = _("SMS")
        # Each of those of a send is written three times: it stands in as few indexes as can be.
        indexes = [
            # Of the last days alone, and none of a send's: older texts are wiped (sms/retention.py).
            models.Index(fields=["id"], name="message_text", condition=~models.Q(text="")),
            models.Index(
                fields=["customer"], name="message_customer", condition=models.Q(customer__isnull=False)
            ),
            models.Index(
                fields=["priority", "next_try_at"], name="message_queue", condition=models.Q(state="queued")
            ),
            models.Index(
                fields=["send", "state", "delivery_code"],
                name="message_send_state",
                condition=models.Q(send__isnull=False),
            ),
            # How many advertisements a number got today.
            models.Index(
                fields=["to", "claimed_at"], name="message_advertising", condition=models.Q(priority=3)
            ),
            models.Index(
                fields=["created"],
                name="message_failed",
                condition=models.Q(state="failed"),
            ),
            # What waits for a person.
            models.Index(fields=["created"], name="message_unclear", condition=models.Q(state="unclear")),
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

        constraints = [
            models.UniqueConstraint(fields=["key"], name="message_key", condition=~models.Q(key="")),
            models.UniqueConstraint(
                fields=["send", "to"], name="message_once_in_send", condition=models.Q(send__isnull=False)
            ),
            models.CheckConstraint(
                condition=~models.Q(key="") | models.Q(send__isnull=False), name="message_made_once"
            ),
        ]

    def __str__(self):
        return f"{self.kind} → {self.to}"
