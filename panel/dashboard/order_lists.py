"""A customer's orders in lists: read by page, counted, and described row by row."""

from orders.models import Order
from orders.refills import find_refillable
from orders.searching import search_orders
from panel.dashboard.keyset import PAGE_SIZE, Page
from panel.dashboard.order_plans import mark_progress

OPEN = (Order.Status.PENDING, Order.Status.PROCESSING, Order.Status.IN_PROGRESS)


def find_own(customer_id):
    """The customer's orders and their parts, with what their pages tell of them."""
    return Order.objects.filter(customer_id=customer_id).select_related("service", "dripfeed", "subscription")


def find_orders(customer_id):
    """The customer's orders; parts of orders are left out, the customer is told of the whole."""
    return find_own(customer_id).filter(parent=None)


def read_found(customer_id, wanted, before):
    """`(Page, reached)` of the customer's orders that are as `wanted`, an OrderFilter.

    `reached`: where the page isn't full though older orders weren't looked at, the time of the last one that was.
    """
    found = search_orders(customer_id, wanted, before, PAGE_SIZE)
    rows = list(find_own(customer_id).filter(pk__in=found.ids).order_by("-pk")) if found.ids else []
    older = "" if found.older is None else str(found.older)
    return Page(rows, older, before is None), found.reached


def can_cancel(order):
    """Whether the cancel button is worth showing; orders.services.cancel_order decides."""
    if order.is_final or order.parent_id or order.cancel_requested_at is not None:
        return False
    unsent = order.forwarding in (Order.Forwarding.QUEUED, Order.Forwarding.PARTS)
    return unsent or order.service.cancel


def measure_percent(order):
    """How much of a running order is delivered, in whole percent from 0 to 100; None where that isn't known."""
    if order.is_final or order.status == Order.Status.PENDING or order.remains is None or order.quantity < 1:
        return None
    return 100 * max(order.quantity - max(order.remains, 0), 0) // order.quantity


def describe_rows(orders):
    """The same list with what templates need: `cancelable`, `refillable`, `percent` and `progress` of every order."""
    refillable = find_refillable(orders)
    for order in orders:
        order.cancelable = can_cancel(order)
        order.refillable = order.pk in refillable
        order.percent = measure_percent(order)
    return mark_progress(orders)
