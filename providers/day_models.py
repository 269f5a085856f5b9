"""What was spent at each provider on each day, measured by beat (providers/days.py)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProviderDay(models.Model):
    """Orders that a provider ended on one day in Tehran, and what they cost us in toman where that is known."""

    provider = models.ForeignKey(
        "providers.Provider", models.CASCADE, db_index=False, related_name="days", verbose_name=_("provider")
    )
    day = models.DateField(_("day"))
    orders = models.PositiveIntegerField(_("orders"))
    cost = models.BigIntegerField(_("cost"))

    class Meta:
        verbose_name = _("provider's day")
        verbose_name_plural = _("providers' days")
        constraints = [models.UniqueConstraint(fields=["provider", "day"], name="provider_day_once")]
        indexes = [models.Index(fields=["day"], name="provider_day_day")]

    def __str__(self):
        return f"{self.provider_id} {self.day}"
