"""Finding a customer's orders: by everything they are, in bounded steps, and by days."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Order
from orders.parts.making import make_part
from orders.searching import OrderFilter, list_used_services, search_orders
from orders.services import place_order
from tests.factories import make_customer, make_service

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def customer():
    return make_customer(toman=1_000_000)


@pytest.fixture
def service():
    return make_service()


@pytest.fixture
def place(customer, service):
    """Place an order, `days` after the first of November."""

    def make(days=0, by=None, of=None, link="https://t.me/x", **state):
        values = {"link": link, "quantity": 10}
        placed = place_order((by or customer).pk, "dashboard", (of or service).pk, values)
        Order.objects.filter(pk=placed.order_id).update(created=NOON + timedelta(days=days), **state)
        return placed.order_id

    return make


def find(customer, **wanted):
    return search_orders(customer.pk, OrderFilter(**wanted)).ids


def test_every_filter_and_all_together_find_what_they_name(customer, place):
    other = make_service(name="Views")
    first, second = place(), place(of=other, status="completed", link="https://Instagram.com/p/50%_off")
    third = place(of=other, status="in_progress")
    place(by=make_customer(toman=1_000))
    assert find(customer) == [third, second, first]
    assert find(customer, status="completed") == [second]
    assert find(customer, status="open") == [third, first]
    assert find(customer, service_id=other.pk) == [third, second]
    assert find(customer, words="instagram.COM") == [second]
    assert find(customer, words="0%_O") == [second]
    assert find(customer, words="%") == [second]
    assert find(customer, order_id=first) == [first]
    assert find(customer, order_id=first, status="completed") == []
    everything = {"status": "completed", "service_id": other.pk, "words": "t", "since": NOON}
    assert find(customer, **everything, until=NOON + timedelta(days=1)) == [second]


def test_a_search_that_finds_nothing_reads_no_table_from_end_to_end(customer, place):
    first = place()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_order (customer_id, service_id, channel, link, quantity, charge)"
            " SELECT customer_id, service_id, channel, link, quantity, charge"
            " FROM orders_order, generate_series(1, 20000) WHERE id = %s",
            [first],
        )
        cursor.execute("ANALYZE orders_order")
        with CaptureQueriesContext(connection) as queries:
            assert find(customer, status="error") == []
        cursor.execute(f"EXPLAIN {queries[-1]['sql']}")
        plan = [line for (line,) in cursor.fetchall()]
    assert [line for line in plan if "Seq Scan" in line] == []


def test_nobody_finds_anothers_by_number(place):
    assert find(make_customer(), order_id=place()) == []


def test_a_page_looks_at_so_many_rows_and_goes_on_where_it_stopped(customer, place):
    ids = [place(days=number, status="completed" if number in (0, 7) else "pending") for number in range(8)]
    wanted = OrderFilter(status="completed")
    page = search_orders(customer.pk, wanted, looked=3)
    assert (page.ids, page.older, page.reached) == ([ids[7]], ids[5], NOON + timedelta(days=5))
    page = search_orders(customer.pk, wanted, page.older, looked=3)
    assert (page.ids, page.older, page.reached) == ([], ids[2], NOON + timedelta(days=2))
    page = search_orders(customer.pk, wanted, page.older, looked=3)
    assert (page.ids, page.older, page.reached) == ([ids[0]], None, None)


def test_full_pages_follow_each_other_without_gap_or_repetition(customer, place):
    ids = [place() for _ in range(7)]
    seen, before = [], None
    for _ in range(3):
        page = search_orders(customer.pk, OrderFilter(), before, size=3)
        seen, before = [*seen, page.ids], page.older
    assert seen == [ids[:3:-1], ids[3:0:-1], ids[:1]]
    assert before is None


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (None, None, range(9)),
        (NOON + timedelta(days=3), None, range(3, 9)),
        (NOON + timedelta(days=3, seconds=1), None, range(4, 9)),
        (None, NOON + timedelta(days=3), range(3)),
        (NOON + timedelta(days=2), NOON + timedelta(days=5), range(2, 5)),
        (NOON - timedelta(days=9), NOON, []),
        (NOON + timedelta(days=9), None, []),
        (NOON + timedelta(days=5), NOON + timedelta(days=2), []),
    ],
)
def test_days_are_found_among_many_without_reading_the_others(customer, place, since, until, found):
    other = make_customer(toman=10_000)
    ids = []
    for number in range(9):
        ids.append(place(days=number))
        place(by=other, days=number)
    wanted = OrderFilter(since=since, until=until)
    page = search_orders(customer.pk, wanted, looked=9)
    assert page.ids == [ids[number] for number in reversed(found)]


def test_days_are_found_in_a_list_far_longer_than_what_a_page_looks_at(customer, place):
    ids = [place(days=number) for number in range(40)]
    wanted = OrderFilter(since=NOON + timedelta(days=4), until=NOON + timedelta(days=5))
    assert search_orders(customer.pk, wanted, looked=2).ids == [ids[4]]


def test_somebody_without_orders_finds_none_on_any_day(customer):
    assert find(customer, since=NOON, until=NOON) == []


def test_plans_are_found_by_kind_and_their_parts_never(customer, place):
    drip = make_service(dripfeed=True)
    values = {"link": "https://t.me/x", "quantity": 10, "runs": 3, "interval": 30}
    feed = place_order(customer.pk, "dashboard", drip.pk, values).order_id
    values = {"username": "someone", "min": 10, "max": 10, "posts": 5}
    followed = place_order(customer.pk, "dashboard", make_service(type="subscriptions").pk, values).order_id
    part = make_part(Order.objects.get(pk=feed), "https://t.me/x", 10)
    whole = place()
    assert find(customer, kind="drip_feed") == [feed]
    assert find(customer, kind="subscription") == [followed]
    assert find(customer, kind="plans") == [followed, feed]
    assert find(customer, kind="plans", words="t.me") == [feed]
    assert find(customer) == [whole, followed, feed]
    assert find(customer, order_id=part.pk) == []
    page = search_orders(customer.pk, OrderFilter(kind="plans"), size=1)
    assert (page.ids, search_orders(customer.pk, OrderFilter(kind="plans"), page.older).ids) == (
        [followed],
        [feed],
    )
    assert search_orders(customer.pk, OrderFilter(kind="plans", status="error"), looked=1).older == followed


def test_the_services_of_the_latest_orders_are_known(customer, place):
    service = place(), make_service()
    place(of=service[1])
    assert list_used_services(customer.pk, looked=1) == {service[1].pk}
    assert len(list_used_services(customer.pk)) == 2
