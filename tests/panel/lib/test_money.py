"""Money rules against exact fractions: rounded once, in the house's favour for charges, the other way for refunds."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.lib.money import compute_charge, compute_partial_refund, compute_piece_charge, discounted_rate

prices = st.integers(0, 10**10)
counts = st.integers(1, 10**9)
percents = st.integers(0, 100)


@given(prices, counts, percents)
def test_charge_is_the_exact_price_rounded_up(price, count, discount):
    exact = Fraction(price, 1000) * count * Fraction(100 - discount, 100)
    charge = compute_charge(price, count, discount)
    assert (charge, type(charge)) == (math.ceil(exact), int)


@given(prices, counts, percents)
def test_pieces_cost_their_price_each(price, count, discount):
    exact = Fraction(price) * count * Fraction(100 - discount, 100)
    assert compute_piece_charge(price, count, discount) == math.ceil(exact)


@given(st.integers(0, 10**16), st.integers(-(10**12), 10**12), st.integers(1, 10**9))
def test_partial_refund_is_the_exact_share_rounded_down(charge, remains, quantity):
    exact = Fraction(charge) * min(max(remains, 0), quantity) / quantity
    refund = compute_partial_refund(charge, remains, quantity)
    assert refund == math.floor(exact)
    assert 0 <= refund <= charge


@given(st.integers(0, 10**12), st.integers(1, 10**6), st.data())
def test_what_is_delivered_and_what_is_refunded_never_exceed_the_charge(charge, quantity, data):
    remains = data.draw(st.integers(0, quantity))
    assert compute_partial_refund(charge, remains, quantity) + compute_partial_refund(
        charge, quantity - remains, quantity
    ) in (charge, charge - 1)


@pytest.mark.parametrize("quantity", [0, -1])
def test_nothing_ordered_refunds_nothing(quantity):
    assert compute_partial_refund(100, 5, quantity) == 0


@given(prices, percents)
def test_the_rate_is_exact_with_two_decimals(price, discount):
    text = discounted_rate(price, discount)
    assert Fraction(Decimal(text)) == Fraction(price * (100 - discount), 100)
    assert len(text.partition(".")[2]) == 2


@given(prices, st.integers(1, 10**6), percents)
def test_the_listed_rate_tells_what_is_charged(price, count, discount):
    """A client that works the price out of `rate` gets our charge."""
    assert compute_charge(price, count, discount) == math.ceil(
        Fraction(Decimal(discounted_rate(price, discount))) * count / 1000
    )
