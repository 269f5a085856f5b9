"""What rules make of prices: rounded up, within bounds, and nothing where nothing can be said."""

from decimal import Decimal

import pytest

from orders.models import MAX_PRICE
from providers.models import Provider, Route
from providers.repricing.rules import PriceRule, cost_of, reprice


def route(cost, rate=1):
    return Route(cost=None if cost is None else Decimal(cost), provider=Provider(rate=Decimal(rate)))


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        (PriceRule("percent", Decimal("10")), 2000, 2200),
        (PriceRule("percent", Decimal("-10")), 2000, 1800),
        (PriceRule("percent", Decimal("0.05")), 2000, 2001),
        (PriceRule("percent", Decimal("33.33")), 3, 4),
        (PriceRule("percent", Decimal("10"), step=500), 2000, 2500),
        (PriceRule("percent", Decimal("-100")), 2000, 0),
        (PriceRule("percent", Decimal("-101")), 2000, None),
        (PriceRule("percent", Decimal("-101"), least=100), 2000, 100),
        (PriceRule("percent", Decimal("10")), 0, 0),
        (PriceRule("amount", Decimal("150")), 2000, 2150),
        (PriceRule("amount", Decimal("-2001")), 2000, None),
        (PriceRule("amount", Decimal("0.5")), 2000, 2001),
        (PriceRule("amount", Decimal("-500"), least=1800, most=2500), 2000, 1800),
        (PriceRule("amount", Decimal("900"), least=1800, most=2500), 2000, 2500),
        (PriceRule("amount", Decimal(MAX_PRICE)), 1, None),
    ],
)
def test_by_percent_and_by_an_amount(rule, old, new):
    assert reprice(rule, old, None) == new


@pytest.mark.parametrize(
    ("cost", "rate", "margin", "step", "new"),
    [
        ("100", "1", "20", 1, 120),
        ("0.9", "60000", "20", 100, 64_800),
        ("0.901", "60000", "20", 1000, 65_000),
        ("100", "1", "-50", 1, 50),
        (None, "1", "20", 1, None),
    ],
)
def test_to_cost_and_margin(cost, rate, margin, step, new):
    assert reprice(PriceRule("margin", Decimal(margin), step), 7, route(cost, rate)) == new


def test_a_service_without_a_route_has_no_cost():
    assert reprice(PriceRule("margin", Decimal(20)), 7, None) is None
    assert [cost_of(None), cost_of(route(None)), cost_of(route("0.0000011", "1000000"))] == [None, None, 2]
