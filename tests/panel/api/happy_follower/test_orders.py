"""Orders of happy-follower's API: listed, placed, followed, canceled, rechecked, paid for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Category, Order, Refill, Service
from orders.service_types import ServiceType
from panel.wallet.ledger import read_balance
from providers.models import Dispatch
from tests.factories import make_customer, make_key, make_provider, make_service
from tests.panel.api.happy_follower.conftest import DONE, LINK, enter, error, send

pytestmark = pytest.mark.django_db
UNKNOWN = (404, error("سفارشی با این شناسه یافت نشد"))
TOO_LATE = (409, error("این سفارش دیگر قابل لغو نیست"))


def describe(**changes):
    """`status` of the fixtures' order of 100, with these changes."""
    return (
        DONE
        | {
            "status": "registered",
            "statusTitle": "در انتظار",
            "remain": 100,
            "oldCount": 0,
            "count": 100,
            "cost": 200,
            "link": LINK,
        }
        | changes
    )


def only_order():
    """The one order's columns that a caller decides."""
    names = ("customer", "service", "channel", "link", "quantity", "charge", "forwarding")
    return Order.objects.values_list(*names).get()


def test_services_need_no_more_than_link_and_count(anywhere):
    shelf, closed = Category.objects.create(name="A", sort=1), Category.objects.create(name="B", active=False)
    made = {kind: make_service(name=f"لایک {kind}", type=kind, category=shelf) for kind in ServiceType}
    make_service(active=False), make_service(category=closed)
    listed = [{"serviceId": made[k].pk, "name": f"لایک {k}"} for k in ("default", "package", "watch_time")]
    for path in ("services", "services/"):
        status, told = anywhere.get(path)
        assert (status, list(told), told["operation"]) == (200, ["operation", "services"], "success")
        assert sorted(told["services"], key=str) == sorted(listed, key=str)
    made["default"].active = False
    made["default"].save()
    assert len(anywhere.get("services")[1]["services"]) == 2


def test_listing_takes_as_few_queries_for_many_services(caller):
    counts = []
    caller.get("services")
    for number in (1, 20):
        for _ in range(number):
            make_service()
        with CaptureQueriesContext(connection) as queries:
            caller.get("services")
        counts.append(len(queries))
    assert counts == [counts[0]] * 2


@pytest.mark.parametrize("slash", ["", "/"])
def test_an_order_is_placed_and_charged(customer, caller, service, order_of, slash):
    status, told = caller.post("order" + slash, order_of())
    order = Order.objects.get()
    assert (status, told) == (200, DONE | {"orderId": order.pk})
    assert only_order() == (customer.pk, service.pk, "happy_follower", LINK, 100, 200, "queued")
    assert read_balance(customer.pk) == 1_000_000 - 200


@pytest.mark.parametrize("count", [100, "100", " 100 ", "۱۰۰", "١٠٠"])
def test_numbers_come_as_people_write_them(caller, service, order_of, count):
    service_id = "".join(chr(0x06F0 + int(digit)) for digit in str(service.pk))
    assert caller.post("order", order_of(count=count, serviceId=service_id))[0] == 200
    assert Order.objects.get().quantity == 100


def test_a_form_is_as_good_as_json(caller, service):
    body = (
        f"serviceId={service.pk}&link=https%3A%2F%2Finstagram.com%2Fp%2Fabc&count=%DB%B1%DB%B0%DB%B0&more=1"
    )
    form = {"data": body, "content_type": "application/x-www-form-urlencoded"}
    answer = send("POST", "/api/v1/order", caller.token, **form)
    assert answer == (200, DONE | {"orderId": Order.objects.get().pk})
    assert only_order()[3:6] == (LINK, 100, 200)


def test_a_package_needs_no_count(caller, order_of):
    package = make_service(type="package", price=500, pack_size=1_000)
    assert caller.post("order", order_of(serviceId=package.pk, count=None))[0] == 200
    assert only_order()[4:6] == (1_000, 500)
    order = Order.objects.get()
    told = describe(remain=1_000, count=1_000, cost=500)
    assert caller.get(f"status/{order.pk}/") == (200, told)


def test_unknown_fields_are_ignored(caller, order_of):
    assert caller.post("order", order_of(price=0, customer=1, comments=["x"], runs=5))[0] == 200
    assert only_order()[4:6] == (100, 200)


def test_an_idempotency_key_stands_for_one_order(customer, caller, order_of):
    key = {"Idempotency-Key": "k1"}
    first = caller.post("order", order_of(), key)
    assert caller.post("order", order_of(), key) == first
    words = "این Idempotency-Key پیش‌تر با درخواست دیگری به کار رفته است"
    assert caller.post("order", order_of(count=200), key) == (409, error(words))
    assert (Order.objects.count(), read_balance(customer.pk)) == (1, 1_000_000 - 200)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({}, {}),
        ({"status": "processing"}, {}),
        ({"status": "processing", "start_count": 577}, {"oldCount": 577}),
        (
            {"status": "in_progress", "start_count": 577, "remains": 40},
            {"status": "doing", "statusTitle": "در حال انجام", "oldCount": 577, "remain": 40},
        ),
        ({"status": "completed"}, {"status": "done", "statusTitle": "انجام شده", "remain": 0}),
        (
            {"status": "partial", "remains": 50, "refunded": 100},
            {"status": "partial", "statusTitle": "ناقص", "remain": 50, "cost": 100},
        ),
        (
            {"status": "canceled", "refunded": 200},
            {"status": "canceled", "statusTitle": "لغو شده", "cost": 0},
        ),
        ({"status": "error", "refunded": 200}, {"status": "error", "statusTitle": "خطا", "cost": 0}),
    ],
)
def test_status_tells_each_step_in_the_documented_keys(caller, order_of, columns, told):
    order_id = caller.post("order", order_of())[1]["orderId"]
    Order.objects.update(**columns)
    for slash in ("", "/"):
        status, answer = caller.get(f"status/{order_id}{slash}")
        assert (status, answer) == (200, describe(**told))
        assert list(answer) == list(describe())


def test_an_order_of_another_contract_is_the_same_order(customer, caller, service):
    order = Order.objects.create(
        customer=customer, service=service, channel="standard", link=LINK, quantity=100, charge=200
    )
    assert caller.get(f"status/{order.pk}/") == (200, describe())
    assert caller.post("cancel", {"orderId": order.pk}) == (200, DONE)


@pytest.mark.parametrize("order_id", ["0", "-1", "abc", "9" * 18, "9" * 40, "1.0", "%00", "%DB%B1x", "1 2"])
def test_no_such_order(anywhere, order_id):
    assert anywhere.get(f"status/{order_id}") == UNKNOWN
    assert anywhere.get(f"status/{order_id}/") == UNKNOWN


@pytest.mark.parametrize("path", ["status", "status/"])
def test_status_of_nothing(anywhere, path):
    assert anywhere.get(path) == UNKNOWN


def test_somebody_elses_order(caller, order_of):
    order_id = caller.post("order", order_of())[1]["orderId"]
    stranger = enter(make_key(make_customer(), "happy_follower"))
    assert stranger.get(f"status/{order_id}/") == UNKNOWN
    for path in ("cancel", "recheck"):
        assert stranger.post(path, {"orderId": order_id}) == UNKNOWN
        assert stranger.post(path, {"orderId": 0}) == UNKNOWN
    order = Order.objects.get()
    assert (order.status, order.rechecked_at, order.cancel_requested_at) == ("pending", None, None)


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_queued_order_is_canceled_once(customer, caller, order_of, slash):
    order_id = caller.post("order", order_of())[1]["orderId"]
    assert caller.post("cancel" + slash, {"orderId": order_id}) == (200, DONE)
    assert read_balance(customer.pk) == 1_000_000
    told = describe(status="canceled", statusTitle="لغو شده", cost=0)
    assert caller.get(f"status/{order_id}") == (200, told)
    assert caller.post("cancel" + slash, {"orderId": str(order_id)}) == TOO_LATE
    assert read_balance(customer.pk) == 1_000_000


def test_a_sent_order_keeps_the_wish_where_its_service_can_be_canceled(customer, caller, order_of):
    order_id = caller.post("order", order_of())[1]["orderId"]
    Order.objects.update(forwarding="accepted")
    assert caller.post("cancel", {"orderId": order_id}) == (200, DONE)
    assert Order.objects.get().cancel_requested_at is not None
    assert read_balance(customer.pk) == 1_000_000 - 200
    Order.objects.update(cancel_requested_at=None)
    Service.objects.update(cancel=False)
    assert caller.post("cancel", {"orderId": order_id}) == TOO_LATE
    assert Order.objects.get().cancel_requested_at is None


@pytest.mark.parametrize("slash", ["", "/"])
def test_recheck_asks_at_once_and_not_again_so_soon(caller, order_of, service, slash):
    order_id = caller.post("order", order_of())[1]["orderId"]
    Order.objects.update(status="completed", forwarding="accepted")
    Service.objects.update(refill=True)
    dispatch = Dispatch.objects.create(
        order_id=order_id, provider=make_provider("http://127.0.0.1:1"), state="accepted"
    )
    assert caller.post("recheck" + slash, {"orderId": order_id}) == (200, DONE)
    assert list(Refill.objects.values_list("order", "status")) == [(order_id, "pending")]
    assert Dispatch.objects.get(pk=dispatch.pk).next_poll_at is None  # its end is known
    words = "این سفارش به‌تازگی بررسی شده است؛ 600 ثانیه دیگر دوباره تلاش کنید"
    assert caller.post("recheck" + slash, {"orderId": order_id}) == (429, error(words))
    assert Refill.objects.count() == 1


def test_recheck_says_when_it_may_be_tried_again(caller, order_of):
    order_id = caller.post("order", order_of())[1]["orderId"]
    caller.post("recheck", {"orderId": order_id})
    answer = caller.send_raw("recheck", {"orderId": order_id})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")


@pytest.mark.parametrize("slash", ["", "/"])
def test_credit_is_the_balance(caller, order_of, slash):
    assert caller.get("credit" + slash) == (200, DONE | {"credit": 1_000_000})
    caller.post("order", order_of())
    assert caller.get("credit" + slash) == (200, DONE | {"credit": 1_000_000 - 200})


def test_credit_of_somebody_without_a_wallet(db):
    assert enter(make_key(make_customer(), "happy_follower")).get("credit/") == (200, DONE | {"credit": 0})
