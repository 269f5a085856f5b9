"""Event rows: handled once, with all their effects; one that fails undoes only its own."""

import threading

import pytest
from django.dispatch import Signal

from panel.lib.events import MAX_FAILURES, handle_events
from panel.wallet.models import WalletEvent
from tests.factories import make_customer
from tests.together import run_together


@pytest.fixture
def signal():
    return Signal()


@pytest.fixture
def customer(db):
    return make_customer()


def tell(customer, *kinds):
    return [WalletEvent.objects.create(customer=customer, kind=kind) for kind in kinds]


def listen(signal, work):
    """Connect `work(event)` and return the kinds it was called with."""
    seen = []

    def receiver(event, **_):
        seen.append(event.kind)
        work(event)

    signal.connect(receiver, weak=False)
    return seen


def effect(event):
    event.customer.first_name += event.kind
    event.customer.save()


def test_events_are_told_in_order_and_once(customer, signal):
    tell(customer, "a", "b", "c")
    seen = listen(signal, lambda event: None)
    assert handle_events(WalletEvent, signal) == 3
    assert handle_events(WalletEvent, signal) == 0
    assert seen == ["a", "b", "c"]
    assert WalletEvent.objects.filter(handled_at=None).count() == 0


def test_so_many_at_a_time(customer, signal):
    tell(customer, *"abcde")
    seen = listen(signal, lambda event: None)
    assert [handle_events(WalletEvent, signal, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert seen == list("abcde")


def test_one_that_fails_undoes_its_own_effects_alone(customer, signal):
    events = tell(customer, "a", "bad", "c")

    def work(event):
        event.customer.refresh_from_db()
        effect(event)
        if event.kind == "bad":
            raise RuntimeError

    listen(signal, work)
    assert handle_events(WalletEvent, signal) == 2
    customer.refresh_from_db()
    assert customer.first_name == "ac"
    rows = WalletEvent.objects.order_by("id").values_list("kind", "failures")
    assert list(rows) == [("a", 0), ("bad", 1), ("c", 0)]
    events[1].refresh_from_db()
    assert (events[1].handled_at, events[1].set_aside_at) == (None, None)


def test_a_loop_over_the_waiting_ends_with_one_that_keeps_failing(customer, signal):
    """Its tries are for later: used up within one moment they would not outlast a moment's trouble."""
    event = tell(customer, "bad")[0]

    def work(event):
        raise RuntimeError

    seen = listen(signal, work)
    while handle_events(WalletEvent, signal):
        pass
    event.refresh_from_db()
    assert (seen, event.failures) == (["bad"], 1)


def test_after_its_last_failure_an_event_is_set_aside(customer, signal):
    event = tell(customer, "bad")[0]

    def work(event):
        raise RuntimeError

    seen = listen(signal, work)
    for _ in range(MAX_FAILURES + 3):
        handle_events(WalletEvent, signal)
    event.refresh_from_db()
    assert (len(seen), event.failures, event.handled_at) == (MAX_FAILURES, MAX_FAILURES, None)
    assert event.set_aside_at is not None


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_tell_each_event_once(signal):
    tell(make_customer(), *map(str, range(60)))
    lock, seen = threading.Lock(), []

    def receiver(event, **_):
        with lock:
            seen.append(event.kind)

    signal.connect(receiver, weak=False)

    def work():
        count = 0
        for _ in range(30):
            count += handle_events(WalletEvent, signal, limit=5)
        return count

    assert sum(run_together(*[work] * 4)) == 60
    assert sorted(seen, key=int) == list(map(str, range(60)))


@pytest.mark.django_db(transaction=True)
def test_effects_and_the_mark_commit_together(signal):
    """A worker that dies in the middle (here: its transaction fails at the end) has done nothing."""
    customer = make_customer()
    tell(customer, "a")

    class Dies(Exception):
        pass

    class DyingModel:
        """WalletEvent whose last statement, marking what was handled, never happens."""

        class objects:  # noqa: N801 - stands for a manager
            select_for_update = WalletEvent.objects.select_for_update

            @staticmethod
            def filter(**_):
                raise Dies

    listen(signal, effect)
    with pytest.raises(Dies):
        handle_events(DyingModel, signal)
    customer.refresh_from_db()
    assert (customer.first_name, WalletEvent.objects.get().handled_at) == ("", None)
    assert handle_events(WalletEvent, signal) == 1
    customer.refresh_from_db()
    assert customer.first_name == "a"
