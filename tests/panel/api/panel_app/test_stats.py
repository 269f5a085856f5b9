"""`stats`: keys and masks as in the document's example, and no order read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders import stats
from orders.models import CustomerDay, CustomerTotal, ServiceTotal
from panel.api.panel_app.base import unix
from panel.api.panel_app.stats import mask_mobile
from tests.factories import make_customer, make_service
from tests.panel.api.panel_app.calls import ask

USERS, SERVICES = "stats/top_users", "stats/top_services"
DAY = 86_400
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    stats._ranks.clear()


def add_user(amount, days=(), **fields):
    """A customer who spent that much, some of it on those `days` (`{date: amount}`)."""
    customer = make_customer(**fields)
    CustomerTotal.objects.create(customer=customer, orders=3, amount=amount)
    for day, spent in dict(days).items():
        CustomerDay.objects.create(customer=customer, day=day, orders=1, amount=spent)
    return customer


def amounts(path, **call):
    status, told = ask(path, **call)
    assert (status, told["status"]) == (200, 200)
    return [row["amount"] for row in told["users"]]


def bad(field):
    return 200, {"status": 400, "message": f"مقدار فیلد {field} نامعتبر است"}


def test_a_user_as_the_example_shows_one():
    name = {"first_name": "علیرضا", "last_name": "رضایی", "mobile": "+989301234399"}
    customer = add_user(11_164_220, discount=5, level_discount=10, **name)
    told = {
        "id": customer.pk,
        "first_name": "علیرضا",
        "last_name": "...",
        "mobile": "0930****399",
        "order_count": 3,
        "custom_rate": 10,
        "amount": 11_164_220,
    }
    status, answer = ask(USERS)
    assert (status, answer, list(answer["users"][0])) == (200, {"status": 200, "users": [told]}, list(told))


@pytest.mark.parametrize(
    ("mobile", "masked"),
    [("+989301234399", "0930****399"), ("+4915123456789", "+491****789"), (None, None), ("", None)],
)
def test_the_middle_of_a_number_is_hidden(mobile, masked):
    assert mask_mobile(mobile) == masked


def test_ten_at_most():
    for amount in range(1, 13):
        add_user(amount)
    top = list(range(12, 2, -1))
    assert amounts(USERS) == amounts(f"{USERS}?limit=12") == amounts(USERS, body={"limit": 10}) == top
    assert amounts(f"{USERS}/?limit=3&offset=0") == amounts(USERS, body={"limit": "3"}) == [12, 11, 10]
    assert amounts(USERS, body={"limit": 12, "offset": 6}) == top


def test_from_a_moment_on():
    add_user(500, {"2026-01-01": 400, "2026-01-03": 100})
    add_user(300, {"2026-01-02": 300})
    first = 1_767_225_600  # 2026-01-01
    assert amounts(f"{USERS}?offset={first - DAY}") == amounts(f"{USERS}?offset={first}") == [500, 300]
    assert amounts(f"{USERS}?offset={first + DAY}") == [300, 100]
    assert amounts(f"{USERS}?offset={first + 3 * DAY - 1}") == [100]
    assert amounts(f"{USERS}?offset=9999999999") == amounts(f"{USERS}?offset=253402300799") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("limit", 0), ("limit", "x"), ("limit", -1), ("limit", [1]), ("limit", "9" * 1_000_000)]
    + [("offset", -1), ("offset", "now"), ("offset", 253402300800), ("offset", 1.5), ("offset", {"a": 1})],
)
def test_parameters_that_are_none(field, value):
    assert ask(USERS, body={field: value}) == bad(field)


def test_a_service_as_the_document_writes_it():
    row = make_service(name="لایک", description="<p>x</p>", original_price=3000, dripfeed=True)
    ServiceTotal.objects.create(service=row, orders=187)
    row.refresh_from_db()
    service = {
        "id": row.pk,
        "ids": None,
        "uid": None,
        "cate_id": row.category_id,
        "name": "لایک",
        "desc": "<p>x</p>",
        "price": 2000,
        "original_price": 3000,
        "min": 10,
        "max": 10_000,
        "add_type": "api",
        "type": "default",
        "api_service_id": None,
        "api_provider_id": None,
        "dripfeed": 1,
        "status": 1,
        "changed": unix(row.changed),
        "created": unix(row.created),
    }
    told = {"service_id": row.pk, "count": 187, "service": service}
    status, answer = ask(SERVICES)
    assert (status, answer) == (200, {"status": 200, "services": [told]})
    assert list(answer["services"][0]["service"]) == list(service)


def test_ten_services_most_ordered_first():
    rows = [make_service() for _ in range(12)]
    for orders, row in enumerate(rows, start=1):
        ServiceTotal.objects.create(service=row, orders=orders)
    listed = [one["service_id"] for one in ask(SERVICES)[1]["services"]]
    assert listed == [row.pk for row in reversed(rows)][:10]


def test_no_request_reads_orders():
    add_user(500, {"2026-01-01": 400, "2026-01-03": 100})
    ServiceTotal.objects.create(service=make_service(), orders=1)
    with CaptureQueriesContext(connection) as queries:
        for path in (USERS, f"{USERS}?offset=1767312000", SERVICES):
            ask(path)
    assert len(queries) == 6
    assert [query for query in queries if "orders_order" in query["sql"]] == []
