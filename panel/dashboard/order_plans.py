"""Orders that are done in parts, as their customer sees them: how far they are, and what is next."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.models import Order, Subscription, SubscriptionPost
from orders.service_types import ServiceType
from panel.lib.dates import format_number

State = Subscription.State
# As a status: always an icon, a word and a colour.
STATE_LOOKS = {
    State.ACTIVE: ("play", "info"),
    State.PAUSED: ("pause", "warning"),
    State.COMPLETED: ("circle-check", "success"),
    State.EXPIRED: ("clock", "muted"),
    State.CANCELED: ("ban", "muted"),
}
DRIP_ENDED = ("circle-check", "muted")
WAITING_SHOWN = 10
# What orders/parts/fetching.py stores; whatever is missing here is shown in English.
_REASONS = {
    "no such username, or it is private": _("There is no such username, or it is private."),
    "its posts can't be read at the moment": _("Its posts can't be read at the moment."),
}


def find_plan(order):
    """The DripFeed or Subscription of an order that is done in parts, else None."""
    if order.forwarding != Order.Forwarding.PARTS:
        return None
    kinds = ("subscription", "dripfeed")
    likely, other = kinds if order.service.type == ServiceType.SUBSCRIPTIONS else kinds[::-1]
    return getattr(order, likely, None) or getattr(order, other, None)


def describe_progress(order):
    """How many parts were made of all, in the page's language; "" for an order that is done as a whole."""
    plan, language = find_plan(order), get_language()
    if plan is None:
        return ""
    made = format_number(plan.made, language)
    if isinstance(plan, Subscription):
        words = ngettext("%(made)s of %(number)s post", "%(made)s of %(number)s posts", plan.posts)
        return words % {"made": made, "number": format_number(plan.posts, language)}
    return _t("%(made)s of %(number)s runs") % {"made": made, "number": format_number(plan.runs, language)}


def mark_progress(orders):
    """The same list with `progress` set on every order, for the templates."""
    for order in orders:
        order.progress = describe_progress(order)
    return orders


@dataclass(frozen=True, slots=True)
class PlanView:
    """How a drip-feed or subscription is shown: `made` of `number` parts, its state as icon, tone and word.

    `next_at`: when its next run or look for posts is due, None where none is. `reason`: why it stands still.
    """

    is_subscription: bool
    made: int
    number: int
    words: str
    icon: str
    tone: str
    state: str
    next_at: datetime | None
    reason: str = ""
    can_pause: bool = False
    can_resume: bool = False


def describe_plan(order):
    """The PlanView of an order that is done in parts, or None for any other order."""
    plan, words = find_plan(order), describe_progress(order)
    if plan is None:
        return None
    if isinstance(plan, Subscription):
        icon, tone = STATE_LOOKS[State(plan.state)]
        return PlanView(
            *(True, plan.made, plan.posts, words, icon, tone, plan.get_state_display(), plan.next_fetch_at),
            reason=_REASONS.get(plan.reason, plan.reason),
            can_pause=plan.state == State.ACTIVE and not order.is_final,
            can_resume=plan.state == State.PAUSED and not order.is_final,
        )
    icon, tone, state = _find_drip_state(order, plan)
    return PlanView(False, plan.made, plan.runs, words, icon, tone, state, plan.next_run_at)


def _find_drip_state(order, plan):
    if order.is_final:
        return *DRIP_ENDED, order.get_status_display()
    if plan.stopped_at is not None:
        return "pause", "warning", _t("stopped")
    return "play", "info", _t("active")


def list_parts(order):
    """The parts of an order."""
    return Order.objects.filter(parent=order)


def list_waiting_posts(order):
    """The posts of a subscription that wait for their time, soonest first; 10 at most. None for other orders."""
    if not isinstance(find_plan(order), Subscription):
        return None
    return list(
        SubscriptionPost.objects.filter(subscription=order.pk, part=None).order_by("due_at")[:WAITING_SHOWN]
    )
