"""Every fate of the sandbox, from the wallet to the order's end, over real HTTP."""

import pytest
from django.utils import timezone

from orders.models import Order
from providers.models import Dispatch, ProviderEvent
from providers.unclear import reconcile_unclear, settle_orphans
from tests.providers.steps import (
    CHARGE,
    PURSE,
    age_upstream,
    balance_of,
    forward,
    link_for,
    list_events,
    list_states,
    look,
    place,
    poll,
)

HOUR = 3600


@pytest.mark.parametrize(
    ("word", "status", "refunded", "remains"),
    [
        ("plain", "completed", 0, 0),
        ("stringid", "completed", 0, 0),
        ("negative", "completed", 0, 0),
        ("partial", "partial", 93, 40),  # floor(237 × 40 ÷ 101)
        ("cancel", "canceled", CHARGE, 101),
    ],
)
def test_an_accepted_order_ends_as_the_upstream_tells(way, sandbox, word, status, refunded, remains):
    customer, service, provider = way
    order_id = place(customer, service, word)
    assert (forward(), list_states(order_id), look(order_id)) == (
        1,
        ["accepted"],
        ("processing", "accepted", 0, None),
    )
    assert poll() == 1
    assert look(order_id) == (status, "accepted", refunded, remains)
    assert list_events(order_id) == ["placed", "accepted", status]
    assert balance_of(customer) == PURSE - CHARGE + refunded
    dispatch, made = Dispatch.objects.get(order=order_id), sandbox.orders()
    assert [(row["order"], row["link"], row["quantity"]) for row in made] == [
        (int(dispatch.upstream_id), link_for(word), 101)
    ]
    assert made[0]["idempotency_key"] == dispatch.idempotency_key
    assert dispatch.next_poll_at is None


def test_an_order_ends_only_once_however_often_it_is_polled(way, sandbox):
    customer, service, _ = way
    order_id = place(customer, service, "partial")
    forward()
    assert [poll() for _ in range(3)] == [1, 0, 0]
    assert balance_of(customer) == PURSE - CHARGE + 93
    assert list_events(order_id).count("partial") == 1


def test_the_cost_and_the_profit_are_kept_with_the_end(way):
    customer, service, _ = way
    order_id = place(customer, service)
    forward()
    poll()
    order = Order.objects.get(pk=order_id)
    assert (float(order.cost), float(order.profit)) == (454.5, 237 - 454.5)


def test_a_slow_upstream_is_waited_for(way, sandbox, settings):
    settings.PROVIDER_DEADLINE_SECONDS = 5
    customer, service, _ = way
    order_id = place(customer, service, "slow")
    forward()
    poll()
    assert (look(order_id), list_states(order_id)) == (("completed", "accepted", 0, 0), ["accepted"])


@pytest.mark.parametrize(
    ("word", "made", "excerpt"),
    [
        ("timeout", 1, ""),
        ("timeoutbefore", 0, ""),
        ("reset", 1, ""),
        ("huge", 1, ""),
        ("error500", 1, "<!DOCTYPE html> <html><head><title>Internal Server Error</title>"),
        ("error500before", 0, "<!DOCTYPE html> <html><head><title>Internal Server Error</title>"),
        ("list", 1, '[{"order": '),
        ("garbage", 1, '{"orde'),
    ],
)
def test_what_the_upstream_may_have_is_unclear_and_never_sent_again(way, sandbox, word, made, excerpt):
    customer, service, provider = way
    order_id = place(customer, service, word)
    for _ in range(3):
        forward()
        settle_orphans()
        reconcile_unclear()
        poll()
    assert look(order_id) == ("pending", "unclear", 0, None)
    assert list_states(order_id) == ["unclear"]
    assert list_events(order_id) == ["placed"]
    assert balance_of(customer) == PURSE - CHARGE
    counters = sandbox.counters()
    assert (counters["adds_received"], counters["orders_made"]) == (1, made)
    shown = Dispatch.objects.get(order=order_id).excerpt
    assert shown[: len(excerpt)] == excerpt and bool(shown) == bool(excerpt)
    assert [event.kind for event in ProviderEvent.objects.filter(provider=provider)] == ["unclear"]


def test_a_page_instead_of_json_is_kept_as_evidence(way, sandbox):
    customer, service, _ = way
    first, second = place(customer, service, "garbage"), place(customer, service, "garbage")
    forward()
    shown = [row.excerpt for row in Dispatch.objects.filter(order__in=(first, second))]
    assert [list_states(pk) for pk in (first, second)] == [["unclear"], ["unclear"]]
    assert sorted(text.startswith("<!DOCTYPE html>") for text in shown) == [False, True]


def test_no_secret_is_kept_in_an_excerpt(way, sandbox):
    customer, service, provider = way
    place(customer, service, "list")
    order_id = place(customer, service, f"refuse?{provider.key}")
    forward()
    kept = " ".join(f"{row.excerpt} {row.reason}" for row in Dispatch.objects.all())
    assert (provider.key in kept, list_states(order_id)) == (False, ["rejected"])


def test_a_busy_upstream_is_asked_again_when_it_wishes(way, sandbox):
    customer, service, _ = way
    order_id = place(customer, service, "busy")
    for tries in (1, 2):
        before = timezone.now()
        forward()
        order = Order.objects.get(pk=order_id)
        wait = (order.next_try_at - before).total_seconds()
        assert (order.forwarding, order.tries, 1 <= wait <= 2) == ("queued", tries, True)
    forward()
    poll()
    assert look(order_id) == ("completed", "accepted", 0, 0)
    assert list_states(order_id) == ["unavailable", "unavailable", "accepted"]
    assert (sandbox.counters()["adds_received"], sandbox.counters()["orders_made"]) == (3, 1)


def test_remains_that_are_null_settle_nothing_and_are_told_once(way, sandbox):
    customer, service, provider = way
    order_id = place(customer, service, "nullremains")
    forward()
    assert [poll(), poll()] == [1, 1]
    assert look(order_id) == ("processing", "accepted", 0, None)
    assert (balance_of(customer), list_events(order_id)) == (PURSE - CHARGE, ["placed", "accepted"])
    assert [(event.kind, event.data["status"]) for event in ProviderEvent.objects.all()] == [
        ("unreadable_remains", "Partial")
    ]
    assert Dispatch.objects.get(order=order_id).next_poll_at > timezone.now()


def test_a_word_nobody_knows_changes_nothing_and_is_told_once(way, sandbox):
    customer, service, provider = way
    sandbox.change_speeds(pace=HOUR)
    order_id = place(customer, service, "unknownstatus")
    forward()
    age_upstream(sandbox, HOUR // 2)
    poll()
    poll()
    assert look(order_id) == ("processing", "accepted", 0, None)
    told = ProviderEvent.objects.values_list("kind", "data__status", "provider")
    assert list(told) == [("unknown_status", "Awaiting moderation", provider.pk)]
    age_upstream(sandbox, HOUR)
    poll()
    assert look(order_id) == ("completed", "accepted", 0, 0)


def test_a_status_never_goes_backwards(way, sandbox):
    customer, service, _ = way
    sandbox.change_speeds(pace=HOUR)
    order_id = place(customer, service, "backward")
    forward()
    seen = []
    for seconds in (HOUR // 10, HOUR // 2, HOUR):
        age_upstream(sandbox, seconds)
        poll()
        seen.append((look(order_id)[0], sandbox.orders()[0]["status"]))
    assert seen == [
        ("in_progress", "In progress"),
        ("in_progress", "Pending"),
        ("completed", "Completed"),
    ]
    assert list_events(order_id) == ["placed", "accepted", "in_progress", "completed"]


def test_a_stuck_order_stays_open_and_is_asked_about_again(way, sandbox):
    customer, service, _ = way
    order_id = place(customer, service, "stuck")
    forward()
    assert [poll(), poll()] == [1, 1]
    assert look(order_id) == ("processing", "accepted", 0, 101)
    assert Dispatch.objects.get(order=order_id).next_poll_at > timezone.now()
