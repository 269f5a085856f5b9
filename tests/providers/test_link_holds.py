"""Two orders on one link: the second waits in the queue until the first ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.links import call_waiters, release_hold
from orders.models import LinkHold, Order, Service
from orders.services import cancel_order
from providers.forwarding import claim_orders
from providers.holds import report_holds
from providers.models import Dispatch, ProviderEvent
from tests.providers.steps import age_upstream, forward, list_states, look, make_all_due, place, poll
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
