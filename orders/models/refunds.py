"""What people gave back of orders' charges; what settling gives back has a transfer and nothing else."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orders.models.orders import Order


class OrderRefund(models.Model):
    """A refund by hand: `amount` toman of the order's charge, each with its transfer and counted in `refunded`."""

    order = models.ForeignKey(
        Order, models.PROTECT, db_constraint=False, related_name="refunds_by_hand", verbose_name=_("order")
    )
    amount = models.BigIntegerField(_("amount"), help_text=_("toman"))
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("refunded by"),
    )
    # Of the form that it was made with: sent twice, it refunds once.
    key = models.CharField(_("key"), max_length=64)
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("refund by hand")
        verbose_name_plural = _("refunds by hand")
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], name="order_refund_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="order_refund_positive"),
        ]

    def __str__(self):
        return f"#{self.order_id}: {self.amount}"
