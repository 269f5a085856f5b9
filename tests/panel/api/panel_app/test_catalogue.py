"""`services` and `categories`: who sees what, in which order, and from where."""

import gzip
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Category, Service
from panel.api.panel_app.base import unix
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.panel_app.calls import ask, client

SERVICES, CATEGORIES = "services", "categories"
pytestmark = pytest.mark.django_db


def ids(path, **call):
    status, told = ask(path, **call)
    assert (status, told["status"]) == (200, 200)
    return [row["id"] for row in told[path.partition("?")[0].strip("/")]]


def bad(field):
    return 200, {"status": 400, "message": f"مقدار فیلد {field} نامعتبر است"}


def test_a_service_as_the_document_writes_it():
    row = make_service(name="لایک", description="<p>x</p>", original_price=3000, dripfeed=True)
    row.refresh_from_db()
    told = {
        "id": row.pk,
        "cate_id": row.category_id,
        "name": "لایک",
        "desc": "<p>x</p>",
        "price": 2000,
        "original_price": 3000,
        "min": 10,
        "max": 10_000,
        "dripfeed": 1,
        "status": 1,
        "changed": unix(row.changed),
        "created": unix(row.created),
    }
    status, answer = ask(SERVICES)
    assert (status, answer, list(answer["services"][0])) == (
        200,
        {"status": 200, "services": [told]},
        list(told),
    )


def test_a_package_is_never_dripfed():
    make_service(type="package", dripfeed=True)
    assert ask(SERVICES)[1]["services"][0]["dripfeed"] == 0


def test_a_category_as_the_document_writes_it():
    row = Category.objects.create(name="لایک", description="x", sort=3)
    row.refresh_from_db()
    told = {
        "id": row.pk,
        "name": "لایک",
        "desc": "x",
        "image": None,
        "sort": 3,
        "status": 1,
        "changed": unix(row.changed),
        "created": unix(row.created),
    }
    status, answer = ask(CATEGORIES)
    assert (status, answer, list(answer["categories"][0])) == (
        200,
        {"status": 200, "categories": [told]},
        list(told),
    )
    Category.objects.update(active=False)
    assert ids(CATEGORIES) == []


def test_filters_from_the_query_and_from_a_body():
    sold, other = make_service(), make_service()
    paused = make_service(category=sold.category, active=False)
    closed = make_service(category=Category.objects.create(name="Closed", active=False))
    assert ids(SERVICES) == [other.pk, sold.pk]
    assert ids(f"{SERVICES}?status=1") == [other.pk, sold.pk]
    assert ids(SERVICES, body={"status": "0"}) == [closed.pk, paused.pk]
    assert ids(SERVICES, body={"cate_id": sold.category_id}) == [sold.pk]
    assert ids(f"{SERVICES}/?cate_id={sold.category_id}&status=0&order_by=") == [paused.pk]
    assert ids(f"{SERVICES}?cate_id={closed.category_id + 1}") == []
    assert {row["status"] for row in ask(f"{SERVICES}?status=0")[1]["services"]} == {0}


@pytest.mark.parametrize("name", ["id", "name", "price", "min", "max", "created", "changed"])
def test_services_in_every_order(name):
    first, second = make_service(name="a", price=1, min=1, max=10), make_service(name="b", min=2)
    low, high = [first.pk, second.pk], [second.pk, first.pk]
    assert (ids(f"{SERVICES}?order_by={name}"), ids(f"{SERVICES}?order_by=-{name}")) == (low, high)


@pytest.mark.parametrize("name", ["id", "name", "sort", "created", "changed"])
def test_categories_in_every_order(name):
    first, second = (Category.objects.create(name=name, sort=sort) for name, sort in (("a", 1), ("b", 2)))
    low, high = [first.pk, second.pk], [second.pk, first.pk]
    assert (ids(f"{CATEGORIES}?order_by={name}"), ids(f"{CATEGORIES}?order_by=-{name}")) == (low, high)


def test_rows_alike_go_by_their_ids():
    rows = [make_service().pk for _ in range(3)]
    assert (ids(f"{SERVICES}?order_by=price"), ids(f"{SERVICES}?order_by=-price")) == (rows, rows[::-1])


@pytest.mark.parametrize(
    "order", ["sort", "--id", "-", "ID", "id,name", "category__name", "\x00", "x" * 1_000_000]
)
def test_an_unknown_order_of_services(order):
    assert ask(SERVICES, body={"order_by": order}) == bad("order_by")


@pytest.mark.parametrize("order", [5, True, ["id"], {"id": 1}, "price"])
def test_an_unknown_order_of_categories(order):
    assert ask(CATEGORIES, body={"order_by": order}) == bad("order_by")


@pytest.mark.parametrize("field", ["cate_id", "status"])
@pytest.mark.parametrize("value", ["x", "-1", "1.0", 1.5, 2**63, True, [1], {"a": 1}, "9" * 1_000_000])
def test_a_filter_that_is_none(field, value):
    assert ask(SERVICES, body={field: value}) == bad(field)


def test_a_body_that_is_no_json():
    deep = "[" * 100_000 + "]" * 100_000
    for body in ("{", "[]", '"x"', f'{{"order_by": {deep}}}'):
        response = client.generic("GET", "/api/v1/services", body, "application/json")
        assert (response.status_code, response.json()["status"]) == (200, 400)


def test_nobody_has_to_say_who_they_are():
    row = make_service()
    customer = make_customer()
    for contract in ("panel_app", "standard", "gray_city"):
        assert ids(SERVICES, key=make_key(customer, contract)) == [row.pk]
    assert ids(SERVICES, key="nobody's") == [row.pk]
    assert ids(CATEGORIES, key="nobody's") == [row.category_id]


@pytest.mark.parametrize("path", [SERVICES, CATEGORIES])
def test_an_unchanged_list_is_not_sent_again(path):
    row = make_service()
    first = client.get(f"/api/v1/{path}")
    etag = first.headers["ETag"]
    assert (first.headers["Vary"], first.headers["Cache-Control"]) == (
        "Accept-Encoding, Authorization",
        "private, no-cache",
    )
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        again = client.get(f"/api/v1/{path}", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    other = client.get(f"/api/v1/{path}?order_by=name", headers={"If-None-Match": etag})
    assert (other.status_code, other.headers["ETag"] == etag) == (200, False)
    Category.objects.filter(pk=row.category_id).update(name="Other")
    changed = client.get(f"/api/v1/{path}", headers={"If-None-Match": etag})
    assert (changed.status_code, changed.headers["ETag"] == etag) == (200, False)


def test_a_list_is_compressed_for_who_takes_it():
    make_service()
    plain = client.get("/api/v1/services")
    zipped = client.get("/api/v1/services", headers={"Accept-Encoding": "gzip, br"})
    assert (zipped.headers["Content-Encoding"], gzip.decompress(zipped.content)) == ("gzip", plain.content)
    assert zipped.headers["ETag"] != plain.headers["ETag"]


def test_ten_thousand_services_in_one_query():
    shelf = Category.objects.create(name="Large")
    Service.objects.bulk_create(
        Service(category=shelf, name=f"s{n}", price=n, min=1, max=10) for n in range(10_000)
    )
    with CaptureQueriesContext(connection) as first:
        answer = client.get("/api/v1/services?order_by=price")
    rows = json.loads(answer.content)["services"]
    assert (len(rows), rows[-1]["price"]) == (10_000, 9999)
    with CaptureQueriesContext(connection) as second:
        assert client.get("/api/v1/services?order_by=price").content == answer.content
    (version,) = [query["sql"] for query in second]
    assert ('"orders_catalogueversion"' in version, len(first)) == (True, 2)
    with CaptureQueriesContext(connection) as third:
        client.get("/api/v1/services?order_by=price", headers={"If-None-Match": answer.headers["ETag"]})
    assert [query["sql"] for query in third] == [version]


def test_a_walk_through_the_categories_keeps_the_whole_list():
    for _ in range(20):
        make_service()
    whole = client.get("/api/v1/services").content
    for category_id in Category.objects.values_list("pk", flat=True):
        assert len(ids(f"{SERVICES}?cate_id={category_id}")) == 1
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/api/v1/services").content == whole
    assert len(queries) == 1
