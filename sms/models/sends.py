"""What customers send: one text to any number of recipients, paid at once."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from panel.lib.secrets import EncryptedTextField
from sms.models.books import Phonebook
from sms.models.gateways import Gateway
from sms.models.patterns import Pattern


class Send(models.Model):
    """One text of a customer's. Its recipients are messages, which exist from the moment it is queued.

    `charge` is toman for all recipients: `part_price` × `parts` × `recipients`; `refunded` came back for those that
    no gateway took. A scheduled one is charged when its time comes.
    """

    class Channel(models.TextChoices):
        API = "sms_rest", "SMS gateway REST"
        DASHBOARD = "dashboard", _("dashboard")

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("scheduled")
        QUEUED = "queued", _("queued")
        CANCELED = "canceled", _("canceled")
        REFUSED = "refused", _("refused")

    class Unit(models.TextChoices):
        HOUR = "hour", _("hour")
        DAY = "day", _("day")
        WEEK = "week", _("week")
        MONTH = "month", _("month")

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="sms_sends",
        db_index=False,
        verbose_name=_("customer"),
    )
    channel = models.CharField(_("channel"), max_length=16, choices=Channel)
    state = models.CharField(_("state"), max_length=10, choices=State)
    sender = models.CharField(_("sent from"), max_length=20)
    gateway = models.ForeignKey(
        Gateway, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("first gateway")
    )
    advertising = models.BooleanField(_("for advertising"), default=False)
    text = EncryptedTextField(_("text"))
    flash = models.BooleanField(_("flash"), default=False)
    pattern = models.ForeignKey(
        Pattern, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("pattern")
    )
    values = EncryptedTextField(_("values of the pattern"), blank=True)  # JSON of {name: text}
    book = models.ForeignKey(
        Phonebook, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("phonebook")
    )
    # Where a scheduled one goes; empty once its messages exist.
    numbers = ArrayField(models.CharField(max_length=16), verbose_name=_("numbers"), default=list, blank=True)
    recipients = models.PositiveIntegerField(_("recipients"), default=0)
    parts = models.PositiveSmallIntegerField(_("parts"))
    part_price = models.PositiveIntegerField(_("price of a part"), help_text=_("in toman"))
    charge = models.BigIntegerField(_("charge"), default=0)
    refunded = models.BigIntegerField(_("refunded"), default=0)
    send_at = models.DateTimeField(_("to be sent"), null=True, blank=True)
    repeat_unit = models.CharField(_("again every"), max_length=5, choices=Unit, blank=True)
    repeats_left = models.PositiveSmallIntegerField(_("times left after this one"), default=0)
    # The day that all months of a repetition aim at: after a short month it is the 31st again.
    month_day = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    jalali = models.BooleanField(default=False, editable=False)  # whose months these are
    follows = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="next", verbose_name=_("repeats")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    trace = models.UUIDField(_("id in the logs"), null=True, blank=True, editable=False)
    created = models.DateTimeField(_("created"), db_default=Now())
    queued_at = models.DateTimeField(_("queued"), null=True, blank=True)

    class Meta:
        verbose_name = _("SMS send")
        verbose_name_plural = _("SMS sends")
        indexes = [
            models.Index(fields=["customer", "-id"], name="sms_send_customer"),
            # What a customer sent from one day to another.
            models.Index(fields=["customer", "queued_at"], name="sms_send_queued"),
            models.Index(fields=["send_at"], name="sms_send_due", condition=models.Q(state="scheduled")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(refunded__gte=0, refunded__lte=models.F("charge")),
                name="sms_send_refunded",
            )
        ]

    def __str__(self):
        return f"{self.pk}"


class SendKey(models.Model):
    """A key for one send: the same key and input gives back the same send for settings.IDEMPOTENCY_HOURS."""

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False, verbose_name=_("customer")
    )
    key = models.CharField(_("key"), max_length=64)
    input_hash = models.BinaryField(max_length=32)
    # Empty only within the transaction that makes the send.
    send = models.ForeignKey(
        Send, models.CASCADE, null=True, related_name="+", db_index=False, verbose_name=_("send")
    )
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("key of an SMS send")
        verbose_name_plural = _("keys of SMS sends")
        constraints = [models.UniqueConstraint(fields=["customer", "key"], name="sms_send_key_of_customer")]
        indexes = [BrinIndex(fields=["created"], name="sms_send_key_created", pages_per_range=32)]

    def __str__(self):
        return self.key
