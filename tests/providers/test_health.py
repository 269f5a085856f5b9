"""How routes' health is measured, and the score that is made of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order
from providers.health import NEUTRAL_SCORE, Measure, compute_score, measure_routes
from providers.models import Dispatch, Route, RouteHealth
from providers.tasks import measure_routes as measure_task
from tests.factories import make_customer, make_provider, make_route, make_service

HOUR = 3600


@pytest.fixture
def route(db):
    return make_route(make_service(), make_provider("http://127.0.0.1:1"))


def add(route, state="accepted", status="completed", seconds=60, age=timedelta(hours=1), **fields):
    """A dispatch by the route, so old, whose order ended as `status` so many seconds after its acceptance."""
    taken = timezone.now() - age
    ended = taken + timedelta(seconds=seconds) if status in Order.FINAL else None
    order = Order.objects.create(
        customer=make_customer(),
        service=route.service,
        channel="standard",
        link="https://example.com/p",
        quantity=100,
        charge=10,
        status=status,
        settled_at=ended,
        **fields,
    )
    row = Dispatch.objects.create(
        order=order,
        provider=route.provider,
        route=route,
        upstream_service="1",
        idempotency_key=f"key-{order.pk}",
        state=state,
        answered_at=taken,
        created=taken,
    )
    Dispatch.objects.filter(pk=row.pk).update(created=taken)
    return row


def look(route):
    """The stored counts of a route."""
    names = ("sent", "refused", "failed", "finished", "cut_short", "median_seconds")
    return RouteHealth.objects.filter(route=route).values_list(*names).get()


def test_each_end_is_counted_once(route):
    for seconds in (10, 30, 5000):
        add(route, seconds=seconds)
    add(route, status="partial")
    add(route, status="canceled")
    add(route, status="in_progress")
    for state in ("rejected", "rejected", "unavailable", "unclear", "missing"):
        add(route, state=state, status="pending")
    assert measure_routes() == 1
    assert look(route) == (11, 2, 3, 3, 2, 30)


def test_what_is_being_sent_and_what_the_customer_ended_is_not_held_against_it(route):
    add(route, state="sending", status="pending")
    add(route, status="canceled", cancel_requested_at=timezone.now())
    add(route, status="partial", cancel_requested_at=timezone.now())
    measure_routes()
    assert look(route) == (2, 0, 0, 0, 0, None)


def test_an_order_that_a_route_refused_and_another_finished_is_the_others_success(route):
    row = add(route, state="rejected")
    other = make_route(route.service, route.provider, "2")
    Dispatch.objects.create(
        order=row.order,
        provider=other.provider,
        route=other,
        upstream_service="2",
        idempotency_key="second",
        state="accepted",
        answered_at=row.answered_at,
    )
    assert measure_routes() == 2
    assert (look(route), look(other)) == ((1, 1, 0, 0, 0, None), (1, 0, 0, 1, 0, 60))


def test_the_last_7_days_count_and_older_ones_are_not_even_looked_at(route):
    for days in (30, 9, 8):
        add(route, age=timedelta(days=days), seconds=9 * HOUR)
    assert measure_routes() == 0
    assert look(route) == (0, 0, 0, 0, 0, None)
    add(route, age=timedelta(days=6, hours=23))
    assert measure_routes() == 1
    assert look(route) == (1, 0, 0, 1, 0, 60)


def test_measuring_anew_replaces_what_was(route):
    add(route)
    measure_routes()
    Dispatch.objects.update(state="rejected")
    measure_task()
    assert (look(route), RouteHealth.objects.count()) == ((1, 1, 0, 0, 0, None), 1)


def test_measuring_asks_a_few_queries_however_many_routes_there_are(route, django_assert_max_num_queries):
    for number in range(30):
        add(make_route(route.service, route.provider, f"more-{number}"))
    with django_assert_max_num_queries(12):
        assert measure_routes() == 30
    assert RouteHealth.objects.count() == Route.objects.count() == 31


def test_without_dispatches_every_route_is_neutral(route):
    assert measure_routes() == 0
    assert RouteHealth.objects.get().score == NEUTRAL_SCORE == 0.58


@pytest.mark.parametrize(
    ("measure", "score"),
    [
        (Measure(), 0.58),
        (Measure(sent=1000, finished=1000, median_seconds=60), 0.99),
        (Measure(sent=1000, finished=1000, median_seconds=6 * HOUR), 0.89),
        (Measure(sent=1000, finished=500, cut_short=500, median_seconds=60), 0.5),
        (Measure(sent=1000, refused=1000), 0.01),
        (Measure(sent=1000, failed=1000), 0.01),
        (Measure(sent=2, finished=2, median_seconds=60), 0.61),
        (Measure(sent=2, refused=2), 0.52),
    ],
)
def test_the_score(measure, score):
    assert compute_score(measure) == score
