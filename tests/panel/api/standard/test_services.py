"""`services`: what is sold, at this key's rate, from rendered bytes that never go stale."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Category, Service
from orders.service_types import TYPE_RULES, ServiceType
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.standard.conftest import client


@pytest.fixture
def ask(key):
    def get(key=key, **headers):
        return client.post("/api/v2", {"key": key, "action": "services"}, headers=headers)

    return get


def ids(answer):
    return [row["service"] for row in answer.json()]


def test_a_service_as_the_contract_writes_it(ask, service):
    assert ask().json() == [
        {
            "service": service.pk,
            "name": "Likes",
            "type": "Default",
            "category": "Instagram",
            "rate": "2000.00",
            "min": "10",
            "max": "10000",
            "refill": False,
            "cancel": True,
            "dripfeed": False,
            "desc": "",
        }
    ]


@pytest.mark.parametrize(
    ("price", "discount", "rate"),
    [(2000, 0, "2000.00"), (2000, 7, "1860.00"), (333, 33, "223.11"), (1, 99, "0.01"), (5, 100, "0.00")]
    + [(0, 10, "0.00"), (10**10, 1, "9900000000.00"), (9_999_999_999, 1, "9899999999.01")],
)
def test_the_rate_is_exact_after_the_discount(ask, price, discount, rate):
    make_service(price=price)
    assert ask(key=make_key(make_customer(discount=discount))).json()[0]["rate"] == rate


def test_what_cannot_be_ordered_is_not_listed(ask):
    shelf = Category.objects.create(name="Closed", active=False)
    make_service(category=shelf)
    make_service(active=False)
    sold = {kind: make_service(type=kind).pk for kind in ServiceType}
    listed = {sold[kind] for kind in TYPE_RULES if kind != ServiceType.ADS}  # the contract has no such type
    assert set(ids(ask())) == listed


def test_shelves_come_in_their_order(ask):
    late = make_service(category=Category.objects.create(name="B", sort=2))
    early = make_service(category=Category.objects.create(name="C", sort=1))
    earlier = make_service(category=early.category)
    assert ids(ask()) == [early.pk, earlier.pk, late.pk]


def test_names_are_readable_text(ask):
    make_service(name="لایک “خوب”", description="x\ny")
    answer = ask()
    assert "لایک" in answer.content.decode()
    assert (answer.json()[0]["name"], answer.json()[0]["desc"]) == ("لایک “خوب”", "x\ny")


def test_an_unchanged_list_is_not_sent_again(ask, service):
    first = ask()
    again = ask(**{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert ask(**{"If-None-Match": '"other"'}).content == first.content


@pytest.mark.parametrize(
    "change",
    [
        lambda service: Service.objects.filter(pk=service.pk).update(price=2001),
        lambda service: Service.objects.filter(pk=service.pk).update(active=False),
        lambda service: Service.objects.filter(pk=service.pk).delete(),
        lambda service: Category.objects.filter(pk=service.category_id).update(name="Other"),
        lambda service: Category.objects.filter(pk=service.category_id).update(active=False),
        lambda service: make_service(category=service.category),
        lambda service: connection.cursor().execute("UPDATE orders_service SET name = 'by hand'"),
    ],
    ids=["price", "paused", "deleted", "shelf renamed", "shelf paused", "added", "plain SQL"],
)
def test_a_change_shows_at_once(ask, service, change):
    before = ask()
    change(service)
    after = ask(**{"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.content != before.content
    assert after.headers["ETag"] != before.headers["ETag"]


def test_another_discount_is_another_list(ask, service):
    other = make_key(make_customer(discount=50))
    full, half = ask(), ask(key=other)
    assert (full.json()[0]["rate"], half.json()[0]["rate"]) == ("2000.00", "1000.00")
    assert ask(key=other, **{"If-None-Match": full.headers["ETag"]}).content == half.content


def test_a_new_discount_counts_at_once(ask, service, customer):
    ask()
    customer.discount = 25
    customer.save()
    assert ask().json()[0]["rate"] == "1500.00"


def test_a_stranger_gets_no_list(ask, service):
    etag = ask().headers["ETag"]
    answer = ask(key="wrong", **{"If-None-Match": etag})
    assert (answer.status_code, answer.json()) == (200, {"error": "Invalid API key"})


def test_ten_thousand_services_in_one_query(ask):
    shelf = Category.objects.create(name="Large")
    Service.objects.bulk_create(
        Service(category=shelf, name=f"s{n}", price=n, min=1, max=10) for n in range(10_000)
    )
    with CaptureQueriesContext(connection) as first:
        answer = ask()
    # Beside the list: what the process remembers of services, and each time the prepared one that knows the key.
    assert len([query for query in first if "SAVEPOINT" not in query["sql"]]) == 3
    rows = json.loads(answer.content)
    assert (len(rows), rows[-1]["rate"]) == (10_000, "9999.00")
    with CaptureQueriesContext(connection) as second:
        assert ask().content == answer.content
    assert len([query for query in second if "SAVEPOINT" not in query["sql"]]) == 1
