"""`refill` and `refill_status`: one and many, and the words of every state."""

import pytest

from orders.models import Order, Refill
from tests.factories import make_customer, make_key, make_service

UNKNOWN = {"error": "Incorrect order ID"}
NOT_FOUND = {"error": "Refill not found"}


@pytest.fixture
def service(db):
    return make_service(refill=True)


@pytest.fixture
def order_id(add):
    pk = add()["order"]
    Order.objects.filter(pk=pk).update(status="completed")
    return pk


def test_one_refill_and_its_status(call, order_id):
    answer = call({"action": "refill", "order": order_id})
    refill = Refill.objects.get()
    assert answer == {"refill": str(refill.pk)}
    assert call({"action": "refill_status", "refill": refill.pk}) == {"status": "Pending"}


def test_many_refills_each_with_its_own_answer(call, add, order_id):
    running = add()["order"]
    answer = call({"action": "refill", "orders": f"{order_id}, {running},77,x"})
    refill = Refill.objects.get()
    assert answer == [
        {"order": order_id, "refill": refill.pk},
        {"order": running, "refill": {"error": "Refill is not available for this order now"}},
        {"order": 77, "refill": UNKNOWN},
        {"order": "x", "refill": UNKNOWN},
    ]
    assert call({"action": "refill_status", "refills": f"{refill.pk},99"}) == [
        {"refill": refill.pk, "status": "Pending"},
        {"refill": 99, "status": NOT_FOUND},
    ]


@pytest.mark.parametrize(
    ("status", "word"),
    [("pending", "Pending"), ("in_progress", "In progress"), ("completed", "Completed")]
    + [("rejected", "Rejected"), ("error", "Error")],
)
def test_the_words_of_refills(call, order_id, status, word):
    refill = Refill.objects.create(order_id=order_id, status=status)
    assert call({"action": "refill_status", "refill": refill.pk}) == {"status": word}


def test_a_service_without_refills(call, add):
    sold = make_service()
    pk = add(service=sold.pk)["order"]
    Order.objects.filter(pk=pk).update(status="completed")
    assert call({"action": "refill", "order": pk}) == {"error": "Refill is disabled for this service"}


def test_a_refill_of_somebody_else(call, order_id):
    stranger = make_key(make_customer())
    assert call({"action": "refill", "order": order_id, "key": stranger}) == UNKNOWN
    refill = Refill.objects.create(order_id=order_id)
    assert call({"action": "refill_status", "refill": refill.pk, "key": stranger}) == NOT_FOUND
    assert Refill.objects.count() == 1


@pytest.mark.parametrize("order", ["", "0", "-1", "x", "1,2", None])
def test_what_is_no_order(call, service, order):
    assert call({"action": "refill", "order": order}) == UNKNOWN


@pytest.mark.parametrize("refill", ["", "0", "x", None])
def test_what_is_no_refill(call, refill):
    assert call({"action": "refill_status", "refill": refill}) == NOT_FOUND


@pytest.mark.parametrize("name", ["orders", "refills"])
def test_more_than_a_hundred(call, name):
    action = "refill" if name == "orders" else "refill_status"
    assert call({"action": action, name: ",".join(["1"] * 101)}) == {"error": "Incorrect request"}
