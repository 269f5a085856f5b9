"""What became of orders on each day, measured by beat (orders/days.py)."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class OrderDay(models.Model):
    """Orders placed on one day in Tehran, and those that ended on it by how, with their cost and profit in toman.

    Parts of drip-feeds and subscriptions count with their parent. `uncosted` delivered orders have no known cost:
    they are in neither sum.
    """

    day = models.DateField(_("day"), primary_key=True)
    placed = models.PositiveIntegerField(_("placed"), default=0)
    completed = models.PositiveIntegerField(_("completed"), default=0)
    partial = models.PositiveIntegerField(_("partial"), default=0)
    canceled = models.PositiveIntegerField(_("canceled"), default=0)
    error = models.PositiveIntegerField(_("error"), default=0)
    cost = models.BigIntegerField(_("cost"), default=0)
    profit = models.BigIntegerField(_("profit"), default=0)
    uncosted = models.PositiveIntegerField(_("without a known cost"), default=0)
    measured_at = models.DateTimeField(_("measured"), db_default=Now())

    class Meta:
        verbose_name = _("day's orders")
        verbose_name_plural = _("orders by day")

    def __str__(self):
        return f"{self.day}"
