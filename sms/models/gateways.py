"""The gateways that messages leave through, and the numbers they come from."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from panel.lib.secrets import EncryptedTextField


class Gateway(models.Model):
    """An account at an SMS gateway. The one with the lowest `priority` is asked first."""

    class Kind(models.TextChoices):
        REST = "rest", "REST"
        KAVENEGAR = "kavenegar", "Kavenegar"

    name = models.CharField(_("name"), max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    url = models.URLField(_("address"), max_length=300, help_text=_("as https://example.com/api/v1/rest"))
    token = EncryptedTextField(_("token"), blank=True)
    username = models.CharField(_("username"), max_length=64, blank=True)
    password = EncryptedTextField(_("password"), blank=True)
    sender = models.CharField(_("sends from"), max_length=20)
    priority = models.PositiveSmallIntegerField(_("priority"), default=1)
    active = models.BooleanField(_("active"), default=True)
    each_delivery = models.BooleanField(
        _("delivery of each recipient"),
        default=False,
        help_text=_(
            "Texts to many go as single messages, so that each recipient's delivery is known where the gateway has"
            " one id for a whole call."
        ),
    )
    part_cost = models.DecimalField(
        _("cost of a part"),
        max_digits=12,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_("In toman, where the gateway does not tell it."),
    )
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    pause_reason = models.CharField(_("paused because"), max_length=300, blank=True)
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("SMS gateway")
        verbose_name_plural = _("SMS gateways")
        ordering = ["priority", "id"]

    def __str__(self):
        return self.name


class SenderLine(models.Model):
    """A number that customers may send from: everybody's, or one customer's alone."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    gateway = models.ForeignKey(
        Gateway,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=_("gateway"),
        help_text=_("Asked first for messages from this number; another one sends from its own."),
    )
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="sender_lines",
        verbose_name=_("customer"),
        help_text=_("Empty: every customer may send from it."),
    )
    advertising = models.BooleanField(
        _("for advertising"), default=True, help_text=_("Quiet hours and daily caps hold for what it sends.")
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("sender number")
        verbose_name_plural = _("sender numbers")
        ordering = ["number"]

    def __str__(self):
        return self.number
