"""Sums by day and in all: right, the same however often and by how many they are added up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders import stats
from orders.models import Category, CustomerDay, CustomerTotal, Order, ServiceDay, ServiceTotal
from orders.services import cancel_order, place_order
from orders.tasks import sum_days as sum_days_task
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_service
from tests.together import run_together

pytestmark = pytest.mark.django_db
LINK = "https://instagram.com/p/abc"
TODAY = datetime.now(UTC).date()


@pytest.fixture(autouse=True)
def _nothing_kept():
    stats._ranks.clear()


@pytest.fixture
def service():
    return make_service()


def place(customer, service, quantity=100):
    """The id of an order at 2 toman a unit."""
    return place_order(customer.pk, "dashboard", service.pk, {"link": LINK, "quantity": quantity}).order_id


def place_on(day, customer, service, quantity=100):
    """An order of that day and its transfer; the ledger's trigger is told to look away."""
    order_id = place(customer, service, quantity)
    moment = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=23, minutes=59)
    Order.objects.filter(pk=order_id).update(created=moment)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE wallet_transfer DISABLE TRIGGER USER")
        Transfer.objects.filter(reference=str(order_id), kind="charge").update(created=moment)
        cursor.execute("ALTER TABLE wallet_transfer ENABLE TRIGGER USER")
    return order_id


def read_sums():
    return (
        sorted(CustomerDay.objects.values_list("customer_id", "day", "orders", "amount")),
        sorted(CustomerTotal.objects.values_list("customer_id", "orders", "amount")),
        sorted(ServiceDay.objects.values_list("service_id", "day", "orders")),
        sorted(ServiceTotal.objects.values_list("service_id", "orders")),
    )


def test_nothing_to_add_up():
    assert (stats.sum_days(), read_sums()) == (0, ([], [], [], []))


def test_orders_charges_and_refunds_of_a_day(service):
    customer, other = make_customer(toman=10_000), make_customer(toman=10_000)
    free = make_service(price=0)
    place(customer, service)
    cancel_order(customer.pk, place(customer, service, 300))
    parent = place(other, free)
    Order.objects.create(
        parent_id=parent, customer=other, service=free, channel="dashboard", link=LINK, quantity=1, charge=0
    )
    sum_days_task()
    sums = (
        [(customer.pk, TODAY, 2, 200), (other.pk, TODAY, 1, 0)],
        [(customer.pk, 2, 200), (other.pk, 1, 0)],
        [(service.pk, TODAY, 2), (free.pk, TODAY, 1)],
        [(service.pk, 2), (free.pk, 1)],
    )
    assert read_sums() == sums
    sum_days_task()
    assert read_sums() == sums
    place(customer, service, 50)
    sum_days_task()
    assert read_sums() == (
        [(customer.pk, TODAY, 3, 300), (other.pk, TODAY, 1, 0)],
        [(customer.pk, 3, 300), (other.pk, 1, 0)],
        [(service.pk, TODAY, 3), (free.pk, TODAY, 1)],
        [(service.pk, 3), (free.pk, 1)],
    )


def test_money_that_is_no_order_counts_nothing(service):
    make_customer(toman=10_000)
    stats.sum_days()
    assert read_sums() == ([], [], [], [])


def test_days_never_seen_are_filled_once(service):
    customer = make_customer(toman=100_000)
    old, yesterday = TODAY - timedelta(days=100), TODAY - timedelta(days=1)
    place_on(old, customer, service)
    place_on(old + timedelta(days=40), customer, service, 200)
    place_on(yesterday, customer, service, 300)
    assert stats.sum_days() == 4
    days = [(old, 1, 200), (old + timedelta(days=40), 1, 400), (yesterday, 1, 600)]
    assert read_sums() == (
        [(customer.pk, *day) for day in days],
        [(customer.pk, 3, 1200)],
        [(service.pk, *day[:2]) for day in days],
        [(service.pk, 3)],
    )
    place_on(yesterday, customer, service, 10)  # a late commit
    assert stats.sum_days() == 1
    assert read_sums()[1] == [(customer.pk, 4, 1220)]


def test_a_refund_counts_on_the_day_it_is_given(service):
    customer = make_customer(toman=10_000)
    yesterday = TODAY - timedelta(days=1)
    cancel_order(customer.pk, place_on(yesterday, customer, service))
    stats.sum_days()
    assert read_sums()[:2] == (
        [(customer.pk, yesterday, 1, 200), (customer.pk, TODAY, 0, -200)],
        [(customer.pk, 1, 0)],
    )


@pytest.mark.django_db(transaction=True)
def test_runs_at_the_same_time_count_nothing_twice(service):
    customer = make_customer(toman=100_000)
    for days in range(5):
        place_on(TODAY - timedelta(days=days * 40), customer, service)
    run_together(*[stats.sum_days] * 6)
    stats.sum_days()
    assert read_sums()[1] == [(customer.pk, 5, 1000)]


def test_a_run_that_dies_is_gone_on_with(service, monkeypatch):
    customer = make_customer(toman=100_000)
    for days in (100, 60, 0):
        place_on(TODAY - timedelta(days=days), customer, service)
    spans = []

    def die_at_the_third(cursor, start, end, real=stats._sum_span):
        spans.append(start)
        if len(spans) == 3:
            raise RuntimeError
        real(cursor, start, end)

    monkeypatch.setattr(stats, "_sum_span", die_at_the_third)
    with pytest.raises(RuntimeError):
        stats.sum_days()
    assert read_sums()[1] == [(customer.pk, 2, 400)]
    monkeypatch.undo()
    stats.sum_days()
    assert read_sums()[1] == [(customer.pk, 3, 600)]


def test_the_top_customers_ever_and_since_a_day(service):
    rich, late, staff, locked, free = (make_customer(toman=10_000) for _ in range(5))
    place_on(TODAY - timedelta(days=9), rich, service, 1000)
    place(rich, service, 50)
    place(late, service, 500)
    for one in (staff, locked):
        place(one, service, 2000)
    place(free, make_service(price=0))
    type(staff).objects.filter(pk=staff.pk).update(is_staff=True)
    type(locked).objects.filter(pk=locked.pk).update(is_active=False)
    stats.sum_days()

    def top(since=None):
        return [(one.pk, one.order_count, one.spent) for one in stats.find_top_customers(since)]

    ever = [(rich.pk, 2, 2100), (late.pk, 1, 1000)]
    assert top() == top(date(1970, 1, 1)) == top(TODAY - timedelta(days=9)) == ever
    assert top(TODAY - timedelta(days=8)) == top(TODAY) == [(late.pk, 1, 1000), (rich.pk, 1, 100)]
    assert top(TODAY + timedelta(days=1)) == top(date.max) == []


def test_ranks_since_a_day_are_kept_for_a_while(service, monkeypatch):
    customer = make_customer(toman=10_000)
    place_on(TODAY - timedelta(days=9), customer, service)
    place(customer, service)
    stats.sum_days()
    assert stats.find_top_customers(TODAY)[0].spent == 200
    place(customer, service)
    stats.sum_days()
    with CaptureQueriesContext(connection) as queries:
        assert stats.find_top_customers(TODAY)[0].spent == 200
    assert not [query for query in queries if "SUM(" in query["sql"]]
    monkeypatch.setattr(stats, "KEEP_SECONDS", 0)
    assert stats.find_top_customers(TODAY)[0].spent == 400


def test_so_many_ranks_are_kept_and_no_more(service, monkeypatch):
    monkeypatch.setattr(stats, "MAX_KEPT", 2)
    customer = make_customer(toman=10_000)
    place_on(TODAY - timedelta(days=9), customer, service)
    stats.sum_days()
    for days in range(5):
        stats.find_top_customers(TODAY - timedelta(days=days))
    assert list(stats._ranks) == [TODAY - timedelta(days=3), TODAY - timedelta(days=4)]


def test_the_top_services_are_on_sale(service):
    customer = make_customer(toman=10_000)
    closed = make_service(category=Category.objects.create(name="closed"))
    paused, often = make_service(), make_service()
    for row, times in ((service, 1), (often, 3), (paused, 4), (closed, 5)):
        for _ in range(times):
            place(customer, row, 10)
    type(paused).objects.filter(pk=paused.pk).update(active=False)
    Category.objects.filter(pk=closed.category_id).update(active=False)
    stats.sum_days()
    assert [(row.service_id, row.orders) for row in stats.find_top_services()] == [
        (often.pk, 3),
        (service.pk, 1),
    ]


def test_the_totals_are_found_by_their_index(service):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        for model, order in (
            (CustomerTotal, ("-amount", "customer_id")),
            (ServiceTotal, ("-orders", "service_id")),
        ):
            plan = model.objects.order_by(*order)[:10].explain()
            assert f"{'customer_total_amount' if model is CustomerTotal else 'service_total_orders'}" in plan


def test_a_day_ends_at_midnight_utc(service):
    customer = make_customer(toman=10_000)
    order_id = place(customer, service)
    noon = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
    for moment, day in (
        (noon, noon.date()),
        (noon - timedelta(microseconds=1), noon.date() - timedelta(days=1)),
    ):
        CustomerDay.objects.all().delete()
        ServiceDay.objects.all().delete()
        Order.objects.filter(pk=order_id).update(created=moment)
        stats.sum_days()
        assert list(ServiceDay.objects.values_list("day", "orders")) == [(day, 1)]
