"""Texts with named variables that customers send again and again."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from sms.models.gateways import Gateway


class Pattern(models.Model):
    """A customer's text with `{names}` in it; it can be sent once staff approved it."""

    class State(models.TextChoices):
        PENDING = "pending", _("waits for approval")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sms_patterns", verbose_name=_("customer")
    )
    title = models.CharField(_("title"), max_length=100)
    body = models.TextField(_("text"), max_length=1000)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    reason = models.CharField(_("rejected because"), max_length=300, blank=True)
    gateway = models.ForeignKey(
        Gateway, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("gateway")
    )
    gateway_pattern = models.CharField(
        _("pattern at the gateway"),
        max_length=64,
        blank=True,
        help_text=_("Sent as this pattern through that gateway, as a plain text through any other."),
    )
    created = models.DateTimeField(_("created"), db_default=Now())
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("SMS pattern")
        verbose_name_plural = _("SMS patterns")

    def __str__(self):
        return self.title
