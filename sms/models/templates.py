"""What is said by SMS when something happens, as operators wrote it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from panel.accounts.models import Customer
from sms.models.gateways import Gateway


class Template(models.Model):
    """The text of an event in one language, in place of the one that comes with the panel."""

    event = models.CharField(_("event"), max_length=32)
    language = models.CharField(_("language"), max_length=2, choices=Customer.Language)
    body = models.TextField(_("text"), max_length=1000)
    active = models.BooleanField(
        _("active"), default=True, help_text=_("Otherwise the text that comes with the panel is sent.")
    )
    gateway = models.ForeignKey(
        Gateway, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("gateway")
    )
    gateway_pattern = models.CharField(
        _("pattern at the gateway"),
        max_length=64,
        blank=True,
        help_text=_("Sent as this pattern through that gateway, as a plain text through any other."),
    )

    class Meta:
        verbose_name = _("SMS template")
        verbose_name_plural = _("SMS templates")
        constraints = [models.UniqueConstraint(fields=["event", "language"], name="template_once")]

    def __str__(self):
        return f"{self.event} ({self.language})"
