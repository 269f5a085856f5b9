"""Ordering again: the form's values that an order was made of."""

from orders.models import DripFeed, Subscription
from panel.dashboard.order_form import NUMBERS, field_names
from panel.dashboard.order_lists import find_own
from panel.dashboard.order_plans import find_plan
from panel.lib.dates import read_digits


def find_former(customer_id, text):
    """The customer's own order with this id as text, or None; a part is answered with the order it is of."""
    number = read_digits(text or "")
    order = None if number is None else find_own(customer_id).filter(pk=number).first()
    if order is not None and order.parent_id:
        return find_own(customer_id).filter(pk=order.parent_id).first()
    return order


def read_former(order):
    """The values, by field, with which the form of its service asks for the same again.

    A subscription's last day is left out, because it is over or will be sooner than it was meant to.
    """
    values = {"link": order.link, "quantity": order.quantity} | (order.fields or {})
    plan = find_plan(order)
    if isinstance(plan, DripFeed):
        values |= {"quantity": plan.quantity, "runs": plan.runs, "interval": plan.interval}
    elif isinstance(plan, Subscription):
        names = ("username", "min", "max", "posts", "old_posts", "delay")
        values = {name: getattr(plan, name) for name in names}
    shown = {name: str(values.get(name, "")) for name in field_names(order.service)}
    return {name: "" if name in NUMBERS and text == "0" else text for name, text in shown.items()}
