"""The charge, three times: exact fractions, orders.pricing in Python, and the placing statements in SQL."""

import math
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from orders.callers import Bearer
from orders.models import MAX_PRICE, MAX_QUANTITY, Order, Service
from orders.pricing import charge_of
from orders.service_types import TYPE_RULES, Count, ServiceType
from orders.services import OrderRequest, place_order, place_orders_by_token
from panel.accounts.models import ApiToken
from panel.lib.secrets import digest_token
from tests.factories import make_customer, make_key, make_service

LINK = "https://instagram.com/p/abc"
prices = st.one_of(
    st.integers(0, 5000), st.integers(0, MAX_PRICE), st.sampled_from([MAX_PRICE, MAX_PRICE - 1])
)
counts = st.one_of(st.integers(1, 2000), st.integers(1, MAX_QUANTITY), st.sampled_from([MAX_QUANTITY]))
discounts = st.one_of(st.integers(0, 100), st.sampled_from([0, 1, 99, 100]))
many = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


def exact(price, count, discount, per):
    return math.ceil(Fraction(price) * count * (100 - discount) / (100 * per))


class Counter:
    """A service that takes any price, and for each price a buyer with money for anything."""

    def __init__(self, kind):
        self.service = make_service(type=kind, min=1, max=MAX_QUANTITY)

    def set(self, price, discount):
        Service.objects.filter(pk=self.service.pk).update(price=price)
        self.service.price = price
        self.buyer = make_customer(toman=10**17, discount=discount)
        self.bearer = Bearer(digest_token(make_key(self.buyer)), str(ApiToken.Contract.STANDARD))

    def charges(self, count):
        """What placing it alone, and as one of many, really charged."""
        values = {"link": LINK, "quantity": count}
        alone = place_order(self.buyer.pk, Order.Channel.DASHBOARD, self.service.pk, values)
        request = OrderRequest(self.service.pk, values)
        among = place_orders_by_token(self.bearer, "standard", [request] * 2)
        stored = Order.objects.filter(pk__in=[alone.order_id, *(order.order_id for order in among)])
        assert alone.charge == among[0].charge
        return set(stored.values_list("charge", flat=True))


@pytest.fixture
def per_thousand(db):
    return Counter(ServiceType.DEFAULT)


@pytest.fixture
def per_piece(db):
    return Counter(ServiceType.PACKAGE)


@many
@example(MAX_PRICE, MAX_QUANTITY, 0)
@example(MAX_PRICE - 1, MAX_QUANTITY - 1, 1)
@example(9_999_900_001, 999_900_001, 99)  # …0001 ÷ 100,000: a quotient with few decimals loses the toman
@example(1, 1, 0)
@example(1, 1, 99)
@example(1000, 1, 100)
@example(0, 5, 0)
@given(prices, counts, discounts)
def test_units_are_charged_per_thousand_and_rounded_up_once(per_thousand, price, count, discount):
    per_thousand.set(price, discount)
    charge = exact(price, count, discount, per=1000)
    assert charge_of(per_thousand.service, count, discount) == charge
    assert per_thousand.charges(count) == {charge}


@settings(many, max_examples=40)
@example(MAX_PRICE, 1)
@example(1, 99)
@example(7, 33)
@given(prices, discounts)
def test_a_package_is_charged_its_price(per_piece, price, discount):
    per_piece.set(price, discount)
    charge = exact(price, 1, discount, per=1)
    assert charge_of(per_piece.service, 1, discount) == charge
    assert per_piece.charges(None) == {charge}


def test_packages_and_ads_are_what_is_charged_by_the_piece():
    pieces = {kind for kind, rule in TYPE_RULES.items() if rule.count is Count.PIECE}
    assert pieces == {ServiceType.PACKAGE, ServiceType.CUSTOM_COMMENTS_PACKAGE, ServiceType.ADS}
