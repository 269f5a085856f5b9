"""Refills: a customer asks that what dropped after an order's end be delivered again."""

from django.db import transaction

from orders.models import Order, Refill
from orders.refusals import OrderRefused, Refusal
from panel.lib.wakeups import wake

REFILL_TASK = "providers.tasks.send_refills"
ENDED = (Order.Status.COMPLETED, Order.Status.PARTIAL)


def request_refill(customer_id, order_id):
    """Keep the customer's wish to refill an ended order and return the Refill; workers pass it on.

    Raises OrderRefused with ORDER_UNKNOWN, REFILL_OFF (the service has none) or REFILL_NOT_NOW (the order or its
    last refill hasn't ended). The lock on the order makes two wishes at once one.
    """
    with transaction.atomic():
        order = (
            Order.objects.select_for_update(of=("self",))
            .select_related("service")
            .filter(pk=order_id, customer_id=customer_id)
            .first()
        )
        if order is None:
            raise OrderRefused(Refusal.ORDER_UNKNOWN)
        if not order.service.refill:
            raise OrderRefused(Refusal.REFILL_OFF)
        is_open = Refill.objects.filter(order=order, status__in=Refill.OPEN).exists()
        if order.status not in ENDED or is_open:
            raise OrderRefused(Refusal.REFILL_NOT_NOW)
        refill = Refill.objects.create(order=order)
    wake(REFILL_TASK)
    return refill


def can_refill(order):
    """Whether the refill button is worth showing; request_refill decides. `order` comes with its service."""
    return (
        order.service.refill
        and order.status in ENDED
        and not order.refills.filter(status__in=Refill.OPEN).exists()
    )


def find_refills(customer_id, ids):
    """`{id: Refill}` of those `ids` that belong to the customer's own orders."""
    return Refill.objects.filter(order__customer_id=customer_id).in_bulk(ids)
