"""Orders that are done in parts, as their customer sees them: how far they are, and what is next."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.models import Order, Subscription
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
# What orders/parts/fetching.py stores; whatever is missing here is shown in English.
_REASONS = {
    "no such username, or it is private": _("There is no such username, or it is private."),
    "its posts can't be read at the moment": _("Its posts can't be read at the moment."),
}


def find_plan(order):
    """The DripFeed or Subscription of an order that is done in parts, else None."""
    return getattr(order, "dripfeed", None) or getattr(order, "subscription", None)


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


def describe_subscription(order):
    """What the page of a subscription shows and offers beside its columns, or None for any other order."""
    plan = getattr(order, "subscription", None)
    if plan is None:
        return None
    icon, tone = STATE_LOOKS[State(plan.state)]
    return {
        "icon": icon,
        "tone": tone,
        "reason": _REASONS.get(plan.reason, plan.reason),
        "can_pause": plan.state == State.ACTIVE and not order.is_final,
        "can_resume": plan.state == State.PAUSED and not order.is_final,
    }


def list_parts(order):
    """The parts of an order."""
    return Order.objects.filter(parent=order)
