"""`POST order`: placing, with the document's answers."""

import pytest

from orders.models import Order
from orders.parts.looking import look_at_plans
from panel.accounts.models import ApiToken, Customer
from panel.accounts.tokens import issue_token
from panel.api.panel_app.base import unix
from panel.wallet.ledger import read_balance
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.panel_app.calls import LINK, ask, client, send
from tests.panel.api.panel_app.order_rows import FORBIDDEN, body, describe, holdings, refusal
from tests.together import run_together

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer():
    return make_customer(toman=1_000_000)


@pytest.fixture
def key(customer):
    return make_key(customer, "panel_app")


@pytest.fixture
def service():
    return make_service(dripfeed=True)


def test_an_order_as_the_document_answers_it(customer, key, service):
    customer.discount = 10
    customer.save()
    status, told = send("order", key, body(service))
    order = Order.objects.get()
    expected = {
        "uid": customer.pk,
        "cate_id": service.category_id,
        "service_id": service.pk,
        "service_type": "default",
        "link": LINK,
        "quantity": 100,
        "charge": 180,
        "api_provider_id": None,
        "api_service_id": None,
        "is_drip_feed": 0,
        "status": "pending",
        "type": "mobile_app",
        "changed": unix(order.changed),
        "created": unix(order.created),
        "id": order.pk,
    }
    assert (status, told, list(told["order"])) == (
        200,
        {"status": 201, "message": "Order placed successfully", "order": expected},
        list(expected),
    )
    assert (order.channel, read_balance(customer.pk)) == ("panel_app", 1_000_000 - 180)


@pytest.mark.parametrize("field", ["service_id", "category_id", "quantity", "runs", "interval"])
def test_numbers_in_other_digits_are_refused_by_name(customer, key, service, field):
    given = body(service, is_drip_feed="on", runs=3, interval="30") | {field: "۱۰"}
    words = f"مقدار فیلد {field} نامعتبر است"
    assert send("order", key, given) == (200, {"status": 400, "message": words})
    assert Order.objects.count() == 0


def test_an_order_as_a_form_with_texts(customer, key, service):
    form = f"service_id={service.pk}&category_id=&quantity=100&link={LINK}"
    headers = {"Authorization": f"Bearer {key}"}
    kind = "application/x-www-form-urlencoded"
    response = client.generic("POST", "/api/v1/order/", form.encode(), kind, headers=headers)
    assert (response.status_code, response.json()["status"]) == (200, 201)
    assert (Order.objects.get().quantity, read_balance(customer.pk)) == (100, 1_000_000 - 200)


def test_drip_feed(customer, key, service):
    given = body(service, is_drip_feed="on", runs=3, interval="30")
    told = send("order", key, given)[1]["order"]
    order = Order.objects.get()
    assert (told["quantity"], told["charge"], told["is_drip_feed"]) == (300, 600, 1)
    assert read_balance(customer.pk) == 1_000_000 - 600
    plan = {"is_drip_feed": 1, "runs": 3, "interval": 30, "dripfeed_quantity": 100}
    row = describe(order, quantity=300, charge=600, remains="300", **plan)
    assert ask("order", key) == (200, {"status": 200, "orders": [row]})
    look_at_plans()
    assert Order.objects.count() == 2
    assert [one["id"] for one in ask("order", key)[1]["orders"]] == [order.pk]


def test_only_on_means_drip_feed(key, service):
    for value in ("off", "ON", "", None, True, 1, ["on"]):
        assert send("order", key, body(service, is_drip_feed=value, runs=3))[1]["order"]["is_drip_feed"] == 0
    assert {order.quantity for order in Order.objects.all()} == {100}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"interval": 5}, "فیلد runs الزامی است"),
        ({"runs": 2}, "فیلد interval الزامی است"),
        ({"runs": 2, "interval": ""}, "فیلد interval الزامی است"),
        ({"runs": 0, "interval": 0}, "مقدار فیلد runs نامعتبر است"),
        ({"runs": 2, "interval": 0}, "مقدار فیلد interval نامعتبر است"),
        ({"runs": -1, "interval": 5}, "مقدار فیلد runs نامعتبر است"),
        ({"runs": "x", "interval": 5}, "مقدار فیلد runs نامعتبر است"),
        ({"runs": 10**9, "interval": 5}, "مقدار فیلد runs نامعتبر است"),
        ({"runs": 2, "interval": 10**9}, "مقدار فیلد interval نامعتبر است"),
        ({"runs": [2], "interval": 5}, "مقدار فیلد runs نامعتبر است"),
    ],
)
def test_what_drip_feed_needs(customer, key, service, fields, words):
    assert send("order", key, body(service, is_drip_feed="on", **fields)) == refusal(words)
    assert holdings(customer) == (0, 0, 1_000_000)


def test_drip_feed_of_a_service_without(customer, key):
    given = body(make_service(), is_drip_feed="on", runs=2, interval=5)
    assert send("order", key, given) == refusal("مقدار فیلد runs نامعتبر است")
    assert holdings(customer) == (0, 0, 1_000_000)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"service_id": None}, "فیلد service_id الزامی است"),
        ({"service_id": "x"}, "مقدار فیلد service_id نامعتبر است"),
        ({"service_id": 1.5}, "مقدار فیلد service_id نامعتبر است"),
        ({"service_id": "1" * 1_000_000}, "مقدار فیلد service_id نامعتبر است"),
        ({"service_id": 2**63 - 1}, "سرویسی با این شناسه (service_id) برای سفارش وجود ندارد"),
        ({"category_id": "x"}, "مقدار فیلد category_id نامعتبر است"),
        ({"category_id": 10**9}, "مقدار فیلد category_id نامعتبر است"),
        ({"quantity": 9}, "تعداد (quantity) باید دست‌کم 10 باشد"),
        ({"quantity": "1.5"}, "مقدار فیلد quantity نامعتبر است"),
        ({"link": "javascript:alert(1)"}, "لینک (link) نامعتبر است"),
        ({"quantity": 10_000, "service_id": "dear"}, "موجودی کافی نیست"),
    ],
)
def test_what_can_not_be_ordered(customer, key, service, fields, words):
    if fields.get("service_id") == "dear":
        dear = make_service(price=1_000_000)
        fields = fields | {"service_id": dear.pk, "category_id": dear.category_id}
    assert send("order", key, body(service, **fields)) == refusal(words)
    assert holdings(customer) == (0, 0, 1_000_000)


def test_a_service_off_sale(customer, key, service):
    send("order", key, body(service))
    type(service).objects.update(active=False)
    assert send("order", key, body(service)) == refusal(
        "سرویسی با این شناسه (service_id) برای سفارش وجود ندارد"
    )
    assert holdings(customer) == (1, 0, 1_000_000 - 200)


@pytest.mark.parametrize("text", ["{", "[]", '"x"', '{"link": %s}' % ("[" * 100_000 + "]" * 100_000)])
def test_a_body_that_is_no_object(customer, key, text):
    headers = {"Authorization": f"Bearer {key}"}
    response = client.generic("POST", "/api/v1/order", text, "application/json", headers=headers)
    assert (response.status_code, response.json()["status"]) == (200, 400)
    assert holdings(customer) == (0, 0, 1_000_000)


def test_the_query_orders_nothing(customer, key, service):
    query = f"order?service_id={service.pk}&quantity=100&link={LINK}"
    assert send(query, key, {}) == refusal("فیلد service_id الزامی است")
    assert holdings(customer) == (0, 0, 1_000_000)


def test_an_idempotency_key_orders_once(customer, key, service):
    header = {"Idempotency-Key": "one"}
    first = send("order", key, body(service), **header)
    assert send("order", key, body(service), **header) == first
    assert holdings(customer) == (1, 1, 1_000_000 - 200)
    words = "این Idempotency-Key پیش‌تر با درخواست دیگری به کار رفته است"
    assert send("order", key, body(service, quantity=200), **header) == refusal(words)
    assert holdings(customer) == (1, 1, 1_000_000 - 200)


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_with_one_key_order_once(customer, key, service):
    works = [lambda: send("order", key, body(service), **{"Idempotency-Key": "one"})] * 10
    answers = run_together(*works)
    assert {told["order"]["id"] for _, told in answers} == {Order.objects.get().pk}
    assert holdings(customer) == (1, 1, 1_000_000 - 200)


def test_who_may_only_read_and_who_is_blocked(customer, key, service):
    reader = issue_token(customer, "panel_app", scopes=["read"])[1]
    for given in (body(service), {}):
        assert send("order", reader, given) == (200, FORBIDDEN)
    assert ask("order", reader) == (200, {"status": 200, "orders": []})
    Customer.objects.update(order_block="owes")
    for given in (body(service), {}):
        assert send("order", key, given) == (
            200,
            {
                "status": 403,
                "message": "ثبت سفارش برای حساب شما غیرفعال است",
            },
        )
    assert holdings(customer) == (0, 0, 1_000_000)


def test_a_login_token_may_order(customer, service):
    token = issue_token(customer, "panel_app", use=ApiToken.Use.ACCESS)[1]
    assert send("order", token, body(service))[1]["status"] == 201
