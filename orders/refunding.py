"""Refunds by hand: a part or the rest of an order's charge, before or after its end.

They come on top of what settling gives back, and both together never exceed the charge.
"""

from django.db import transaction
from django.utils import timezone

from orders.lifecycle import EVENTS_TASK, give_back
from orders.models import Order, OrderEvent, OrderRefund
from panel.lib.wakeups import wake

EVENT = "refunded"


class RefundRefused(Exception):
    """No money was moved. `left` is how much of the charge could still go back, in toman."""

    def __init__(self, left=0):
        super().__init__(f"at most {left} can be refunded")
        self.left = left


class IsPart(RefundRefused):
    """The order is a part of another: that one was paid, and its charge can go back."""


class FormReused(RefundRefused):
    """The key stands for a refund of another amount or with another reason."""


def refund_by_hand(order_id, *, amount, reason, key, by_id):
    """Give back `amount` toman of the order's charge, once for each `key` of the order. Returns (refund, is_new).

    The money, the OrderRefund, the order's profit and the event that tells the customer are one transaction, under
    the order's lock: a settlement at the same moment counts what this gave, or this what that gave. The order's
    status stays. Raises RefundRefused, IsPart, FormReused, and ValueError without an amount or a reason.
    """
    reason = reason.strip()
    if amount <= 0 or not reason:
        raise ValueError("a refund by hand needs an amount above 0 and a reason")
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if order.parent_id is not None:
            raise IsPart
        known = OrderRefund.objects.filter(order=order, key=key).first()
        if known is not None:
            if (known.amount, known.reason) != (amount, reason):
                raise FormReused(order.charge - order.refunded)
            return known, False
        if amount > order.charge - order.refunded:
            raise RefundRefused(order.charge - order.refunded)
        made = OrderRefund.objects.create(order=order, amount=amount, reason=reason, by_id=by_id, key=key)
        give_back(order, amount, f"hand:{made.pk}")
        _book(order, amount)
    wake(EVENTS_TASK)
    return made, True


def _book(order, amount):
    order.refunded += amount
    order.changed = timezone.now()
    if order.is_final and order.cost is not None:  # an open order's profit is computed at its end
        order.profit = order.charge - order.refunded - order.cost
    order.save(update_fields=["refunded", "changed", "profit"])
    OrderEvent.objects.create(order=order, kind=EVENT, data={"amount": amount, "refund": order.refunded})
