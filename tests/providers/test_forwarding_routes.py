"""Which way an order takes: refusals, paused accounts, upstreams that are away, and back to the wallet."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order
from panel.engines.ports import pick_port
from providers.forwarding import claim_orders, forward_orders
from providers.models import Dispatch, Provider, ProviderEvent, Route
from providers.pausing import pause_provider, resume_provider
from tests.factories import make_customer, make_provider, make_route, make_service
from tests.providers.steps import (
    CHARGE,
    PRICE,
    PURSE,
    balance_of,
    forward,
    list_events,
    list_states,
    look,
    place,
    poll,
)


@pytest.fixture
def second(way, sandbox):
    """A second provider for the service, behind the first."""
    provider = make_provider(sandbox.url, key="sandbox-second")
    make_route(way[1], provider, priority=20)
    return provider


@pytest.fixture
def away(way):
    """The first provider moves to an address where nobody listens."""
    provider = way[2]
    provider.url = f"http://127.0.0.1:{pick_port(None)}/api/v2"
    provider.save()
    return provider


def test_a_refusal_without_another_route_gives_the_money_back(way, sandbox):
    customer, service, _ = way
    order_id = place(customer, service, "refuse")
    assert [forward(), forward()] == [1, 0]
    assert look(order_id) == ("error", "refused", CHARGE, None)
    assert (list_states(order_id), list_events(order_id)) == (["rejected"], ["placed", "error"])
    assert balance_of(customer) == PURSE
    assert Dispatch.objects.get().excerpt == '{"error": "neworder.error.link_duplicate"}'
    assert Order.objects.get(pk=order_id).reason == "neworder.error.link_duplicate"
    assert (sandbox.counters()["adds_received"], sandbox.counters()["orders_made"]) == (1, 0)


def test_a_refused_order_takes_the_next_route(way, second, sandbox):
    customer, service, first = way
    order_id = place(customer, service, "refuse/once")
    forward()
    poll()
    assert look(order_id) == ("completed", "accepted", 0, 0)
    states = Dispatch.objects.filter(order=order_id).order_by("id").values_list("provider", "state")
    assert list(states) == [(first.pk, "rejected"), (second.pk, "accepted")]
    assert ([row["key"] for row in sandbox.orders()], balance_of(customer)) == (
        ["sandbox-second"],
        PURSE - CHARGE,
    )


def test_an_order_that_every_route_refuses_is_refunded_once(way, second):
    customer, service, _ = way
    order_id = place(customer, service, "refuse")
    forward()
    assert (look(order_id), list_states(order_id)) == (
        ("error", "refused", CHARGE, None),
        ["rejected", "rejected"],
    )
    assert balance_of(customer) == PURSE


@pytest.mark.parametrize("word", ["badkey", "nofunds"])
def test_a_refused_account_pauses_the_provider_and_refunds_nobody(way, sandbox, word):
    customer, service, provider = way
    ids = [place(customer, service, word) for _ in range(3)]
    forward()
    forward()
    provider.refresh_from_db()
    assert [look(pk) for pk in ids] == [("pending", "queued", 0, None)] * 3
    assert (provider.paused_at is None, balance_of(customer)) == (False, PURSE - 3 * CHARGE)
    assert list(ProviderEvent.objects.values_list("kind", "provider")) == [("paused", provider.pk)]
    assert sandbox.counters()["orders_made"] == 0


@pytest.mark.parametrize("word", ["badkey", "nofunds"])
def test_an_order_of_a_paused_provider_takes_the_next_route(way, second, sandbox, word):
    customer, service, _ = way
    order_id = place(customer, service, f"{word}/once")
    forward()
    poll()
    assert (look(order_id), list_states(order_id)) == (
        ("completed", "accepted", 0, 0),
        ["unavailable", "accepted"],
    )
    assert [row["key"] for row in sandbox.orders()] == ["sandbox-second"]


def test_orders_wait_for_a_paused_provider_and_go_on_when_it_is_resumed(way, sandbox):
    customer, service, provider = way
    pause_provider(provider.pk, "by hand")
    order_id = place(customer, service)
    assert (forward(), list_states(order_id)) == (0, [])
    order = Order.objects.get(pk=order_id)
    assert (order.reason, order.next_try_at > timezone.now()) == ("no provider is available", True)
    resume_provider(provider.pk)
    forward()
    assert (look(order_id)[1], Order.objects.get(pk=order_id).reason) == ("accepted", "")


def test_pausing_twice_tells_once(way):
    provider = way[2]
    assert (pause_provider(provider.pk, "key"), pause_provider(provider.pk, "funds")) == (True, False)
    assert list(ProviderEvent.objects.values_list("kind", "data__reason")) == [("paused", "key")]


def test_waiting_orders_of_a_paused_provider_keep_no_other_waiting(way, sandbox, settings):
    """More orders than one claim takes have no way out; the one behind them goes at once."""
    settings.FORWARD_CLAIM_SIZE = 5
    customer, service, provider = way
    pause_provider(provider.pk, "by hand")
    idle = [place(customer, service) for _ in range(12)]
    healthy = make_service(price=PRICE)
    make_route(healthy, make_provider(sandbox.url, key="sandbox-third"))
    order_id = place(customer, healthy)
    Order.objects.filter(pk__in=idle).update(next_try_at=timezone.now() - timedelta(minutes=5))
    assert forward_orders() == 1
    assert look(order_id)[1] == "accepted"


def test_an_upstream_that_is_away_is_tried_ever_later(way, away):
    customer, service, _ = way
    order_id = place(customer, service)
    waits = []
    for _ in range(4):
        before = timezone.now()
        forward()
        waits.append((Order.objects.get(pk=order_id).next_try_at - before).total_seconds())
    for wait, least in zip(waits, (2, 4, 8, 16), strict=True):
        assert least <= wait <= least * 1.25 + 1
    assert (look(order_id), balance_of(customer)) == (("pending", "queued", 0, None), PURSE - CHARGE)
    assert list_states(order_id) == ["unavailable"] * 4


def test_the_waits_of_many_orders_differ(way, away, settings):
    settings.BREAKER_FAILURES = 100
    customer, service, _ = way
    for _ in range(8):
        place(customer, service)
    forward()
    moments = list(Order.objects.order_by("next_try_at").values_list("next_try_at", flat=True))
    assert (moments[-1] - moments[0]).total_seconds() > 0.05


def test_after_enough_tries_the_next_route_is_taken(way, away, second, settings):
    settings.FORWARD_MAX_TRIES = 3
    customer, service, first = way
    order_id = place(customer, service)
    for _ in range(4):
        forward()
    taken = Dispatch.objects.filter(order=order_id).order_by("id").values_list("provider", "state")
    assert list(taken) == [(first.pk, "unavailable")] * 3 + [(second.pk, "accepted")]


def test_the_lower_priority_number_goes_first(way, second, sandbox):
    customer, service, first = way
    Route.objects.filter(provider=second).update(priority=1)
    place(customer, service)
    forward()
    assert [row["key"] for row in sandbox.orders()] == ["sandbox-second"]


@pytest.mark.parametrize(
    "change", [{"active": False}, {"dialect": "unheard-of"}, {"paused_at": "2024-01-01T00:00Z"}]
)
def test_a_provider_that_cannot_be_used_gets_nothing(way, sandbox, change):
    customer, service, provider = way
    Provider.objects.filter(pk=provider.pk).update(**change)
    order_id = place(customer, service)
    assert (forward(), list_states(order_id), look(order_id)) == (0, [], ("pending", "queued", 0, None))
    assert sandbox.counters()["adds_received"] == 0


def test_a_service_without_routes_keeps_its_orders(way):
    customer = way[0]
    order_id = place(customer, make_service(price=PRICE))
    assert (forward(), look(order_id)) == (0, ("pending", "queued", 0, None))


def test_a_claim_that_waited_too_long_is_not_sent(way, sandbox, settings):
    """Its dispatch may be an orphan by now: sending it would race whoever settles that."""
    settings.DISPATCH_LEASE_SECONDS = 0
    customer, service, _ = way
    order_id = place(customer, service)
    forward()
    assert (list_states(order_id), sandbox.counters()["adds_received"]) == (["unavailable"], 0)
    assert look(order_id) == ("pending", "queued", 0, None)


def test_a_claim_commits_a_dispatch_before_anything_is_sent(way, sandbox):
    customer, service, provider = way
    order_id = place(customer, service)
    claims = claim_orders(10)
    assert [(claim.order_id, claim.outbound.service) for claim in claims] == [(order_id, "1")]
    assert (list_states(order_id), look(order_id)) == (["sending"], ("pending", "sending", 0, None))
    assert (claim_orders(10), sandbox.counters()["adds_received"]) == ([], 0)


def test_orders_of_several_customers_go_in_one_run(way, sandbox):
    _, service, _ = way
    ids = [place(make_customer(PURSE), service) for _ in range(40)]
    assert forward() == 40
    assert {look(pk)[1] for pk in ids} == {"accepted"}
    assert sandbox.counters()["orders_made"] == 40
