"""Canceling while a worker takes the order: the money is back or the order is sent, never both."""

import pytest

from orders.lifecycle import settle_order
from orders.models import Order
from orders.refusals import OrderRefused
from orders.services import CancelAnswer, cancel_order, place_order
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from providers.forwarding import claim_orders
from providers.models import Dispatch
from tests.factories import make_customer, make_provider, make_route, make_service
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def customer():
    return make_customer(toman=1_000)


@pytest.fixture
def service():
    sold = make_service()
    make_route(sold, make_provider("http://127.0.0.1:1"))
    return sold


def place(customer, service):
    values = {"link": "https://instagram.com/p/abc", "quantity": 100}
    return place_order(customer.pk, "dashboard", service.pk, values).order_id


def test_canceling_against_claiming(customer, service):
    outcomes = set()
    for _ in range(30):
        order = Order.objects.get(pk=place(customer, service))
        answer, claims = run_together(
            lambda order=order: cancel_order(customer.pk, order.pk), lambda: claim_orders(10)
        )
        order.refresh_from_db()
        dispatches = Dispatch.objects.filter(order=order).count()
        outcomes.add(answer)
        if answer is CancelAnswer.REFUNDED:
            assert (len(claims), dispatches, order.forwarding, order.status) == (0, 0, "queued", "canceled")
            assert read_balance(customer.pk) == 1_000
        else:
            assert answer is CancelAnswer.REQUESTED
            assert (len(claims), dispatches, order.forwarding, order.refunded) == (1, 1, "sending", 0)
            assert order.cancel_requested_at is not None
            assert read_balance(customer.pk) == 800
            settle_order(order, Order.Status.CANCELED)  # the upstream did cancel it: ready for the next turn
    assert outcomes <= {CancelAnswer.REFUNDED, CancelAnswer.REQUESTED}
    assert read_balance(customer.pk) == 1_000
    assert claim_orders(10) == []


def test_canceling_twice_at_once(customer, service):
    for _ in range(15):
        order = place(customer, service)
        answers = run_together(*[lambda order=order: cancel_order(customer.pk, order)] * 3)
        assert answers.count(CancelAnswer.REFUNDED) == 1
        assert [type(answer) for answer in answers].count(OrderRefused) == 2
    assert read_balance(customer.pk) == 1_000
    assert Transfer.objects.filter(kind="refund").count() == 15


def test_a_canceled_order_is_never_claimed(customer, service):
    order = place(customer, service)
    cancel_order(customer.pk, order)
    assert claim_orders(10) == []
    assert Dispatch.objects.count() == 0


def test_claiming_twice_at_once_claims_once(customer, service):
    ids = {place(customer, service) for _ in range(5)}
    claimed = run_together(*[lambda: claim_orders(10)] * 4)
    assert sorted(claim.order_id for claims in claimed for claim in claims) == sorted(ids)
    assert Dispatch.objects.count() == 5
