"""A customer's orders: found, counted, and told as a story."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from orders.lifecycle import PART_EVENT
from orders.models import Order, OrderEvent
from panel.dashboard.order_plans import mark_progress
from panel.lib.dates import read_digits, to_latin_digits

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
COMPLETED_FOR_LESS = ("circle-check", _("Completed, and refunded what was not needed"))
# Steps of a part: it was paid for with its parent, so what it leaves undone comes back there.
PART_STEPS = {
    "accepted": STEPS["accepted"],
    "processing": STEPS["processing"],
    "in_progress": STEPS["in_progress"],
    "completed": STEPS["completed"],
    "partial": ("circle-dot", _("Partly done")),
    "canceled": ("ban", _("Canceled")),
    "error": ("triangle-alert", _("Failed")),
}
PART_MADE = ("square-plus", _("Began as a part of its order"))
CANCEL_ASKED = ("clock", _("Cancel requested"))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an order's story. `refund` is the toman that came back with it."""

    icon: str
    words: str
    moment: datetime
    refund: int


def find_own(customer_id):
    """The customer's orders and their parts, with what their pages tell of them."""
    return Order.objects.filter(customer_id=customer_id).select_related("service", "dripfeed", "subscription")


def find_orders(customer_id, status="", words=""):
    """The customer's orders with that status whose link holds `words`, or whose number they are.

    Parts of orders are left out: the customer ordered, paid for and is told of the whole.
    """
    found = find_own(customer_id).filter(parent=None)
    if status in Order.Status.values:
        found = found.filter(status=status)
    if words:
        number = read_digits(to_latin_digits(words).removeprefix("#"))
        same = Q(link__icontains=words)
        if number is not None:
            same |= Q(pk=number)
        found = found.filter(same)
    return found


def count_orders(customer_id):
    """How many orders of the customer are open, completed, and ended otherwise."""
    return Order.objects.filter(customer_id=customer_id, parent=None).aggregate(
        open=Count("pk", filter=Q(status__in=OPEN)),
        completed=Count("pk", filter=Q(status=Order.Status.COMPLETED)),
        refunded=Count("pk", filter=~Q(status__in=(*OPEN, Order.Status.COMPLETED))),
    )


def can_cancel(order):
    """Whether the cancel button is worth showing; orders.services.cancel_order decides."""
    if order.is_final or order.parent_id or order.cancel_requested_at is not None:
        return False
    unsent = order.forwarding in (Order.Forwarding.QUEUED, Order.Forwarding.PARTS)
    return unsent or order.service.cancel


def describe_rows(orders):
    """The same list with `cancelable` and `progress` set on every order, for the templates."""
    for order in orders:
        order.cancelable = can_cancel(order)
    return mark_progress(orders)


def tell_steps(order):
    """The Steps of the order's way so far, oldest first."""
    words = {f"{PART_EVENT}{kind}": step for kind, step in PART_STEPS.items()} if order.parent_id else STEPS
    rows = OrderEvent.objects.filter(order_id=order.pk, kind__in=words).order_by("id")
    steps = [_tell_step(words[row.kind], row) for row in rows]
    if order.parent_id:
        steps.insert(0, Step(*PART_MADE, order.created, 0))
    if order.cancel_requested_at is not None:
        steps.append(Step(*CANCEL_ASKED, order.cancel_requested_at, 0))
    return sorted(steps, key=lambda step: step.moment)


def _tell_step(step, row):
    refund = row.data.get("refund") or 0
    return Step(*(COMPLETED_FOR_LESS if refund and row.kind == "completed" else step), row.created, refund)
