"""Partial orders without remains: a person types them in, and the refund is paid once."""

import pytest

from orders.lifecycle import settle_order
from orders.models import Order
from providers.adapters.base import Status, UpstreamStatus
from providers.models import Dispatch, Route
from providers.polling import apply_statuses
from providers.remains import NotWaiting, list_waiting, settle_partial
from tests.providers.steps import (
    CHARGE,
    PURSE,
    QUANTITY,
    balance_of,
    forward,
    list_events,
    look,
    place,
)
from tests.together import run_together

HALF = 50
REFUND = CHARGE * HALF // QUANTITY


@pytest.fixture
def partial(way):
    """The dispatch of an order that its provider calls partial without saying what remains."""
    place(way[0], way[1])
    forward()
    row = Dispatch.objects.select_related("route").get()
    silent = UpstreamStatus(row.upstream_id, Status.PARTIAL, "Partial", None, None, None, None, None)
    apply_statuses(row.provider, [row], {row.upstream_id: silent})
    row.refresh_from_db()
    return row


def test_polling_puts_it_on_the_list_and_refunds_nothing(way, partial):
    assert (list(list_waiting()), look(partial.order_id)[::2]) == ([partial], ("processing", 0))
    assert balance_of(way[0]) == PURSE - CHARGE


def test_the_typed_remains_settle_it(way, partial):
    Route.objects.update(cost=1000)
    assert settle_partial(partial.pk, HALF, by="boss") == REFUND
    partial.refresh_from_db()
    order = Order.objects.get(pk=partial.order_id)
    assert look(order.pk) == ("partial", "accepted", REFUND, HALF)
    assert (order.cost, order.profit) == (QUANTITY - HALF, CHARGE - REFUND - (QUANTITY - HALF))
    assert (partial.next_poll_at, partial.remains_missing_at, partial.resolved_by) == (None, None, "boss")
    assert (list_events(order.pk)[-1], balance_of(way[0])) == ("partial", PURSE - CHARGE + REFUND)
    assert list(list_waiting()) == []


@pytest.mark.parametrize(("remains", "refund"), [(0, 0), (QUANTITY, CHARGE)])
def test_the_bounds_belong_to_it(way, partial, remains, refund):
    assert settle_partial(partial.pk, remains, by="boss") == refund
    assert balance_of(way[0]) == PURSE - CHARGE + refund


@pytest.mark.parametrize("remains", [-1, QUANTITY + 1])
def test_what_cannot_remain_is_refused(way, partial, remains):
    with pytest.raises(ValueError, match=f"from 0 to {QUANTITY}"):
        settle_partial(partial.pk, remains, by="boss")
    assert (list(list_waiting()), balance_of(way[0])) == ([partial], PURSE - CHARGE)


def test_what_was_settled_meanwhile_stays_as_it_is(way, partial):
    settle_order(Order.objects.get(pk=partial.order_id), Order.Status.COMPLETED)
    assert list(list_waiting()) == []
    with pytest.raises(NotWaiting):
        settle_partial(partial.pk, HALF, by="boss")
    assert (look(partial.order_id)[0], balance_of(way[0])) == ("completed", PURSE - CHARGE)


def test_an_order_that_runs_is_not_ended_by_hand(way):
    place(way[0], way[1])
    forward()
    with pytest.raises(NotWaiting):
        settle_partial(Dispatch.objects.get().pk, HALF, by="boss")
    assert look(Order.objects.get().pk)[0] == "processing"


@pytest.mark.django_db(transaction=True)
def test_of_operators_and_a_late_answer_at_once_one_settles(way, partial):
    told = UpstreamStatus(partial.upstream_id, Status.PARTIAL, "Partial", None, HALF, None, None, None)

    def poll_late():
        row = Dispatch.objects.select_related("route", "provider").get(pk=partial.pk)
        apply_statuses(row.provider, [row], {row.upstream_id: told})

    works = [lambda: settle_partial(partial.pk, HALF, by="boss")] * 3 + [poll_late]
    results = run_together(*works)
    paid = [result for result in results if isinstance(result, int)]
    late = [result for result in results if isinstance(result, NotWaiting)]
    assert (len(paid) <= 1, len(paid) + len(late), results[3]) == (True, 3, None)
    order = Order.objects.get(pk=partial.order_id)
    assert (order.status, order.refunded, balance_of(way[0])) == ("partial", REFUND, PURSE - CHARGE + REFUND)
    assert list_events(order.pk).count("partial") == 1
    assert list(list_waiting()) == []
