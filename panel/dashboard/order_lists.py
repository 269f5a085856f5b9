"""A customer's orders: found, counted, and told as a story."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderEvent
from panel.lib.dates import to_latin_digits

OPEN = (Order.Status.PENDING, Order.Status.PROCESSING, Order.Status.IN_PROGRESS)
# Steps a customer is told of, as (icon, words); what happens between us and the upstream stays with us.
STEPS = {
    "placed": ("square-plus", _("Order placed and paid")),
    "accepted": ("send", _("Sent to be carried out")),
    "processing": ("send", _("Being prepared")),
    "in_progress": ("loader", _("In progress")),
    "completed": ("circle-check", _("Completed")),
    "partial": ("circle-dot", _("Partly done, the rest refunded")),
    "canceled": ("ban", _("Canceled and refunded")),
    "error": ("triangle-alert", _("Failed and refunded")),
}
CANCEL_ASKED = ("clock", _("Cancel requested"))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an order's story. `refund` is the toman that came back with it."""

    icon: str
    words: str
    moment: datetime
    refund: int


def find_orders(customer_id, status="", words=""):
    """The customer's orders with that status whose link holds `words`, or whose number they are."""
    found = Order.objects.filter(customer_id=customer_id).select_related("service")
    if status in Order.Status.values:
        found = found.filter(status=status)
    if words:
        number = to_latin_digits(words).removeprefix("#")
        same = Q(link__icontains=words)
        if number.isascii() and number.isdigit() and len(number) <= 18:
            same |= Q(pk=int(number))
        found = found.filter(same)
    return found


def count_orders(customer_id):
    """How many orders of the customer are open, completed, and ended otherwise."""
    return Order.objects.filter(customer_id=customer_id).aggregate(
        open=Count("pk", filter=Q(status__in=OPEN)),
        completed=Count("pk", filter=Q(status=Order.Status.COMPLETED)),
        refunded=Count("pk", filter=~Q(status__in=(*OPEN, Order.Status.COMPLETED))),
    )


def can_cancel(order):
    """Whether the cancel button is worth showing; orders.services.cancel_order decides."""
    queued = order.forwarding == Order.Forwarding.QUEUED
    return not order.is_final and order.cancel_requested_at is None and (queued or order.service.cancel)


def mark_cancelable(orders):
    """The same list with `cancelable` set on every order, for the templates."""
    for order in orders:
        order.cancelable = can_cancel(order)
    return orders


def tell_steps(order):
    """The Steps of the order's way so far, oldest first."""
    rows = OrderEvent.objects.filter(order_id=order.pk, kind__in=STEPS).order_by("id")
    steps = [Step(*STEPS[row.kind], row.created, row.data.get("refund") or 0) for row in rows]
    if order.cancel_requested_at is not None:
        steps.append(Step(*CANCEL_ASKED, order.cancel_requested_at, 0))
    return sorted(steps, key=lambda step: step.moment)
