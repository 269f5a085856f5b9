"""What a rule makes of a price: pure arithmetic, in whole toman, always rounded up."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from orders.models import MAX_PRICE
from providers.repricing.models import PriceRun
from providers.sync.pricing import compute_cost, compute_price

Method = PriceRun.Method


@dataclass(frozen=True, slots=True)
class PriceRule:
    """`value` is percent (PERCENT, MARGIN) or toman (AMOUNT); see PriceRun for the rest."""

    method: str
    value: Decimal
    step: int = 1
    least: int | None = None
    most: int | None = None


def reprice(rule, old, route):
    """The new price in toman; None where the rule says nothing: no cost is known, or it would be no price.

    `route` is the one that the service's price goes by, or None. `least` and `most` hold after the rounding.
    """
    if rule.method == Method.MARGIN:
        if route is None or route.cost is None:
            return None
        price = compute_price(route.cost, route.provider.rate, rule.value, rule.step)
    else:
        percent = rule.method == Method.PERCENT
        exact = (
            Fraction(old) * (1 + Fraction(rule.value) / 100)
            if percent
            else Fraction(old) + Fraction(rule.value)
        )
        price = -(-exact // rule.step) * rule.step
    if rule.least is not None:
        price = max(price, rule.least)
    if rule.most is not None:
        price = min(price, rule.most)
    return price if 0 <= price <= MAX_PRICE else None


def cost_of(route):
    """What 1,000 units (or a piece) cost by that route in whole toman, rounded up; None where nobody knows."""
    return None if route is None or route.cost is None else compute_cost(route.cost, route.provider.rate)
