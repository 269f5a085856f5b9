"""Canceling in every state: money comes back once, and only when it is sure that nobody delivers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order, OrderEvent
from orders.refusals import OrderRefused, Refusal
from orders.services import CancelAnswer, cancel_order
from panel.engines.ports import pick_port
from providers.adapters.base import Unavailable
from providers.canceling import _lease, send_cancels
from providers.forwarding import claim_orders
from providers.models import Dispatch, Provider
from providers.recording import record_outcomes
from providers.unclear import confirm_placed, settle_orphans
from tests.factories import make_customer
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

HOUR = 3600


@pytest.fixture
def accepted(way, sandbox):
    """An order on its way upstream; it would take an hour."""
    sandbox.change_speeds(pace=HOUR)
    order_id = place(way[0], way[1])
    forward()
    return order_id


def refused(customer, order_id):
    with pytest.raises(OrderRefused) as caught:
        cancel_order(customer.pk, order_id)
    return caught.value.code


def test_a_queued_order_is_refunded_at_once_and_never_sent(way, sandbox):
    customer, service, _ = way
    order_id = place(customer, service)
    assert cancel_order(customer.pk, order_id) is CancelAnswer.REFUNDED
    assert (look(order_id), balance_of(customer)) == (("canceled", "queued", CHARGE, None), PURSE)
    assert (forward(), sandbox.counters()["adds_received"]) == (0, 0)
    assert list_events(order_id) == ["placed", "canceled"]
    assert refused(customer, order_id) is Refusal.NOT_CANCELABLE
    assert balance_of(customer) == PURSE


def test_nobody_cancels_another_s_order(way):
    customer, service, _ = way
    order_id = place(customer, service)
    assert refused(make_customer(), order_id) is Refusal.ORDER_UNKNOWN
    assert look(order_id) == ("pending", "queued", 0, None)


def test_a_wish_during_sending_is_passed_on_after_the_answer(way, sandbox):
    customer, service, _ = way
    sandbox.change_speeds(pace=HOUR)
    order_id = place(customer, service)
    claim = claim_orders(1)[0]
    assert cancel_order(customer.pk, order_id) is CancelAnswer.REQUESTED
    assert (look(order_id), balance_of(customer)) == (("pending", "sending", 0, None), PURSE - CHARGE)
    assert send_cancels() == 0
    record_outcomes([(claim.dispatch_id, order_id, claim.upstream.place(claim.outbound))])
    assert (send_cancels(), sandbox.counters()["cancels"]) == (1, 1)
    assert (look(order_id), balance_of(customer)) == (("processing", "accepted", 0, None), PURSE - CHARGE)
    poll()
    assert (look(order_id), balance_of(customer)) == (("canceled", "accepted", CHARGE, 101), PURSE)
    assert list_events(order_id) == ["placed", "accepted", "cancel_sent", "canceled"]


def test_a_wish_while_unclear_is_passed_on_once_it_is_found(way, sandbox):
    customer, service, _ = way
    sandbox.change_speeds(pace=HOUR)
    order_id = place(customer, service, "error500")
    forward()
    assert cancel_order(customer.pk, order_id) is CancelAnswer.REQUESTED
    assert (look(order_id), send_cancels()) == (("pending", "unclear", 0, None), 0)
    dispatch = Dispatch.objects.get()
    confirm_placed(dispatch.pk, str(sandbox.orders()[0]["order"]), by="admin")
    send_cancels()
    poll()
    assert (look(order_id), balance_of(customer)) == (("canceled", "accepted", CHARGE, 101), PURSE)


def test_a_wish_of_an_order_that_comes_back_to_the_queue_is_granted(way, sandbox):
    customer, service, provider = way
    Provider.objects.update(url=f"http://127.0.0.1:{pick_port(None)}/")
    order_id = place(customer, service)
    claim = claim_orders(1)[0]
    cancel_order(customer.pk, order_id)
    with pytest.raises(Unavailable) as caught:
        claim.upstream.place(claim.outbound)
    record_outcomes([(claim.dispatch_id, order_id, caught.value)])
    assert (look(order_id), list_states(order_id)) == (("canceled", "queued", CHARGE, None), ["unavailable"])
    assert (forward(), balance_of(customer)) == (0, PURSE)


def test_a_wish_of_an_order_whose_worker_died_is_kept(way, settings):
    customer, service, _ = way
    order_id = place(customer, service)
    claim_orders(1)
    cancel_order(customer.pk, order_id)
    settings.DISPATCH_LEASE_SECONDS = 0
    settle_orphans()
    assert (look(order_id), balance_of(customer)) == (("pending", "unclear", 0, None), PURSE - CHARGE)
    assert Order.objects.get(pk=order_id).cancel_requested_at is not None


def test_an_accepted_order_is_refunded_when_polling_says_so(way, accepted, sandbox):
    customer = way[0]
    assert cancel_order(customer.pk, accepted) is CancelAnswer.REQUESTED
    assert cancel_order(customer.pk, accepted) is CancelAnswer.REQUESTED
    assert (send_cancels(), send_cancels(), sandbox.counters()["cancels"]) == (1, 0, 1)
    assert balance_of(customer) == PURSE - CHARGE
    poll()
    assert (look(accepted), balance_of(customer)) == (("canceled", "accepted", CHARGE, 101), PURSE)


def test_a_cancel_that_was_sent_is_polled_at_once(way, accepted):
    Dispatch.objects.update(next_poll_at=timezone.now() + timedelta(hours=1))
    cancel_order(way[0].pk, accepted)
    send_cancels()
    assert Dispatch.objects.get().next_poll_at <= timezone.now()


def test_an_upstream_that_refuses_to_cancel_goes_on(way, sandbox):
    customer, service, _ = way
    sandbox.change_speeds(pace=HOUR)
    order_id = place(customer, service, "uncancelable")
    forward()
    cancel_order(customer.pk, order_id)
    assert (send_cancels(), send_cancels(), sandbox.counters()["cancels"]) == (1, 0, 1)
    event = OrderEvent.objects.get(order=order_id, kind="cancel_refused")
    assert event.data == {"reason": "Order can not be canceled"}
    assert (look(order_id)[:3], balance_of(customer)) == (("processing", "accepted", 0), PURSE - CHARGE)
    sandbox.change_speeds(pace=0)
    poll()
    assert (look(order_id), balance_of(customer)) == (("completed", "accepted", 0, 0), PURSE - CHARGE)


def test_a_service_that_cannot_be_canceled_keeps_its_order_once_it_is_sent(way, accepted):
    customer, service, _ = way
    service.cancel = False
    service.save()
    assert refused(customer, accepted) is Refusal.NOT_CANCELABLE
    assert Order.objects.get(pk=accepted).cancel_requested_at is None


def test_a_worker_that_died_before_the_answer_is_asked_for_again(way, accepted, sandbox):
    cancel_order(way[0].pk, accepted)
    assert [row.order_id for row in _lease()] == [accepted]
    assert send_cancels() == 0  # leased to the dead one
    make_all_due()
    assert (send_cancels(), sandbox.counters()["cancels"]) == (1, 1)


@pytest.mark.parametrize("fault", ["500", "html", "429", "reset", "hang"])
def test_an_unreadable_answer_keeps_the_wish(way, accepted, sandbox, fault):
    cancel_order(way[0].pk, accepted)
    sandbox.set_fault("cancel", fault)
    assert send_cancels() == 0
    assert (look(accepted)[0], Dispatch.objects.get().cancel_sent_at) == ("processing", None)
    make_all_due()
    send_cancels()
    poll()
    assert (look(accepted)[0], balance_of(way[0])) == ("canceled", PURSE)


def test_a_refused_account_keeps_the_wish_and_pauses_the_provider(way, accepted, sandbox):
    provider = way[2]
    provider.key = "foreign"
    provider.save()
    cancel_order(way[0].pk, accepted)
    assert send_cancels() == 0
    provider.refresh_from_db()
    assert (provider.paused_at is None, Dispatch.objects.get().cancel_sent_at) == (False, None)
    provider.key = "sandbox-key-noidem"
    provider.save()
    make_all_due()
    assert (send_cancels(), list_events(accepted)) == (1, ["placed", "accepted", "cancel_sent"])


def test_many_wishes_are_one_call(way, sandbox):
    sandbox.change_speeds(pace=HOUR)
    customers = [make_customer(PURSE) for _ in range(10)]
    ids = {customer: place(customer, way[1]) for customer in customers}
    forward()
    for customer, order_id in ids.items():
        cancel_order(customer.pk, order_id)
    assert (send_cancels(), sandbox.counters()["cancels"]) == (10, 10)
    poll()
    assert {balance_of(customer) for customer in customers} == {PURSE}
