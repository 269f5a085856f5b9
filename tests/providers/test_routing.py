"""Which route is chosen: by priority, cost or health, past those that rest, with one trial after each rest."""

from datetime import timedelta

import pytest
import redis
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from orders.models import Order, Service
from providers import resting
from providers.adapters.base import AccountProblem, Placed, Rejected, Unavailable, Unclear
from providers.forwarding import claim_orders
from providers.models import Dispatch, Provider, Route, RouteHealth
from providers.recording import record_outcomes
from providers.resting import needs_rest, rate_outcome, rest_seconds, use_again
from providers.routing import choose_routes
from tests.factories import make_customer, make_provider, make_route
from tests.providers.steps import CHARGE, list_states, look, make_all_due, place
from tests.together import run_together

PLACED = Placed("1", None, "")


@pytest.fixture
def routes(way, sandbox):
    """Three routes of the service, to a provider each: priorities 10, 20, 30."""
    _, service, first = way
    others = [make_provider(sandbox.url), make_provider(sandbox.url)]
    for provider, priority in zip(others, (20, 30), strict=True):
        make_route(service, provider, priority=priority)
    return list(Route.objects.order_by("priority"))


def choose(*order_ids):
    """The routes that these orders would take."""
    with transaction.atomic():
        orders = list(Order.objects.select_related("service").filter(pk__in=order_ids).order_by("id"))
        chosen = choose_routes(orders)
        return [chosen[pk].pk if pk in chosen else None for pk in order_ids]


def sent_by(route, order_id):
    """A dispatch of the order by that route, as a claim makes it."""
    row = Dispatch.objects.create(
        order_id=order_id,
        provider=route.provider,
        route=route,
        upstream_service="1",
        idempotency_key=f"key-{route.pk}-{Dispatch.objects.count()}",
    )
    Order.objects.filter(pk=order_id).update(forwarding="sending", next_try_at=None)
    return row


def answer(route, way, *outcomes):
    """Orders sent by the route at once, answered in one batch."""
    customer = make_customer(len(outcomes) * CHARGE)
    rows = [sent_by(route, place(customer, way[1])) for _ in outcomes]
    numbered = [
        Placed(f"up-{row.pk}", None, "") if outcome is PLACED else outcome
        for row, outcome in zip(rows, outcomes, strict=True)
    ]
    record_outcomes([(row.pk, row.order_id, outcome) for row, outcome in zip(rows, numbered, strict=True)])
    route.refresh_from_db()


def let_rest(route, rests=1, seconds=3600):
    Route.objects.filter(pk=route.pk).update(rests=rests, rests_until=Now() + timedelta(seconds=seconds))
    route.refresh_from_db()


def failures(count):
    return [Unavailable("away") for _ in range(count)]


def rest_left(route):
    route.refresh_from_db()
    return (route.rests_until - timezone.now()).total_seconds()


def test_the_cheapest_in_toman_goes_first_and_an_unknown_cost_last(way, routes):
    Service.objects.update(route_choice="cost")
    order_id = place(way[0], way[1])
    for route, cost, rate in zip(routes, (None, 3, 2), (1, 1000, 2000), strict=True):
        Route.objects.filter(pk=route.pk).update(cost=cost)
        Provider.objects.filter(pk=route.provider_id).update(rate=rate)
    assert choose(order_id) == [routes[1].pk]
    Provider.objects.filter(pk=routes[2].provider_id).update(rate=1000)
    assert choose(order_id) == [routes[2].pk]
    Route.objects.filter(pk=routes[1].pk).update(cost=2)
    assert choose(order_id) == [routes[1].pk]
    Route.objects.update(cost=None)
    assert choose(order_id) == [routes[0].pk]


def test_the_healthiest_goes_first_and_equals_by_priority(way, routes):
    Service.objects.update(route_choice="health")
    order_id = place(way[0], way[1])
    assert choose(order_id) == [routes[0].pk]
    RouteHealth.objects.create(route=routes[2], score=0.9)
    assert choose(order_id) == [routes[2].pk]
    RouteHealth.objects.create(route=routes[1], score=0.9)
    assert choose(order_id) == [routes[1].pk]
    RouteHealth.objects.update(score=0.1)
    assert choose(order_id) == [routes[0].pk]


def test_cost_and_health_count_for_their_services_alone(way, routes):
    Route.objects.filter(pk=routes[2].pk).update(cost=1)
    RouteHealth.objects.create(route=routes[1], score=1)
    assert choose(place(way[0], way[1])) == [routes[0].pk]


def test_100_orders_are_given_routes_in_three_queries(way, routes, django_assert_num_queries):
    customer = make_customer(100 * CHARGE)
    ids = [place(customer, way[1]) for _ in range(100)]
    Order.objects.update(tries=1)
    orders = list(Order.objects.select_related("service"))
    with django_assert_num_queries(3):
        assert {route.pk for route in choose_routes(orders).values()} == {routes[0].pk}
    assert len(ids) == 100


def test_a_resting_route_is_passed_by(way, routes):
    let_rest(routes[0])
    assert choose(place(way[0], way[1])) == [routes[1].pk]


def test_orders_wait_unrefunded_while_all_routes_rest(way, routes):
    for route in routes:
        let_rest(route)
    order_id = place(way[0], way[1])
    assert claim_orders(10) == []
    order = Order.objects.get(pk=order_id)
    assert (look(order_id), list_states(order_id)) == (("pending", "queued", 0, None), [])
    assert (order.reason, order.next_try_at > timezone.now()) == ("no provider is available", True)
    assert use_again(routes[1].pk) is True
    make_all_due()
    assert [claim.order_id for claim in claim_orders(10)] == [order_id]
    assert Dispatch.objects.get().route_id == routes[1].pk


def test_a_refusal_by_the_last_open_route_waits_for_a_resting_one(way, routes):
    """A rest is no refusal: the money comes back only when every route has refused."""
    let_rest(routes[2])
    order_id = place(way[0], way[1])
    for route in routes[:2]:
        row = sent_by(route, order_id)
        record_outcomes([(row.pk, order_id, Rejected("no"))])
    assert look(order_id) == ("pending", "queued", 0, None)
    assert choose(order_id) == [None]


def test_after_the_rest_one_order_tries_and_the_others_pass_it_by(way, routes):
    let_rest(routes[0], seconds=-1)
    ids = [place(way[0], way[1]) for _ in range(3)]
    assert choose(*ids) == [routes[0].pk, routes[1].pk, routes[1].pk]
    assert choose(*ids) == [routes[1].pk] * 3
    assert rest_left(routes[0]) > 100


def test_no_trial_is_taken_of_a_route_that_nobody_would_choose(way, routes):
    let_rest(routes[2], seconds=-1)
    assert choose(place(way[0], way[1])) == [routes[0].pk]
    assert rest_left(routes[2]) < 0


@pytest.mark.django_db(transaction=True)
def test_of_many_claims_at_once_one_gets_the_trial(way, routes):
    Route.objects.filter(pk__in=[routes[1].pk, routes[2].pk]).update(active=False)
    for _ in range(5):
        let_rest(routes[0], seconds=-1)
        Dispatch.objects.all().delete()
        Order.objects.all().delete()
        for _ in range(6):
            place(make_customer(CHARGE), way[1])
        shares = run_together(*[lambda: claim_orders(2)] * 4)
        assert sum(map(len, shares)) == Dispatch.objects.count() == 1


def trial(way, routes, rests=1):
    """`(order id, Dispatch)` of the trial of the first route after so many rests in a row."""
    let_rest(routes[0], rests=rests, seconds=-1)
    order_id = place(way[0], way[1])
    claim_orders(10)
    row = Dispatch.objects.get(order=order_id)
    assert row.route_id == routes[0].pk
    return order_id, row


def test_a_trial_that_succeeds_ends_the_rest(way, routes):
    order_id, row = trial(way, routes, rests=4)
    record_outcomes([(row.pk, order_id, PLACED)])
    routes[0].refresh_from_db()
    assert (routes[0].rests, routes[0].rests_until, look(order_id)[1]) == (0, None, "accepted")


@pytest.mark.parametrize("outcome", [Unavailable("away"), Unclear("half an answer"), Rejected("no")])
def test_a_trial_that_fails_makes_the_rest_longer(way, routes, outcome):
    order_id, row = trial(way, routes, rests=2)
    record_outcomes([(row.pk, order_id, outcome)])
    assert rest_seconds(3) - 60 < rest_left(routes[0]) <= rest_seconds(3)
    assert routes[0].rests == 3


def test_a_trial_whose_worker_died_is_repeated_after_its_lease(way, routes, settings):
    trial(way, routes)
    assert choose(place(way[0], way[1])) == [routes[1].pk]
    assert settings.DISPATCH_LEASE_SECONDS - 60 < rest_left(routes[0]) <= settings.DISPATCH_LEASE_SECONDS
    Route.objects.filter(pk=routes[0].pk).update(rests_until=Now())
    assert choose(place(way[0], way[1])) == [routes[0].pk]


@pytest.mark.parametrize("outcome", [PLACED, Unavailable("away")])
def test_what_was_sent_before_the_rest_neither_ends_nor_prolongs_it(way, routes, outcome):
    order_id = place(way[0], way[1])
    row = sent_by(routes[0], order_id)
    let_rest(routes[0], seconds=rest_seconds(1))
    before = routes[0].rests_until
    record_outcomes([(row.pk, order_id, outcome)])
    routes[0].refresh_from_db()
    assert (routes[0].rests, routes[0].rests_until) == (1, before)


def test_a_row_of_failures_sends_a_route_to_rest(way, routes, settings):
    answer(routes[0], way, *failures(settings.ROUTE_REST_FAILURES - 1))
    assert routes[0].rests == 0
    answer(routes[0], way, Unclear("half an answer"))
    assert routes[0].rests == 1
    assert rest_seconds(1) - 60 < rest_left(routes[0]) <= rest_seconds(1)
    assert [route.rests for route in Route.objects.order_by("priority")] == [1, 0, 0]


def test_a_success_between_ends_the_row(way, routes, settings):
    for _ in range(2):
        answer(routes[0], way, *failures(settings.ROUTE_REST_FAILURES - 1))
        answer(routes[0], way, PLACED)
    assert routes[0].rests == 0


def test_what_says_nothing_of_the_route_does_not_count(way, routes):
    answer(routes[0], way, *[Unavailable("slow down", retry_after_seconds=1) for _ in range(30)])
    assert routes[0].rests == 0


def test_a_route_that_refuses_everything_rests(way, routes, settings):
    refusals = [Rejected("no") for _ in range(settings.ROUTE_REST_WINDOW)]
    answer(routes[0], way, *refusals[:-1])
    assert routes[0].rests == 0
    answer(routes[0], way, refusals[-1])
    assert routes[0].rests == 1


def test_after_a_rest_the_count_begins_anew(way, routes, settings):
    answer(routes[0], way, *failures(settings.ROUTE_REST_FAILURES))
    Route.objects.filter(pk=routes[0].pk).update(rests_until=Now())
    make_all_due()
    claims = claim_orders(1)
    assert Dispatch.objects.get(pk=claims[0].dispatch_id).route_id == routes[0].pk
    record_outcomes([(claims[0].dispatch_id, claims[0].order_id, PLACED)])
    answer(routes[0], way, *failures(settings.ROUTE_REST_FAILURES - 1))
    assert routes[0].rests == 0


def test_between_two_looks_healthy_batches_cost_no_query(way, routes, django_assert_num_queries, monkeypatch):
    monkeypatch.setitem(resting._seen, "until", 0.0)
    monkeypatch.setattr(resting, "LOOK_SECONDS", 600)
    answer(routes[0], way, PLACED)
    customer = make_customer(40 * CHARGE)
    rows = [sent_by(routes[0], place(customer, way[1])) for _ in range(40)]
    results = [(row.pk, row.order_id, Placed(f"up-{row.pk}", None, "")) for row in rows]
    with django_assert_num_queries(0):
        resting.note_outcomes(results)


def test_without_redis_outcomes_are_recorded_and_no_route_rests(way, routes, monkeypatch):
    nobody = redis.Redis(port=1, socket_connect_timeout=0.2)
    monkeypatch.setattr(resting, "connect", lambda: nobody)
    answer(routes[0], way, *failures(9))
    assert (routes[0].rests, set(Dispatch.objects.values_list("state", flat=True))) == (0, {"unavailable"})


@pytest.mark.parametrize(
    ("ratings", "rests"),
    [
        ("", False),
        ("ffff", False),
        ("fffff", True),
        ("fffffs", True),
        ("sfffff", False),
        ("fs" * 10, True),
        ("fs" * 9 + "ss", False),
        ("r" * 19, False),
        ("r" * 20, True),
        ("rs" * 10, False),
        ("r" * 11 + "s" * 9, True),
        ("r" * 10 + "s" * 10, False),
        ("fffsr" + "s" * 15, False),
    ],
)
def test_when_the_last_outcomes_ask_for_a_rest(ratings, rests):
    assert needs_rest(list(ratings)) is rests


@pytest.mark.parametrize(
    ("outcome", "rating"),
    [
        (PLACED, "s"),
        (Rejected("no"), "r"),
        (AccountProblem("key"), None),
        (Unavailable("away"), "f"),
        (Unavailable("slow down", retry_after_seconds=0), None),
        (Unclear("half an answer"), "f"),
        (KeyError("a fault of ours"), "f"),
    ],
)
def test_what_an_outcome_says_of_its_route(outcome, rating):
    assert rate_outcome(outcome) == rating


def test_rests_double_up_to_an_hour_and_outlast_a_lease(settings):
    settings.DISPATCH_LEASE_SECONDS = 120
    assert [rest_seconds(rests) for rests in (1, 2, 3, 5, 6, 100)] == [150, 300, 600, 2400, 3600, 3600]
    settings.DISPATCH_LEASE_SECONDS = 200
    assert rest_seconds(1) == 210


def test_use_again_is_for_resting_routes(way, routes):
    let_rest(routes[0], rests=7)
    assert (use_again(routes[0].pk), use_again(routes[0].pk)) == (True, False)
    routes[0].refresh_from_db()
    assert (routes[0].rests, routes[0].rests_until) == (0, None)
    assert choose(place(way[0], way[1])) == [routes[0].pk]
