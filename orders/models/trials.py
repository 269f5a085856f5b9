"""Trial orders: what integrators place in a contract's sandbox. No money, no upstream."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orders.models.catalogue import Service


class TrialOrder(models.Model):
    """An order of the sandbox; its status follows from its age alone (orders/trials.py)."""

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="trial_orders", verbose_name=_("customer")
    )
    service = models.ForeignKey(Service, models.PROTECT, verbose_name=_("service"))
    link = models.CharField(_("link"), max_length=2000)
    quantity = models.BigIntegerField(_("quantity"))
    cost = models.BigIntegerField(_("cost"), help_text=_("toman it would have cost"))
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("trial order")
        verbose_name_plural = _("trial orders")
        indexes = [
            models.Index(fields=["customer", "-id"], name="trial_order_customer"),
            models.Index(fields=["created"], name="trial_order_created"),
        ]

    def __str__(self):
        return f"#{self.pk}"
