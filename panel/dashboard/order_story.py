"""One order told as a story: each step that its customer may know of, what came back with it, how long it took."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from psycopg.types.numeric import Int8

from orders.lifecycle import PART_EVENT
from orders.models import Order, Refill
from panel.dashboard.order_plans import find_plan
from panel.lib.prepared import run_prepared

# Steps a customer is told of, as (icon, words); what happens between us and the upstream stays with us.
STEPS = {
    "placed": ("square-plus", _("Order placed and paid")),
    "accepted": ("send", _("Sent to be carried out")),
    "processing": ("hourglass", _("Being prepared")),
    "in_progress": ("loader", _("In progress")),
    "completed": ("circle-check", _("Completed")),
    "partial": ("circle-dot", _("Partly done, the rest refunded")),
    "canceled": ("ban", _("Canceled and refunded")),
    "error": ("triangle-alert", _("Failed and refunded")),
    "refunded": ("undo-2", _("Refunded")),
    "cancel_refused": ("circle-x", _("Canceling was declined, the order goes on")),
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
STOPPED = ("pause", _("No more parts begin"))
REFILL_ASKED = ("rotate-ccw", _("Refill %(number)s requested"))
REFILL_STEPS = {
    Refill.Status.COMPLETED: ("circle-check", _("Refill %(number)s completed")),
    Refill.Status.REJECTED: ("circle-x", _("Refill %(number)s declined")),
    Refill.Status.ERROR: ("triangle-alert", _("Refill %(number)s failed")),
}
REFILL_TAKEN = ("loader", _("Refill %(number)s in progress"))


_EVENTS = b"SELECT kind, data, created FROM orders_orderevent WHERE order_id = $1 ORDER BY id"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an order's story. `refund` is the toman that came back with it; `seconds` passed since the step
    before, None for the first."""

    icon: str
    words: str
    moment: datetime
    refund: int = 0
    seconds: float | None = None


def tell_steps(order, refills=()):
    """The Steps of the order's way so far, its refills among them, oldest first."""
    words = {f"{PART_EVENT}{kind}": step for kind, step in PART_STEPS.items()} if order.parent_id else STEPS
    events = run_prepared(_EVENTS, (Int8(order.pk),), savepoint=False)
    steps = [_tell_step(kind, words[kind], *event) for kind, *event in events if kind in words]
    if order.parent_id:
        steps.insert(0, Step(*PART_MADE, order.created))
    if order.cancel_requested_at is not None:
        steps.append(Step(*CANCEL_ASKED, order.cancel_requested_at))
    steps += _tell_stop(order)
    for refill in refills:
        steps += _tell_refill(refill)
    return _add_times(sorted(steps, key=lambda step: step.moment))


def find_awaited(order):
    """The number of the order on the same link that this one waits for, None for none; 0 for somebody else's."""
    if order.held_by is None or order.is_final:
        return None
    own = Order.objects.filter(pk=order.held_by, customer_id=order.customer_id).exists()
    return order.held_by if own else 0


def _tell_step(kind, step, data, moment):
    refund = data.get("refund") or 0
    return Step(*(COMPLETED_FOR_LESS if refund and kind == "completed" else step), moment, refund)


def _tell_stop(order):
    """That no more parts are made, with what came back then; an ended order tells the sum with its end."""
    plan = find_plan(order)
    if plan is None or plan.stopped_at is None:
        return []
    return [Step(*STOPPED, plan.stopped_at, 0 if order.is_final else order.refunded)]


def _tell_refill(refill):
    number = {"number": refill.pk}
    told = [(REFILL_ASKED, refill.created)]
    if refill.sent_at is not None:
        told.append((REFILL_TAKEN, refill.sent_at))
    if refill.status in REFILL_STEPS:
        told.append((REFILL_STEPS[refill.status], refill.changed))
    return [Step(icon, words % number, moment) for (icon, words), moment in told]


def _add_times(steps):
    before = [None, *steps][: len(steps)]
    return [
        step if last is None else replace(step, seconds=(step.moment - last.moment).total_seconds())
        for step, last in zip(steps, before, strict=True)
    ]
