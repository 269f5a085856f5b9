"""How orders move and end, and what money comes back."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.lifecycle import Progress, UnreadableRemains, advance_orders, settle_order
from orders.models import Order, OrderEvent
from orders.services import place_order
from panel.wallet.house import house_balance
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_service

pytestmark = pytest.mark.django_db
Status = Order.Status


@pytest.fixture
def customer():
    return make_customer(toman=1_000_000)


@pytest.fixture
def service():
    return make_service()


@pytest.fixture
def order(customer, service):
    """300 pieces for 600 toman."""
    return place(customer, service, 300)


def place(customer, service, quantity):
    values = {"link": "https://instagram.com/p/abc", "quantity": quantity}
    return Order.objects.get(pk=place_order(customer.pk, "dashboard", service.pk, values).order_id)


def events(order):
    return list(OrderEvent.objects.filter(order=order).order_by("id").values_list("kind", "data"))[1:]


def refunds(order):
    return list(Transfer.objects.filter(kind="refund", reference=order.pk).values_list("key", "amount"))


@pytest.mark.parametrize(
    ("status", "remains", "refund", "key"),
    [
        (Status.COMPLETED, None, 0, None),
        (Status.COMPLETED, 10, 0, None),
        (Status.PARTIAL, 100, 200, "partial"),
        (Status.PARTIAL, 0, 0, None),
        (Status.PARTIAL, -7, 0, None),
        (Status.PARTIAL, 300, 600, "partial"),
        (Status.PARTIAL, 10**15, 600, "partial"),
        (Status.CANCELED, None, 600, "rest"),
        (Status.CANCELED, 10, 600, "rest"),
        (Status.ERROR, None, 600, "rest"),
    ],
)
def test_every_end_refunds_what_is_due_once(order, customer, status, remains, refund, key):
    sales = house_balance("sales")
    assert settle_order(order, status, remains=remains, reason="why") == refund
    order.refresh_from_db()
    assert (order.status, order.refunded, order.reason, order.next_try_at) == (status, refund, "why", None)
    assert order.settled_at == order.changed
    assert refunds(order) == ([(f"order:{order.pk}:refund:{key}", refund)] if key else [])
    assert read_balance(customer.pk) == 1_000_000 - 600 + refund
    assert house_balance("sales") == sales - refund
    assert events(order) == [(status, {"refund": refund, "reason": "why"})]


@pytest.mark.parametrize("first", Order.FINAL)
@pytest.mark.parametrize("second", Order.FINAL)
def test_what_has_ended_never_ends_again(order, customer, first, second):
    settle_order(order, first, remains=100)
    before = (read_balance(customer.pk), refunds(order), events(order))
    fresh = Order.objects.get(pk=order.pk)
    assert settle_order(fresh, second, remains=200) == 0
    assert Order.objects.get(pk=order.pk).status == first
    assert (read_balance(customer.pk), refunds(order), events(order)) == before


def test_a_partial_order_without_remains_is_left_open(order, customer):
    with pytest.raises(UnreadableRemains):
        settle_order(order, Status.PARTIAL)
    assert Order.objects.get(pk=order.pk).status == "pending"
    assert read_balance(customer.pk) == 999_400
    assert events(order) == []


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(10, 10_000), st.integers(-100, 11_000))
def test_a_partial_refund_is_the_exact_share_rounded_down(service, quantity, remains):
    buyer = make_customer(toman=20_000)
    order = place(buyer, service, quantity)
    share = Fraction(order.charge) * min(max(remains, 0), quantity) / quantity
    assert settle_order(order, Status.PARTIAL, remains=remains) == int(share)
    assert read_balance(buyer.pk) == 20_000 - order.charge + int(share)


@pytest.mark.parametrize(("cost", "profit"), [(Decimal("150.5"), Decimal("249.5")), (None, None)])
def test_profit_is_what_stays_of_the_charge_less_the_cost(order, cost, profit):
    settle_order(order, Status.PARTIAL, remains=100, cost=cost)
    order.refresh_from_db()
    assert (order.cost, order.profit) == (cost, profit)


def step(order, status=None, start_count=None, remains=None):
    return Progress(order, status, start_count, remains)


def test_orders_move_forward_and_tell_it(order):
    assert advance_orders([step(order, Status.IN_PROGRESS, 70, 250)]) == [order]
    order.refresh_from_db()
    assert (order.status, order.start_count, order.remains) == ("in_progress", 70, 250)
    assert events(order) == [("in_progress", {})]


def test_orders_never_move_backward(order):
    advance_orders([step(order, Status.IN_PROGRESS)])
    assert advance_orders([step(order, Status.PROCESSING), step(order, Status.PENDING)]) == []
    order.refresh_from_db()
    assert order.status == "in_progress"
    assert events(order) == [("in_progress", {})]


def test_counts_that_are_not_told_stay(order):
    advance_orders([step(order, None, 70, 250)])
    advance_orders([step(order, Status.PROCESSING)])
    order.refresh_from_db()
    assert (order.status, order.start_count, order.remains) == ("processing", 70, 250)


def test_no_news_write_nothing(order):
    before = Order.objects.get(pk=order.pk).changed
    assert advance_orders([step(order, Status.PENDING)]) == []
    assert Order.objects.get(pk=order.pk).changed == before
