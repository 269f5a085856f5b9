"""What the house took and gave on each day, measured by beat (panel/wallet/days.py)."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class MoneyDay(models.Model):
    """The toman that moved on one day in Tehran, and what customers' wallets held at its end (or hold by now).

    `sales`: orders and SMS charged. `refunds`: orders and SMS paid back. `deposits`: what banks took for us, without
    bonuses. `held`: `{currency: amount}` of all wallets, None for a day on which nobody measured.
    """

    day = models.DateField(_("day"), primary_key=True)
    sales = models.BigIntegerField(_("sales"), default=0)
    refunds = models.BigIntegerField(_("refunds"), default=0)
    deposits = models.BigIntegerField(_("deposits"), default=0)
    held = models.JSONField(_("held by customers"), null=True, blank=True)
    measured_at = models.DateTimeField(_("measured"), db_default=Now())

    class Meta:
        verbose_name = _("day's money")
        verbose_name_plural = _("money by day")

    def __str__(self):
        return f"{self.day}"
