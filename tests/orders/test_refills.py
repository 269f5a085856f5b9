"""Asking for a refill."""

import pytest

from orders.models import Order, Refill
from orders.refills import find_refillable, find_refills, request_refill
from orders.refusals import OrderRefused
from orders.services import place_order
from tests.factories import make_customer, make_service
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)


def make_order(customer, status="completed", **service):
    sold = make_service(**{"refill": True} | service)
    placed = place_order(customer.pk, "dashboard", sold.pk, {"link": "https://a.example/x", "quantity": 100})
    Order.objects.filter(pk=placed.order_id).update(status=status)
    return placed.order_id


@pytest.fixture
def customer():
    return make_customer(toman=1000)


def ask(customer, order_id):
    try:
        return request_refill(customer.pk, order_id).status
    except OrderRefused as refused:
        return refused.code.value


@pytest.mark.parametrize(
    ("status", "answer"),
    [("completed", "pending"), ("partial", "pending")]
    + [(word, "refill_not_now") for word in ("pending", "processing", "in_progress", "canceled", "error")],
)
def test_what_has_ended_can_be_refilled(customer, status, answer):
    assert ask(customer, make_order(customer, status)) == answer


def test_a_service_without_refills(customer):
    assert ask(customer, make_order(customer, refill=False)) == "refill_off"


def test_an_order_of_somebody_else(customer):
    order_id = make_order(customer)
    assert ask(make_customer(), order_id) == "order_unknown"
    assert not Refill.objects.exists()


def test_one_refill_at_a_time_and_another_after_its_end(customer):
    order_id = make_order(customer)
    results = run_together(*[lambda: ask(customer, order_id)] * 6)
    assert sorted(results) == ["pending"] + ["refill_not_now"] * 5
    Refill.objects.update(status="completed", next_ask_at=None)
    assert ask(customer, order_id) == "pending"
    assert Refill.objects.count() == 2


def test_only_the_owner_finds_a_refill(customer):
    refill = request_refill(customer.pk, make_order(customer))
    assert find_refills(customer.pk, [refill.pk, 99_999_999]) == {refill.pk: refill}
    assert find_refills(make_customer().pk, [refill.pk]) == {}


def test_what_can_be_refilled_is_found_in_one_query(customer, django_assert_num_queries):
    states = [("completed", True), ("partial", True), ("completed", False), ("in_progress", True)]
    ids = [make_order(customer, status, refill=refill) for status, refill in states]
    orders = list(Order.objects.filter(pk__in=ids).select_related("service").order_by("pk"))
    with django_assert_num_queries(1):
        assert find_refillable(orders) == set(ids[:2])
    request_refill(customer.pk, ids[0])
    assert find_refillable(orders) == {ids[1]}
    with django_assert_num_queries(0):
        assert find_refillable(orders[2:]) == set()
