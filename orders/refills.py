"""Refills: a customer asks that what dropped after an order's end be delivered again."""

from django.db import transaction
from django.utils import timezone

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
        if not order.service.refill or order.parent_id or order.forwarding == Order.Forwarding.PARTS:
            raise OrderRefused(Refusal.REFILL_OFF)
        is_open = Refill.objects.filter(order=order, status__in=Refill.OPEN).exists()
        if order.status not in ENDED or is_open:
            raise OrderRefused(Refusal.REFILL_NOT_NOW)
        refill = Refill.objects.create(order=order)
    wake(REFILL_TASK)
    return refill


def find_refillable(orders):
    """The ids of those orders for which a refill is worth offering; request_refill decides.

    `orders` come with their services. One query, and none where no service refills.
    """
    able = {order.pk for order in orders if may_refill(order)}
    if not able:
        return able
    return able - set(
        Refill.objects.filter(order__in=able, status__in=Refill.OPEN).values_list("order_id", flat=True)
    )


def may_refill(order):
    """Whether an order is such that it can be refilled, but for a refill that is open. It comes with its service."""
    is_whole = order.parent_id is None and order.forwarding != Order.Forwarding.PARTS
    return is_whole and order.service.refill and order.status in ENDED


def ask_again(refill_id):
    """An operator has the provider asked about a refill at once; one that was refused or given up is open again.

    Raises OrderRefused with REFILL_NOT_NOW when it is completed, or another one of the order is open.
    """
    with transaction.atomic():
        order_id = Refill.objects.values_list("order_id", flat=True).get(pk=refill_id)
        Order.objects.select_for_update().get(pk=order_id)
        refill = Refill.objects.select_for_update().get(pk=refill_id)
        others = Refill.objects.filter(order=order_id, status__in=Refill.OPEN).exclude(pk=refill_id)
        if refill.status == Refill.Status.COMPLETED or others.exists():
            raise OrderRefused(Refusal.REFILL_NOT_NOW)
        if refill.status == Refill.Status.REJECTED:  # it has no refill of ours: it is asked for anew
            refill.sent_at, refill.upstream_id = None, ""
        if refill.status not in Refill.OPEN:
            taken = refill.sent_at is not None
            refill.status = Refill.Status.IN_PROGRESS if taken else Refill.Status.PENDING
        refill.tries, refill.next_ask_at = 0, timezone.now()
        refill.save()
    wake(REFILL_TASK)


def find_refills(customer_id, ids):
    """`{id: Refill}` of those `ids` that belong to the customer's own orders."""
    return Refill.objects.filter(order__customer_id=customer_id).in_bulk(ids)
