"""Prices out of costs: rounded up, and never below cost."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.sync.pricing import compute_cost, compute_price, find_type, read_bounds, round_cost

rates = st.decimals(0, 10**11, places=12)
provider_rates = st.decimals("0.000001", 10**7, places=6)
margins = st.decimals(0, 1000, places=2)


@given(rates, provider_rates, margins, st.integers(1, 10**6))
def test_a_price_is_never_below_what_the_upstream_takes(rate, provider_rate, margin, step):
    cost = round_cost(rate)
    price = compute_price(cost, provider_rate, margin, step)
    exact = Fraction(rate) * Fraction(provider_rate)
    assert (price % step, price >= exact, price >= compute_cost(cost, provider_rate)) == (0, True, True)
    wanted = Fraction(cost) * Fraction(provider_rate) * (100 + Fraction(margin)) / 100
    assert wanted <= price < wanted + step


@pytest.mark.parametrize(
    ("cost", "rate", "margin", "step", "price"),
    [
        ("4500", "1", "0", 1, 4500),
        ("4500", "1", "20", 1, 5400),
        ("4500", "1", "20", 1000, 6000),
        ("5000", "1", "20", 1000, 6000),
        ("0.000001", "1", "0", 1, 1),
        ("0.90", "61000.5", "0", 1, 54901),
        ("0", "61000.5", "50", 100, 0),
        ("100", "1", "0.01", 1, 101),
    ],
)
def test_prices(cost, rate, margin, step, price):
    assert compute_price(Decimal(cost), Decimal(rate), Decimal(margin), step) == price


@pytest.mark.parametrize(
    ("rate", "cost"),
    [
        ("12.3456780001", "12.345679"),
        ("0", "0"),
        ("-0.01", None),
        ("999999999999.5", None),
        (None, None),
    ],
)
def test_costs_are_stored_rounded_up(rate, cost):
    assert round_cost(rate and Decimal(rate)) == (cost and Decimal(cost))


@pytest.mark.parametrize(
    ("told", "bounds"),
    [
        ((10, 500), (10, 500)),
        ((0, 500), (1, 500)),
        ((7, 7), (7, 7)),
        ((1, 10**12), (1, 10**9)),
        ((10, 5), None),
        ((None, 5), None),
        ((10, None), None),
        ((-5, 0), None),
        ((10**10, 10**11), None),
    ],
)
def test_bounds(told, bounds):
    assert read_bounds(*told) == bounds


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Custom Comments Package", "custom_comments_package"),
        (" default ", "default"),
        ("Subscriptions", None),
        ("Nonsense", None),
        ("", None),
    ],
)
def test_types(written, found):
    assert find_type(written) == found
