"""Events and their listeners: all effects of one together and once, whatever a listener or another worker does."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.dispatch import receiver

from orders.models import OrderEvent
from orders.services import cancel_order
from orders.signals import order_event
from panel.lib.events import MAX_FAILURES, handle_events
from panel.support.models import Notification
from sms.models import Message
from tests.factories import make_customer
from tests.providers.steps import place


@pytest.fixture
def canceled(way):
    """Five orders that were canceled: each has a `placed` and a `canceled` event."""
    customer, service, _ = way
    ids = [place(customer, service) for _ in range(5)]
    for order_id in ids:
        cancel_order(customer.pk, order_id)
    return ids


@pytest.fixture
def spoil():
    """spoil(order_id) adds a listener that writes and then breaks at that order's end."""
    listeners = []

    def connect(order_id):
        @receiver(order_event, weak=False)
        def break_it(event, **_signal):
            if (event.order_id, event.kind) == (order_id, "canceled"):
                Message.objects.create(
                    to="+989120000000", text="half", kind="half", key=f"half:{event.failures}"
                )
                raise RuntimeError("a listener broke")

        listeners.append(break_it)

    yield connect
    for listener in listeners:
        order_event.disconnect(listener)


def run():
    return handle_events(OrderEvent, order_event)


def test_every_event_is_handled_once(canceled):
    assert [run(), run()] == [10, 0]
    assert (Notification.objects.count(), Message.objects.count()) == (5, 5)
    assert OrderEvent.objects.filter(handled_at=None).count() == 0


def test_a_listener_that_breaks_undoes_its_event_alone(canceled, spoil):
    spoil(canceled[2])
    run()
    left = OrderEvent.objects.get(handled_at=None)
    assert (left.order_id, left.kind, left.failures, left.set_aside_at) == (canceled[2], "canceled", 1, None)
    assert sorted(Notification.objects.values_list("order_id", flat=True)) == sorted(
        set(canceled) - {canceled[2]}
    )
    assert Message.objects.filter(kind="half").count() == 0


def test_an_event_is_set_aside_after_five_failures_and_the_others_go_on(way, canceled, spoil):
    spoil(canceled[0])
    for _ in range(MAX_FAILURES + 2):
        run()
    aside = OrderEvent.objects.get(handled_at=None)
    assert (aside.failures, aside.set_aside_at is None) == (5, False)
    cancel_order(way[0].pk, place(way[0], way[1]))
    assert (run(), Notification.objects.count()) == (2, 5)


def test_staff_are_told_of_an_event_that_was_set_aside(canceled, spoil):
    operator = make_customer(is_staff=True)
    spoil(canceled[0])
    for _ in range(MAX_FAILURES):
        run()
    event = OrderEvent.objects.get(handled_at=None)
    assert list(operator.notifications.values_list("kind", "message")) == [
        (
            "event_set_aside",
            f"The effects of OrderEvent {event.pk} failed 5 times and were set aside. The log says why.",
        )
    ]


def test_an_event_whose_listener_was_mended_is_told(canceled, spoil):
    spoil(canceled[0])
    run()
    order_event.receivers.pop()
    order_event.sender_receivers_cache.clear()
    assert (run(), Notification.objects.count(), Message.objects.count()) == (1, 5, 5)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_nobody_twice(way):
    customer, service, _ = way
    for _ in range(30):
        cancel_order(customer.pk, place(customer, service))
    start, counts = Barrier(2), []

    def work():
        start.wait()
        while count := handle_events(OrderEvent, order_event, limit=7):
            counts.append(count)
        connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while count := run():
        counts.append(count)
    assert (sum(counts), Notification.objects.count(), Message.objects.count()) == (60, 30, 30)
