"""`status` and `balance`: what a key's holder is told of their own."""

import pytest

from orders.lifecycle import settle_order
from orders.models import Order
from tests.factories import make_customer, make_key

UNKNOWN = {"error": "Incorrect order ID"}
INCORRECT = {"error": "Incorrect request"}


@pytest.fixture
def order(add):
    return Order.objects.get(pk=add()["order"])


@pytest.fixture
def strangers_order(add):
    return add(key=make_key(make_customer(toman=1_000)))["order"]


def change(order, **fields):
    Order.objects.filter(pk=order.pk).update(**fields)


def told(**fields):
    answer = {"charge": "200", "start_count": "0", "status": "Pending", "remains": "100", "currency": "IRT"}
    return answer | fields


def test_a_new_order(call, order):
    assert call({"action": "status", "order": order.pk}) == told()


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("pending", "Pending"),
        ("processing", "Processing"),
        ("in_progress", "In progress"),
        ("partial", "Partial"),
        ("canceled", "Canceled"),
        ("error", "Canceled"),
    ],
)
def test_every_status_has_its_word(call, order, status, word):
    change(order, status=status, start_count=3572, remains=57)
    answer = call({"action": "status", "order": order.pk})
    assert answer == told(status=word, start_count="3572", remains="57")


def test_a_completed_order_that_never_told_its_remains_has_none(call, order):
    change(order, status="completed")
    assert call({"action": "status", "order": order.pk}) == told(status="Completed", remains="0")


@pytest.mark.parametrize(
    ("status", "remains", "charge", "word"),
    [
        ("completed", 0, "200", "Completed"),
        ("partial", 33, "134", "Partial"),
        ("canceled", None, "0", "Canceled"),
    ],
)
def test_charges_are_net_of_refunds(call, order, status, remains, charge, word):
    settle_order(order, status, remains=remains)
    left = "100" if remains is None else str(remains)
    answer = call({"action": "status", "order": order.pk})
    assert answer == told(status=word, charge=charge, remains=left)


@pytest.mark.parametrize("text", ["0", "-1", "x", "", "999999999", "9" * 30, "1.5", None])
def test_unknown_order(call, order, text):
    assert call({"action": "status", "order": text}) == UNKNOWN


def test_strangers_orders_are_unknown(call, strangers_order):
    assert call({"action": "status", "order": strangers_order}) == UNKNOWN


def test_many_at_once_under_the_ids_as_they_were_written(call, add, strangers_order):
    first, second = add()["order"], add(quantity=50)["order"]
    ids = f"{second}, {first},{strangers_order},x,,0"
    assert call({"action": "status", "orders": ids}) == {
        str(second): told(charge="100", remains="50"),
        str(first): told(),
        str(strangers_order): UNKNOWN,
        "x": UNKNOWN,
        "": UNKNOWN,
        "0": UNKNOWN,
    }


def test_a_hundred_at_once_and_no_more(call, order):
    ids = [str(order.pk), *map(str, range(10**9, 10**9 + 99))]
    answer = call({"action": "status", "orders": ",".join(ids)})
    assert answer == {str(order.pk): told()} | dict.fromkeys(ids[1:], UNKNOWN)
    assert call({"action": "status", "orders": ",".join([*ids, "1"])}) == INCORRECT


def test_balance(call, add):
    assert call({"action": "balance"}) == {"balance": "1000000", "currency": "IRT"}
    add()
    assert call({"action": "balance"}) == {"balance": "999800", "currency": "IRT"}


def test_balance_of_who_has_no_wallet(call):
    assert call({"action": "balance", "key": make_key(make_customer())}) == {
        "balance": "0",
        "currency": "IRT",
    }
