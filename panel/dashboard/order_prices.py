"""What an order costs as far as it is filled in, and what its customer agreed to by sending the form."""

from dataclasses import dataclass

from orders.models import MAX_PRICE, Service
from orders.plans import read_drip_plan, read_subscription_plan
from orders.pricing import charge_of
from orders.refusals import OrderRefused
from orders.service_types import TYPE_RULES, Count
from panel.lib.dates import read_digits

SEEN_PRICE, SEEN_DISCOUNT = "seen_price", "seen_discount"  # fields of the form: the terms that its page shows


@dataclass(frozen=True, slots=True)
class Preview:
    """What is filled in so far: `count` units (or one piece) at `charge` toman, in so many `parts` (1: whole).

    `full` is the toman without the customer's discount.
    """

    count: int
    charge: int
    full: int
    parts: int = 1


def preview_charge(service, values, discount):
    """The Preview of what is filled in so far, or None while the count can't be read."""
    counted = _count(service, values)
    if counted is None:
        return None
    count, parts = counted
    return Preview(count, charge_of(service, count, discount), charge_of(service, count), parts)


def find_agreed(service, values, sent):
    """The toman that the order costs by the terms its form was sent with (`sent`, a QueryDict).

    None where they aren't told or nothing can be counted: then whatever it costs is charged, or it is refused.
    """
    price, discount = read_digits(sent.get(SEEN_PRICE, "")), read_digits(sent.get(SEEN_DISCOUNT, ""))
    counted = _count(service, values)
    if price is None or price > MAX_PRICE or discount is None or discount > 100 or counted is None:
        return None
    return charge_of(Service(type=service.type, price=price), counted[0], discount)


def _count(service, values):
    """`(units, parts)` of what is filled in, or None."""
    posts = TYPE_RULES[service.type].count is Count.POSTS
    try:
        count, parts = _count_posts(values) if posts else _count_runs(service, values)
    except OrderRefused:
        return None
    return (count, parts) if count else None


def _count_posts(values):
    """`(units, posts)` of a subscription. Whatever doesn't change the price may still be missing."""
    priced = {"username": "any", "min": values["max"], "max": values["max"], "posts": values["posts"]}
    plan, most = read_subscription_plan(priced)
    return most * plan.posts, plan.posts


def _count_runs(service, values):
    """`(units, runs)` of an order; one run where it isn't done run by run."""
    rule = TYPE_RULES[service.type]
    if rule.count is Count.PIECE:
        return 1, 1
    if rule.count is Count.LINES:
        return sum(1 for line in values[rule.counted].splitlines() if line.strip()), 1
    text, runs = values["quantity"], values.get("runs", "")
    count = read_digits(text) or 0
    # How far apart the runs are doesn't change the price: the interval may still be missing.
    plan = read_drip_plan({"runs": runs, "interval": 1}, sold=True) if runs.strip("0") else None
    parts = plan.parts if plan else 1
    return count * parts, parts
