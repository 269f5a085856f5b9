"""Each request has an id, which its answer and its line in the log carry."""

import logging
import uuid

import pytest

from orders.models import Order
from orders.parts.looking import look_at_plans
from panel.lib import tracing
from sms.models import Message
from tests.factories import make_customer, make_key, make_service

pytestmark = pytest.mark.django_db(transaction=True)
ID = "0b5f7c0e-9d1c-4e0a-8a5e-1d7b6c2f3a41"


@pytest.fixture
def lines(caplog):
    """The fields of the requests' lines so far, without how long they took."""
    caplog.set_level(logging.INFO, "panel.access")

    def read():
        rows = [dict(record.fields) for record in caplog.records if record.name == "panel.access"]
        return [row for row in rows if row.pop("ms") >= 0]

    return read


def line(method, route, status, request_id=None):
    return {"method": method, "route": route, "status": status, "request_id": request_id}


def test_an_order_keeps_the_id_of_the_request_that_placed_it(client, settings, lines):
    settings.TRUSTED_PROXIES = 1
    key, service = make_key(make_customer(100_000)), make_service()
    values = {
        "key": key,
        "action": "add",
        "service": service.pk,
        "quantity": 100,
        "link": "https://e.example/1",
    }
    answer = client.post("/api/v2", values, headers={"X-Request-ID": ID})
    assert (answer.headers["X-Request-ID"], lines()) == (ID, [line("POST", "api/v2", 200)])
    assert Order.objects.get(pk=answer.json()["order"]).trace == uuid.UUID(ID)


def test_many_orders_of_one_call_keep_its_id(client, settings):
    settings.TRUSTED_PROXIES = 1
    key, service = make_key(make_customer(100_000)), make_service(dripfeed=True)
    one = {"service": service.pk, "quantity": 100, "link": "https://e.example/1"}
    call = {"key": key, "action": "orders", "orders": [one, one | {"runs": 2, "interval": 10}]}
    answer = client.post("/api/v2", call, "application/json", headers={"X-Request-ID": ID})
    placed = [row["order"] for row in answer.json()]
    traces = Order.objects.filter(pk__in=placed).values_list("trace", flat=True)
    assert list(traces) == [uuid.UUID(ID)] * 2
    look_at_plans()
    assert [part.trace for part in Order.objects.filter(parent__in=placed)] == [uuid.UUID(ID)]


def test_the_text_with_a_code_keeps_the_id_of_the_request_that_asked_for_it(settings, client):
    settings.TRUSTED_PROXIES = 1
    customer = make_customer()
    client.post("/login/", {"username": customer.mobile}, headers={"X-Request-ID": ID})
    assert [message.trace for message in Message.objects.all()] == [uuid.UUID(ID)]


def test_staff_see_the_id_on_the_order_s_page(admin_client):
    order = Order.objects.create(
        customer=make_customer(), service=make_service(), link="x", quantity=1, charge=0, trace=ID
    )
    page = admin_client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert page.count(f'<bdi dir="ltr">{ID}</bdi>') == 1


def test_a_line_names_the_route_and_not_the_query(client, lines):
    client.get("/api/v2?key=a-key-in-a-query&action=balance")
    client.get("/nowhere/a-token-in-a-path")
    assert lines() == [line("GET", "api/v2", 200), line("GET", "none", 404)]


def test_a_line_names_the_customer_of_a_page(client, caplog):
    customer, noted = make_customer(), []
    client.force_login(customer)
    caplog.handler.addFilter(lambda record: noted.append(dict(tracing.read_bound())) or True)
    caplog.set_level(logging.INFO, "panel.access")
    client.get("/")
    assert [fields.get("customer") for fields in noted][-1] == customer.pk


def test_a_caller_without_a_proxy_of_ours_gets_an_id_of_ours(client, settings):
    settings.TRUSTED_PROXIES = 0
    given = client.get("/api/v2", headers={"X-Request-ID": ID}).headers["X-Request-ID"]
    assert (given == ID, uuid.UUID(given).version) == (False, 4)
