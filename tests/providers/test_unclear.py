"""Orders of which nobody knows whether the upstream has them: how they come about and how they are settled."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from orders.models import Order
from orders.services import cancel_order
from providers.adapters.base import Placed
from providers.forwarding import claim_orders
from providers.models import Dispatch, Provider, ProviderEvent
from providers.recording import record_outcomes
from providers.unclear import (
    NotUnclear,
    _lease,
    _reconcile,
    confirm_placed,
    reconcile_unclear,
    send_again,
    settle_orphans,
)
from tests.providers.steps import (
    CHARGE,
    PURSE,
    balance_of,
    forward,
    list_events,
    list_states,
    look,
    make_all_due,
    place,
    poll,
)

UNCLEAR = ("pending", "unclear", 0, None)


@pytest.fixture
def honest(way):
    """The provider honours our idempotency key."""
    provider = way[2]
    provider.key, provider.honours_idempotency_key = "sandbox-key", True
    provider.save()
    return provider


def make_unclear(way, word):
    """An order that became unclear; returns it and its dispatch."""
    order_id = place(way[0], way[1], word)
    forward()
    assert look(order_id) == UNCLEAR
    return order_id, Dispatch.objects.get(order=order_id)


def reconcile():
    make_all_due()
    return reconcile_unclear()


def test_what_a_dead_worker_left_is_unclear_after_the_lease_and_not_before(way, sandbox, settings):
    customer, service, _ = way
    order_id = place(customer, service)
    claim_orders(10)
    assert (settle_orphans(), list_states(order_id)) == (0, ["sending"])
    Dispatch.objects.update(created=timezone.now() - timedelta(seconds=settings.DISPATCH_LEASE_SECONDS + 1))
    assert (settle_orphans(), settle_orphans()) == (1, 0)
    assert (look(order_id), list_states(order_id)) == (UNCLEAR, ["unclear"])
    assert [forward() for _ in range(3)] == [0, 0, 0]
    assert sandbox.counters()["adds_received"] == 0
    assert list(ProviderEvent.objects.values_list("kind", "data__order")) == [("unclear", order_id)]


def test_an_answer_that_comes_after_the_lease_still_counts(way, settings):
    customer, service, _ = way
    order_id = place(customer, service)
    claim = claim_orders(10)[0]
    Dispatch.objects.update(created=timezone.now() - timedelta(seconds=settings.DISPATCH_LEASE_SECONDS + 1))
    settle_orphans()
    record_outcomes([(claim.dispatch_id, order_id, Placed("77", None, ""))])
    assert (look(order_id)[1], Dispatch.objects.get().upstream_id) == ("accepted", "77")


@pytest.mark.parametrize(
    ("word", "adds", "made_before"),
    [
        ("timeout", 2, 1),
        ("error500", 2, 1),
        ("garbage", 2, 1),
        ("reset", 2, 1),
        ("timeoutbefore/once", 2, 0),
        ("error500before/once", 2, 0),
    ],
)
def test_an_upstream_that_honours_the_key_settles_it_to_exactly_one_order(
    way, honest, sandbox, word, adds, made_before
):
    order_id, row = make_unclear(way, word)
    assert sandbox.counters()["orders_made"] == made_before
    assert (reconcile(), reconcile()) == (1, 0)
    made = sandbox.orders()
    assert [(order["order"], order["idempotency_key"]) for order in made] == [
        (int(Dispatch.objects.get().upstream_id), row.idempotency_key)
    ]
    assert sandbox.counters()["adds_received"] == adds
    assert (look(order_id)[1], Dispatch.objects.get().resolved_by) == ("accepted", "Idempotency-Key")
    poll()
    assert (look(order_id), balance_of(way[0])) == (("completed", "accepted", 0, 0), PURSE - CHARGE)


def test_an_orphan_that_was_never_sent_is_placed_by_the_reconciliation(way, honest, sandbox, settings):
    customer, service, _ = way
    order_id = place(customer, service)
    claim_orders(10)
    settings.DISPATCH_LEASE_SECONDS = 0
    settle_orphans()
    assert (reconcile(), look(order_id)[1], sandbox.counters()["orders_made"]) == (1, "accepted", 1)


def test_an_upstream_that_does_not_answer_again_leaves_it_unclear_and_is_asked_ever_later(
    way, honest, sandbox
):
    order_id, row = make_unclear(way, "error500before")
    pauses = []
    for _ in range(3):
        before = timezone.now()
        assert reconcile() == 0
        row.refresh_from_db()
        pauses.append((row.next_ask_at - before).total_seconds())
    assert all(least <= pause <= least + 3 for pause, least in zip(pauses, (10, 20, 40), strict=True))
    assert (look(order_id), row.asks, row.lease_until) == (UNCLEAR, 3, None)
    assert (sandbox.counters()["orders_made"], reconcile_unclear()) == (0, 0)


def test_a_refusal_of_the_repeat_settles_nothing(way, honest, sandbox):
    """The first call may have made the order, whatever the second is told."""
    order_id, row = make_unclear(way, "error500")
    honest.key = "foreign"
    honest.save()
    assert reconcile() == 0
    row.refresh_from_db()
    assert (look(order_id), row.reason[:13]) == (UNCLEAR, "asked again: ")
    assert balance_of(way[0]) == PURSE - CHARGE


def test_an_upstream_that_does_not_honour_the_key_is_never_asked_again(way, sandbox):
    Provider.objects.update(balance=1_000_000_000)
    order_id, row = make_unclear(way, "error500")
    assert [reconcile() for _ in range(3)] == [0, 0, 0]
    row.refresh_from_db()
    assert (look(order_id), sandbox.counters()["adds_received"]) == (UNCLEAR, 1)
    assert (float(row.balance_before), float(row.balance_after)) == (1_000_000_000, 1_000_000_000 - 454.5)


def test_keys_that_upstreams_may_have_forgotten_are_not_repeated(way, honest, sandbox):
    order_id, _ = make_unclear(way, "error500")
    Dispatch.objects.update(created=timezone.now() - timedelta(hours=13))
    assert (reconcile(), look(order_id), sandbox.counters()["adds_received"]) == (0, UNCLEAR, 1)


def test_it_is_there_says_a_person(way, sandbox):
    order_id, row = make_unclear(way, "error500")
    upstream_id = str(sandbox.orders()[0]["order"])
    confirm_placed(row.pk, f" {upstream_id} ", by="admin")
    row.refresh_from_db()
    assert (row.state, row.upstream_id, row.resolved_by) == ("accepted", upstream_id, "admin")
    poll()
    assert look(order_id) == ("completed", "accepted", 0, 0)
    assert list_events(order_id) == ["placed", "accepted", "completed"]


@pytest.mark.parametrize("upstream_id", ["", "  ", "9" * 65])
def test_no_order_is_followed_under_an_id_that_is_none(way, upstream_id):
    order_id, row = make_unclear(way, "error500")
    with pytest.raises(ValueError, match="upstream order id"):
        confirm_placed(row.pk, upstream_id, by="admin")
    assert look(order_id) == UNCLEAR


def test_an_upstream_order_is_followed_for_one_order_only(way, sandbox):
    """A mistyped id would end, and refund, two orders by the fate of one."""
    customer, service, _ = way
    other = place(customer, service)
    forward()
    order_id, row = make_unclear(way, "error500")
    with pytest.raises(ValueError, match=f"is our order {other}"):
        confirm_placed(row.pk, Dispatch.objects.get(order=other).upstream_id, by="admin")
    assert (look(order_id), list_states(order_id)) == (UNCLEAR, ["unclear"])


def test_it_is_not_there_says_a_person_and_it_is_sent_again(way, sandbox):
    order_id, row = make_unclear(way, "error500before/once")
    send_again(row.pk, by="admin")
    assert (look(order_id), list_states(order_id)) == (("pending", "queued", 0, None), ["missing"])
    forward()
    poll()
    assert (look(order_id), list_states(order_id)) == (
        ("completed", "accepted", 0, 0),
        ["missing", "accepted"],
    )
    assert [order["link_orders"] for order in sandbox.orders()] == [1]
    keys = set(Dispatch.objects.values_list("idempotency_key", flat=True))
    assert (len(keys), balance_of(way[0])) == (2, PURSE - CHARGE)


def test_both_buttons_refuse_what_is_settled(way, sandbox):
    _, row = make_unclear(way, "error500")
    confirm_placed(row.pk, "5", by="admin")
    for press in (lambda: send_again(row.pk, "admin"), lambda: confirm_placed(row.pk, "6", "admin")):
        with pytest.raises(NotUnclear):
            press()
    row.refresh_from_db()
    assert (row.state, row.upstream_id, Dispatch.objects.count()) == ("accepted", "5", 1)


def test_sending_again_waits_for_a_running_question(way, honest):
    _, row = make_unclear(way, "error500")
    _lease(10)
    with pytest.raises(NotUnclear, match="wait for its answer"):
        send_again(row.pk, "admin")
    assert list_states(row.order_id) == ["unclear"]


def test_a_question_that_waited_too_long_is_not_asked_after_a_person_decided(way, honest, sandbox):
    """Its lease ran out behind slow ones; asking now would make a second order."""
    order_id, row = make_unclear(way, "error500before/once")
    (leased,) = _lease(10)
    make_all_due()  # the lease is over
    send_again(row.pk, by="admin")
    forward()
    assert (_reconcile(leased), sandbox.counters()["orders_made"]) == (False, 1)
    assert list_states(order_id) == ["missing", "accepted"]


def test_a_question_whose_lease_went_to_another_worker_is_not_asked(way, honest, sandbox):
    make_unclear(way, "error500")
    (late,) = _lease(10)
    make_all_due()
    (holder,) = _lease(10)
    assert (_reconcile(late), _reconcile(holder)) == (False, True)
    assert sandbox.counters()["adds_received"] == 2


def test_an_acceptance_after_it_was_sent_again_is_told_to_staff(way, sandbox):
    order_id, row = make_unclear(way, "error500before/once")
    send_again(row.pk, by="admin")
    forward()
    record_outcomes([(row.pk, order_id, Placed("4711", None, ""))])
    told = ProviderEvent.objects.filter(kind="late_acceptance").values_list(
        "data__order", "data__upstream_id"
    )
    assert (list(told), list_states(order_id)) == ([(order_id, "4711")], ["missing", "accepted"])


def test_an_acceptance_told_twice_is_no_news(way, honest):
    order_id, row = make_unclear(way, "error500")
    reconcile()
    upstream_id = Dispatch.objects.get().upstream_id
    record_outcomes([(row.pk, order_id, Placed(upstream_id, None, ""))])
    assert ProviderEvent.objects.filter(kind="late_acceptance").count() == 0
    assert list_events(order_id) == ["placed", "accepted"]


def test_a_wish_to_cancel_is_granted_when_the_order_is_not_there(way):
    order_id, row = make_unclear(way, "error500before")
    cancel_order(way[0].pk, order_id)
    assert (look(order_id), balance_of(way[0])) == (UNCLEAR, PURSE - CHARGE)
    send_again(row.pk, by="admin")
    assert look(order_id)[0::2] == ("canceled", CHARGE)
    assert (forward(), balance_of(way[0])) == (0, PURSE)


@pytest.mark.django_db(transaction=True)
def test_of_two_operators_at_once_one_decides(way, sandbox):
    order_id, row = make_unclear(way, "error500")
    start, answers = Barrier(2), []

    def press(decide):
        start.wait()
        try:
            decide()
            answers.append("done")
        except NotUnclear:
            answers.append("too late")
        connection.close()

    buttons = (lambda: send_again(row.pk, "one"), lambda: confirm_placed(row.pk, "5", "two"))
    threads = [Thread(target=press, args=(button,)) for button in buttons]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row.refresh_from_db()
    assert sorted(answers) == ["done", "too late"]
    assert (row.state, look(order_id)[1]) in [("missing", "queued"), ("accepted", "accepted")]
    assert {"missing": "one", "accepted": "two"}[row.state] == row.resolved_by


def test_an_order_of_an_unclear_dispatch_is_in_no_queue(way):
    order_id, _ = make_unclear(way, "error500")
    assert Order.objects.get(pk=order_id).next_try_at is None
    assert claim_orders(10) == []
