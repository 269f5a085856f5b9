"""Two orders on one link: the second waits in the queue until the first ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic

import pytest
from django.db import connection
from django.utils import timezone

from orders.links import call_waiters, make_link_key, release_hold
from orders.models import LinkHold, Order, Service
from orders.services import cancel_order
from providers.adapters.base import Status, UpstreamStatus
from providers.forwarding import claim_orders
from providers.holds import report_holds
from providers.models import Dispatch, ProviderEvent
from providers.polling import apply_statuses
from tests.factories import make_customer
from tests.providers.steps import (
    PURSE,
    age_upstream,
    forward,
    link_for,
    list_states,
    look,
    make_all_due,
    place,
    poll,
)
from tests.together import run_together


@pytest.fixture
def queue_way(way):
    customer, service, provider = way
    Service.objects.filter(pk=service.pk).update(same_link="queue")
    service.refresh_from_db()
    return customer, service, provider


def held(order_id):
    return Order.objects.values_list("held_by", flat=True).get(pk=order_id)


def test_the_second_order_waits_and_goes_when_the_first_ends(queue_way, sandbox):
    customer, service, _ = queue_way
    first, second, third = (place(customer, service) for _ in range(3))
    assert forward() == 1
    assert [list_states(pk) for pk in (first, second, third)] == [["accepted"], [], []]
    assert [held(pk) for pk in (first, second, third)] == [None, first, first]
    assert forward() == 0
    poll()
    assert look(first)[0] == "completed"
    assert forward() == 1
    assert [list_states(pk) for pk in (second, third)] == [["accepted"], []]
    poll()
    assert forward() == 1
    poll()
    assert [look(pk)[0] for pk in (first, second, third)] == ["completed"] * 3
    assert not LinkHold.objects.exists()
    assert len(sandbox.orders()) == 3


def test_an_order_of_a_service_that_allows_it_does_not_wait(way):
    customer, service, _ = way
    place(customer, service), place(customer, service)
    assert (forward(), LinkHold.objects.count()) == (2, 0)


def test_another_kind_and_another_link_do_not_wait(queue_way):
    customer, service, _ = queue_way
    place(customer, service), place(customer, service, "other")
    assert forward() == 2


def test_a_canceled_holder_lets_the_next_one_go_without_its_wait(queue_way):
    customer, service, _ = queue_way
    first, second = place(customer, service, "busy"), place(customer, service, "busy")
    forward()  # the upstream is busy: the first is back in the queue and keeps its link
    assert (look(first)[1], held(second)) == ("queued", first)
    cancel_order(customer.pk, first)
    assert call_waiters() == 1
    assert (held(second), Order.objects.get(pk=second).next_try_at <= timezone.now()) == (None, True)


def test_a_canceled_waiter_leaves_the_queue(queue_way):
    customer, service, _ = queue_way
    first, second = place(customer, service), place(customer, service)
    forward()
    cancel_order(customer.pk, second)
    assert (look(second)[0], held(second), LinkHold.objects.get().order_id) == ("canceled", None, first)


@pytest.mark.django_db(transaction=True)
def test_two_workers_claim_one_of_a_link(queue_way):
    customer, service, _ = queue_way
    for _ in range(5):
        ids = [place(customer, service) for _ in range(6)]
        make_all_due()
        results = run_together(*[lambda: claim_orders(2)] * 3)
        claims = [claim.order_id for result in results for claim in result]
        assert len(claims) == 1
        assert Dispatch.objects.filter(order__in=ids).count() == 1
        assert LinkHold.objects.get().order_id == claims[0]
        LinkHold.objects.all().delete()
        Order.objects.filter(pk__in=ids).update(next_try_at=None, held_by=None)


def test_an_unclear_holder_is_reported_once_and_let_go_by_the_operator(queue_way, settings):
    customer, service, provider = queue_way
    first, second = place(customer, service, "error500"), place(customer, service, "error500")
    forward()
    assert (look(first)[1], held(second)) == ("unclear", first)
    assert report_holds() == 0  # it has not waited long enough
    settings.LINK_HOLD_HOURS = 0
    assert [report_holds(), report_holds()] == [1, 0]
    told = ProviderEvent.objects.get(kind="link_held")
    assert (told.provider_id, told.data["order"]) == (provider.pk, first)
    assert forward() == 0  # nothing goes by itself
    assert release_hold(LinkHold.objects.get(order=first))
    forward()
    assert (look(first)[1], look(second)[1]) == ("unclear", "unclear")
    assert LinkHold.objects.get().order_id == second


def test_an_accepted_holder_is_not_reported(queue_way, settings):
    customer, service, _ = queue_way
    place(customer, service), place(customer, service)
    settings.LINK_HOLD_HOURS = 0
    forward()
    LinkHold.objects.update(created=timezone.now() - timedelta(days=9))
    assert report_holds() == 0


def test_a_partial_end_frees_the_link(queue_way, sandbox):
    customer, service, _ = queue_way
    first, second = place(customer, service, "partial"), place(customer, service, "partial")
    forward()
    age_upstream(sandbox, 60)
    poll()
    assert look(first)[0] == "partial"
    assert forward() == 1
    assert list_states(second) == ["accepted"]


def test_a_kind_that_changed_keeps_no_order_waiting_for_ever(queue_way):
    customer, service, _ = queue_way
    first = place(customer, service, "busy")
    forward()  # the upstream is busy: it is back in the queue, and has its link under the kind of then
    Service.objects.filter(pk=service.pk).update(kind="like")
    make_all_due()
    claim_orders(10)
    make_all_due()
    assert [claim.order_id for claim in claim_orders(10)] == [first]
    hold = LinkHold.objects.get()
    assert (hold.order_id, hold.link_key) == (first, make_link_key(link_for("busy"), "like", service.pk))


def run_before(marks, work):
    """A wrapper for statements that runs `work` on another connection before the first with all `marks`."""
    left = [work]

    def wrap(execute, sql, params, many, context):
        if left and all(mark in sql for mark in marks):
            run_together(left.pop())
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrap)


@pytest.mark.django_db(transaction=True)
def test_a_waiter_canceled_while_it_is_called_is_never_sent(queue_way):
    customer, service, _ = queue_way
    first, second = place(customer, service, "busy"), place(customer, service, "busy")
    forward()
    cancel_order(customer.pk, first)
    with run_before(["orders_order", "FOR UPDATE SKIP LOCKED"], lambda: cancel_order(customer.pk, second)):
        call_waiters()
    assert (look(second)[0], Order.objects.get(pk=second).next_try_at) == ("canceled", None)
    assert claim_orders(10) == []
    assert list_states(second) == []


def wait_for_a_lock():
    """Wait until another connection waits for a lock of this one's."""
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    )
    until = monotonic() + 10
    with connection.cursor() as cursor:
        while cursor.execute(waiting).fetchone() == (0,):
            assert monotonic() < until, "nobody waits"


@pytest.mark.django_db(transaction=True)
def test_a_link_is_ordered_again_while_a_poll_frees_it_and_refunds_the_buyer(way):
    """The poll and the placing take wallet and link in the same order: neither is the victim of a deadlock."""
    other, service, provider = way
    Service.objects.filter(pk=service.pk).update(same_link="refuse")
    buyer = make_customer(PURSE)
    first, second = place(other, service, "one"), place(buyer, service, "two")
    forward()
    batch = list(Dispatch.objects.filter(order__in=[first, second]).order_by("id"))
    ends = dict(zip([first, second], [Status.COMPLETED, Status.CANCELED], strict=True))
    told = {
        row.upstream_id: UpstreamStatus(row.upstream_id, ends[row.order_id], "", None, None, None, None, None)
        for row in batch
    }
    with ThreadPoolExecutor(1) as pool:

        def order_again():
            try:
                return place(buyer, service, "one")
            finally:
                connection.close()

        asked = []

        def wrap(execute, sql, params, many, context):
            result = execute(sql, params, many, context)
            if not asked and sql.startswith("DELETE") and "linkhold" in sql:
                asked.append(pool.submit(order_again))
                wait_for_a_lock()
            return result

        with connection.execute_wrapper(wrap):
            apply_statuses(provider, batch, told)
        again = asked[0].result(60)
    assert [look(pk)[0] for pk in (first, second, again)] == ["completed", "canceled", "pending"]
    assert LinkHold.objects.get().order_id == again
