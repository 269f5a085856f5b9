"""`cancel`: one and many, in every state an order can be in."""

import pytest

from orders.models import Order, OrderEvent
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_key, make_service

UNKNOWN = {"error": "Incorrect order ID"}
DISABLED = {"error": "Cancel is disabled for this order"}


@pytest.fixture
def order(add):
    return Order.objects.get(pk=add()["order"])


def put(order, **state):
    Order.objects.filter(pk=order.pk).update(**state)


def state(order):
    order.refresh_from_db()
    return (order.status, order.refunded, order.cancel_requested_at is not None, order.settled_at is not None)


def test_a_queued_order_ends_and_its_money_is_back(call, order, customer):
    assert call({"action": "cancel", "orders": order.pk}) == [{"order": order.pk, "cancel": 1}]
    assert state(order) == ("canceled", 200, False, True)
    assert (order.next_try_at, order.profit) == (None, None)
    assert read_balance(customer.pk) == 1_000_000
    refund = Transfer.objects.get(kind="refund")
    assert (refund.amount, refund.key) == (200, f"order:{order.pk}:refund:rest")
    told = OrderEvent.objects.filter(order=order).order_by("id").values_list("kind", "data")
    reason = {"refund": 200, "reason": "canceled before it was sent"}
    assert list(told) == [("placed", {}), ("canceled", reason)]


@pytest.mark.parametrize(
    ("forwarding", "status"), [("sending", "pending"), ("unclear", "pending"), ("accepted", "in_progress")]
)
def test_once_it_may_be_sent_the_wish_is_kept_and_nothing_refunded(call, order, customer, forwarding, status):
    put(order, forwarding=forwarding, status=status, next_try_at=None)
    assert call({"action": "cancel", "orders": order.pk}) == [{"order": order.pk, "cancel": 1}]
    assert state(order) == (status, 0, True, False)
    assert order.forwarding == forwarding
    assert read_balance(customer.pk) == 999_800


def test_a_second_wish_keeps_the_time_of_the_first(call, order):
    put(order, forwarding="sending")
    call({"action": "cancel", "orders": order.pk})
    order.refresh_from_db()
    first = order.cancel_requested_at
    assert call({"action": "cancel", "orders": order.pk}) == [{"order": order.pk, "cancel": 1}]
    order.refresh_from_db()
    assert order.cancel_requested_at == first


@pytest.mark.parametrize("status", ["completed", "partial", "canceled", "error"])
@pytest.mark.parametrize("forwarding", ["accepted", "refused", "queued"])
def test_what_has_ended_stays(call, order, customer, ledger, status, forwarding):
    put(order, status=status, forwarding=forwarding)
    before = ledger()
    assert call({"action": "cancel", "orders": order.pk}) == [{"order": order.pk, "cancel": DISABLED}]
    assert state(order) == (status, 0, False, False)
    assert ledger() == before


@pytest.mark.parametrize("forwarding", ["sending", "unclear", "accepted"])
def test_a_service_without_cancel_is_not_canceled_once_sent(call, order, service, ledger, forwarding):
    service.cancel = False
    service.save()
    put(order, forwarding=forwarding)
    before = ledger()
    assert call({"action": "cancel", "orders": order.pk}) == [{"order": order.pk, "cancel": DISABLED}]
    assert state(order) == ("pending", 0, False, False)
    assert ledger() == before


def test_canceling_twice_refunds_once(call, order, customer):
    assert call({"action": "cancel", "orders": order.pk}) == [{"order": order.pk, "cancel": 1}]
    assert call({"action": "cancel", "orders": order.pk}) == [{"order": order.pk, "cancel": DISABLED}]
    assert read_balance(customer.pk) == 1_000_000
    assert Transfer.objects.filter(kind="refund").count() == 1


def test_a_free_order_ends_without_a_transfer(call, add, ledger):
    order = add(service=make_service(price=0).pk)["order"]
    before = ledger()
    assert call({"action": "cancel", "orders": order}) == [{"order": order, "cancel": 1}]
    assert ledger() == before | {"OrderEvent": before["OrderEvent"] + 1}


def test_many_are_answered_in_order_and_apart(call, add, customer):
    first, second = add()["order"], add()["order"]
    strangers = add(key=make_key(make_customer(toman=1_000)))["order"]
    put(Order(pk=second), status="completed")
    answer = call({"action": "cancel", "orders": f"{strangers},{second},x,{first},0"})
    assert answer == [
        {"order": strangers, "cancel": UNKNOWN},
        {"order": second, "cancel": DISABLED},
        {"order": "x", "cancel": UNKNOWN},
        {"order": first, "cancel": 1},
        {"order": "0", "cancel": UNKNOWN},
    ]
    assert Order.objects.get(pk=strangers).status == "pending"
    assert read_balance(customer.pk) == 999_800


def test_a_hundred_at_once_and_no_more(call, order, ledger):
    before = ledger()
    ids = ",".join(["999999999", *map(str, range(10**9, 10**9 + 100))])
    assert call({"action": "cancel", "orders": ids}) == {"error": "Incorrect request"}
    assert len(call({"action": "cancel", "orders": ids.partition(",")[2]})) == 100
    assert ledger() == before


def test_one_by_the_field_order(call, order):
    assert call({"action": "cancel", "order": order.pk}) == {"order": order.pk, "cancel": 1}
    assert call({"action": "cancel", "order": order.pk}) == DISABLED
    assert call({"action": "cancel"}) == UNKNOWN
