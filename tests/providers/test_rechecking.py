"""Rechecks: polled at once, refilled where that can be, and not again so soon."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from orders.models import Order, Refill, Service
from orders.refusals import OrderRefused
from providers.models import Dispatch
from providers.polling import poll_orders
from providers.rechecking import recheck_order
from tests.factories import make_customer
from tests.providers.steps import forward, look, place, poll
from tests.together import run_together


@pytest.fixture
def order(way):
    """An accepted order whose next poll is far off."""
    customer, service, _ = way
    order_id = place(customer, service)
    forward()
    Dispatch.objects.update(next_poll_at=timezone.now() + timedelta(hours=1))
    return Order.objects.get(pk=order_id)


def recheck(order):
    """What is refused and with which limit, or nothing."""
    try:
        return recheck_order(order.customer_id, order.pk)
    except OrderRefused as refused:
        return refused.code.value, refused.limit


def let_pass(seconds):
    past = timezone.now() - timedelta(seconds=seconds)
    Order.objects.filter(rechecked_at__isnull=False).update(rechecked_at=past)


def test_an_accepted_order_is_polled_at_once(order):
    assert poll_orders() == 0
    assert recheck(order) is None
    assert poll_orders() == 1
    assert look(order.pk) == ("completed", "accepted", 0, 0)


def test_once_in_so_many_seconds(order):
    assert recheck(order) is None
    assert recheck(order) == ("recheck_soon", 600)
    let_pass(500)
    assert recheck(order) == ("recheck_soon", 100)
    let_pass(600)
    assert recheck(order) is None
    assert Order.objects.get().rechecked_at > timezone.now() - timedelta(seconds=60)


def test_the_pause_is_each_order_s_own(order, way):
    other = Order.objects.get(pk=place(*way[:2]))
    assert (recheck(order), recheck(other)) == (None, None)


def test_a_foreign_or_unknown_order(order):
    for customer_id, order_id in ((make_customer().pk, order.pk), (order.customer_id, order.pk + 1)):
        with pytest.raises(OrderRefused, match="order_unknown"):
            recheck_order(customer_id, order_id)
    assert (Order.objects.get().rechecked_at, poll_orders()) == (None, 0)


def test_an_order_that_was_not_sent_yet_has_nothing_to_ask(way):
    queued = Order.objects.get(pk=place(*way[:2]))
    assert recheck(queued) is None
    assert (look(queued.pk), Dispatch.objects.count()) == (("pending", "queued", 0, None), 0)


def test_an_unclear_dispatch_is_not_polled(order):
    Dispatch.objects.update(state="unclear")
    Order.objects.update(forwarding="unclear")
    before = Dispatch.objects.get().next_poll_at
    assert recheck(order) is None
    assert Dispatch.objects.get().next_poll_at == before


def test_a_completed_order_is_refilled_where_its_service_has_refills(order):
    poll()
    assert recheck(order) is None
    assert Refill.objects.count() == 0
    Service.objects.update(refill=True)
    let_pass(600)
    assert recheck(order) is None
    assert list(Refill.objects.values_list("order", "status")) == [(order.pk, "pending")]
    let_pass(600)
    assert recheck(order) is None  # one is open: there is nothing more to wish
    assert Refill.objects.count() == 1


def test_an_ended_order_is_neither_polled_nor_refilled(order):
    Service.objects.update(refill=True)
    Dispatch.objects.update(next_poll_at=None)
    Order.objects.update(status="canceled")
    assert recheck(order) is None
    assert (Dispatch.objects.get().next_poll_at, Refill.objects.count()) == (None, 0)


@pytest.mark.django_db(transaction=True)
def test_of_rechecks_at_the_same_moment_one_passes(order):
    poll()
    Service.objects.update(refill=True)
    told = run_together(*[lambda: recheck(order)] * 4)
    refused = [answer for answer in told if answer is not None]
    assert [code for code, _ in refused] == ["recheck_soon"] * 3
    assert all(540 < seconds <= 600 for _, seconds in refused)
    assert Refill.objects.count() == 1


def test_an_order_in_parts_has_its_parts_polled(order):
    """Its own dispatch stands for that of a run here: only where the order belongs makes the difference."""
    parent = Order.objects.create(
        customer_id=order.customer_id,
        service_id=order.service_id,
        channel=order.channel,
        link=order.link,
        quantity=order.quantity * 2,
        charge=0,
        forwarding=Order.Forwarding.PARTS,
        next_try_at=None,
    )
    Order.objects.filter(pk=order.pk).update(parent=parent, charge=0)
    assert recheck(parent) is None
    assert poll_orders() == 1
    assert look(order.pk) == ("completed", "accepted", 0, 0)


@pytest.mark.django_db(transaction=True)
def test_who_is_polled_this_moment_is_not_waited_for(order):
    due = Dispatch.objects.get().next_poll_at
    with transaction.atomic():
        Dispatch.objects.select_for_update().get()
        assert run_together(lambda: recheck(order)) == [None]
    assert Dispatch.objects.get().next_poll_at == due
