"""`GET order` and `GET order/{id}`: the list and one order, with the document's keys and answers."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.models import Order, Subscription
from orders.services import cancel_order, place_order
from panel.accounts.tokens import issue_token, revoke_token
from panel.api.panel_app.base import unix
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.panel_app.calls import LINK, ask, send
from tests.panel.api.panel_app.order_rows import FORBIDDEN, body, describe, holdings, refusal
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_one, read_text

pytestmark = pytest.mark.django_db
NOT_FOUND = {"status": 404, "message": "سفارش مورد نظر یافت نشد"}
BAD_TOKEN = {"status": 401, "message": "توکن اشتباه یا منقضی شده است"}


@pytest.fixture
def customer():
    return make_customer(toman=1_000_000)


@pytest.fixture
def key(customer):
    return make_key(customer, "panel_app")


@pytest.fixture
def service():
    return make_service(dripfeed=True)


def test_tokens_that_are_none_of_this_contract(customer, service):
    row, ended = issue_token(customer, "panel_app")
    revoke_token(row)
    outside = issue_token(customer, "panel_app", allowed_networks=["10.0.0.0/8"])[1]
    for token in (None, "nobody's", ended, outside, make_key(customer), make_key(customer, "gray_city")):
        for answer in (ask("order", token), ask("order/1", token), send("order", token, body(service))):
            assert answer == (401, BAD_TOKEN)
    assert holdings(customer) == (0, 0, 1_000_000)


def test_the_list_and_one_order_as_the_document_writes_them(key, service):
    send("order", key, body(service))
    order = Order.objects.get()
    row = describe(order)
    status, told = ask("order", key)
    assert (status, told, list(told["orders"][0])) == (200, {"status": 200, "orders": [row]}, list(row))
    status, bare = ask(f"order/{order.pk}", key)
    keys = ["status", *(name for name in row if name != "status")]
    assert (status, bare, list(bare)) == (200, row, keys)
    assert ask(f"order/{order.pk}/", key) == (200, row)


@pytest.mark.parametrize(
    ("channel", "word"),
    [
        ("dashboard", "direct"),
        ("panel_app", "mobile_app"),
        ("gift", "mobile_app_gift"),
        ("standard", "api"),
        ("gray_city", "api"),
        ("happy_follower", "api"),
    ],
)
def test_orders_of_every_contract_are_listed(customer, key, service, channel, word):
    placed = place_order(customer.pk, channel, service.pk, {"link": LINK, "quantity": 100})
    assert ask("order", key)[1]["orders"] == [describe(Order.objects.get(pk=placed.order_id), type=word)]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"status": "in_progress", "start_count": 7, "remains": 60}, ("inprogress", 7, "60", 200)),
        ({"status": "processing"}, ("processing", 0, "100", 200)),
        ({"status": "completed"}, ("completed", 0, "0", 200)),
        ({"status": "completed", "remains": 0, "start_count": 5}, ("completed", 5, "0", 200)),
        ({"status": "partial", "remains": 40, "refunded": 80}, ("partial", 0, "40", 120)),
        ({"status": "canceled", "refunded": 200}, ("canceled", 0, "100", 0)),
        ({"status": "error", "refunded": 200}, ("error", 0, "100", 0)),
    ],
)
def test_how_far_an_order_is(key, service, fields, told):
    send("order", key, body(service))
    Order.objects.update(**fields)
    row = ask(f"order/{Order.objects.get().pk}", key)[1]
    assert (row["status"], row["start_counter"], row["remains"], row["charge"]) == told


def test_fields_by_type(key):
    replies = make_service(type="comment_replies", min=1)
    send("order", key, {"service_id": replies.pk, "link": LINK, "username": "a", "comments": "x\ny"})
    row = ask("order", key)[1]["orders"][0]
    assert (row["username"], row["comments"], row["media"]) == ("a", "x\ny", None)


def test_a_subscription(customer, key):
    service = make_service(type="subscriptions")
    ends = timezone.localtime().replace(year=timezone.localtime().year + 1, day=5)
    given = {"service_id": service.pk, "username": "@a", "sub_min": 10, "sub_max": 50, "sub_posts": 3}
    expiry = f"{ends:%d/%m/%Y}"
    send("order", key, given | {"sub_delay": 30, "sub_expiry": expiry})
    order = Order.objects.get()
    part = Order.objects.create(
        parent=order,
        customer=customer,
        service=service,
        channel="panel_app",
        link=LINK,
        quantity=10,
        charge=0,
    )
    Subscription.objects.update(made=1)
    told = {
        "sub_posts": 3,
        "sub_min": 10,
        "sub_max": 50,
        "sub_delay": 30,
        "sub_expiry": expiry,
        "sub_response_orders": f"[{part.pk}]",
        "sub_response_posts": 1,
        "sub_status": "Active",
    }
    row = describe(
        order, service_type="subscriptions", link="a", username="a", quantity=150, charge=300, **told
    )
    row |= {"remains": "150"}
    assert ask("order", key)[1]["orders"] == [row]
    assert ask(f"order/{order.pk}", key)[1] == row
    assert ask(f"order/{part.pk}", key)[1] == describe(
        part, service_type="subscriptions", quantity=10, charge=0, remains="10"
    ) | {"changed": unix(Order.objects.get(pk=part.pk).changed)}
    cancel_order(customer.pk, order.pk)
    Order.objects.filter(pk=part.pk).update(status="completed")
    assert ask(f"order/{order.pk}", key)[1]["sub_status"] == "Canceled"


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", str(2**63 - 1), "9" * 50, "%00", "۱۲"])
def test_an_order_that_is_none(key, number):
    assert ask(f"order/{number}", key) == (200, NOT_FOUND)


def test_another_s_order_is_not_told(key, service):
    other = make_customer(toman=1000)
    placed = place_order(other.pk, "dashboard", service.pk, {"link": LINK, "quantity": 100})
    assert ask(f"order/{placed.order_id}", key) == (200, FORBIDDEN)
    assert ask("order", key) == (200, {"status": 200, "orders": []})


def test_the_newest_hundred_and_pages_for_who_asks(customer, key, service):
    rows = Order.objects.bulk_create(
        Order(customer=customer, service=service, channel="standard", link=LINK, quantity=1, charge=0)
        for _ in range(105)
    )
    newest = [row.pk for row in reversed(rows)]

    def ids(path, **call):
        return [row["id"] for row in ask(path, key, **call)[1]["orders"]]

    assert ids("order") == newest[:100]
    assert ids("order?limit=2&offset=100") == newest[100:102]
    assert ids("order", body={"limit": "100", "offset": 100}) == newest[100:]
    assert ids("order?offset=1000") == []
    for field, value in (("limit", 0), ("limit", 101), ("limit", "x"), ("offset", -1), ("offset", 10**18)):
        words = f"مقدار فیلد {field} نامعتبر است"
        assert ask("order", key, body={field: value}) == refusal(words)


def test_a_list_of_any_length_takes_the_same_queries(key, service):
    subscriptions = make_service(type="subscriptions")
    given = {"service_id": subscriptions.pk, "username": "a", "sub_min": 10, "sub_max": 10, "sub_posts": 1}

    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            ask("order", key)
        return len([query for query in queries if "SAVEPOINT" not in query["sql"]])

    for wanted in (body(service), given, body(service, is_drip_feed="on", runs=2, interval=5)):
        send("order", key, wanted)
    few = count_queries()
    for _ in range(5):
        for wanted in (body(service), given):
            send("order", key, wanted)
    assert (count_queries(), len(ask("order", key)[1]["orders"])) == (few, 13)


def test_times_are_unix_seconds(key, service):
    send("order", key, body(service))
    Order.objects.update(created=datetime(2027, 1, 1, tzinfo=timezone.get_default_timezone()))
    assert ask("order", key)[1]["orders"][0]["created"] == 1_798_749_000


def test_a_key_made_on_the_page_may_order(customer, service):
    form = {"name": "shop", "contract": "panel_app", "networks": "", "read_only": "", "form_key": "f1"}
    page = open_browser(customer).post("/api-keys/new/", form)
    key = read_text(find_one(page, "bdi", id="new-key"))
    assert send("order", key, body(service))[1]["status"] == 201
    assert len(ask("order", key)[1]["orders"]) == 1
