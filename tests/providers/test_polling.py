"""Following accepted orders: batches, pauses between questions, and answers that make no sense."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from orders.models import Order, Service
from orders.services import cancel_order
from providers.adapters.base import Status, UpstreamStatus
from providers.models import Dispatch, Provider, ProviderEvent, Route
from providers.polling import apply_statuses, claim_dispatches, poll_orders
from providers.remains import settle_partial
from tests.factories import make_customer, make_provider, make_route, make_service
from tests.providers.steps import (
    CHARGE,
    PRICE,
    PURSE,
    balance_of,
    forward,
    list_states,
    look,
    make_all_due,
    place,
    poll,
)

FAULTS = ["html", "truncated", "list", "500", "hang", "429", "huge", "reset"]


def tell(upstream_id, status, **values):
    """What an adapter tells of one order; what is not given was not told."""
    silent = dict.fromkeys(("start_count", "remains", "charge", "currency", "error"))
    return {upstream_id: UpstreamStatus(upstream_id, status, status.value, **(silent | values))}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_unreadable_answer_changes_nothing_and_the_order_is_asked_about_again(way, sandbox, fault):
    customer, service, _ = way
    first, second = place(customer, service, "partial"), place(customer, service)
    forward()
    sandbox.set_fault("status", fault)
    assert poll() == 1
    assert [look(pk) for pk in (first, second)] == [("processing", "accepted", 0, None)] * 2
    assert balance_of(customer) == PURSE - 2 * CHARGE
    assert all(row.next_poll_at > timezone.now() for row in Dispatch.objects.all())
    assert poll() == 1
    assert [look(pk)[0] for pk in (first, second)] == ["partial", "completed"]


def test_what_an_unreadable_answer_said_is_kept_as_evidence(way, sandbox):
    customer, service, _ = way
    place(customer, service)
    forward()
    sandbox.set_fault("status", "html")
    poll()
    row = Dispatch.objects.get()
    assert row.reason.startswith("polling: ")
    assert "<html" in row.excerpt.lower()


def test_an_order_that_an_inactive_provider_took_is_followed_to_its_end(way):
    customer, service, _ = way
    order_id = place(customer, service)
    forward()
    Provider.objects.update(active=False)
    assert poll() == 1
    assert look(order_id)[0] == "completed"


def test_one_provider_that_answers_nonsense_keeps_no_other_waiting(way, sandbox):
    customer, service, _ = way
    broken = make_provider(f"{sandbox.url}/nowhere", key="sandbox-broken")
    other = make_service(price=PRICE)
    make_route(other, broken)
    first, second = place(customer, service), place(customer, service)
    forward()
    Dispatch.objects.filter(order=first).update(provider=broken)
    assert poll() == 2
    assert [look(pk)[0] for pk in (first, second)] == ["processing", "completed"]


def test_250_orders_are_asked_about_in_three_calls(way, sandbox):
    customer, service = make_customer(250 * CHARGE), way[1]
    ids = [place(customer, service) for _ in range(250)]
    forward()
    assert poll() == 3
    counters = sandbox.counters()
    assert (counters["status_calls"], counters["ids_asked"]) == (3, 250)
    assert {look(pk) for pk in ids} == {("completed", "accepted", 0, 0)}


def test_ended_orders_are_not_asked_about_again(way, sandbox):
    customer, service, _ = way
    place(customer, service)
    forward()
    assert (poll(), poll(), sandbox.counters()["ids_asked"]) == (1, 0, 1)


@pytest.mark.parametrize(
    ("age", "least", "most"),
    [
        (timedelta(seconds=1), 27, 33),  # POLL_FIRST_SECONDS ± a tenth
        (timedelta(hours=1), 162, 198),  # a twentieth of the age
        (timedelta(days=30), 3240, 3960),  # POLL_MAX_SECONDS
    ],
)
def test_the_older_an_order_the_longer_the_pause(way, sandbox, age, least, most):
    customer, service, _ = way
    order_id = place(customer, service, "stuck")
    forward()
    Order.objects.filter(pk=order_id).update(created=timezone.now() - age)
    before = timezone.now()
    poll()
    pause = (Dispatch.objects.get().next_poll_at - before).total_seconds()
    assert least <= pause <= most + 2


def test_an_order_that_is_not_due_is_not_asked_about(way, sandbox):
    customer, service, _ = way
    place(customer, service)
    forward()
    assert (poll_orders(), sandbox.counters()["status_calls"]) == (0, 0)


def test_a_claimed_order_is_leased_and_asked_about_again_when_its_worker_died(way):
    customer, service, provider = way
    place(customer, service)
    forward()
    make_all_due()
    assert len(claim_dispatches(provider.pk, 100)) == 1
    assert claim_dispatches(provider.pk, 100) == []
    make_all_due()  # the lease is over
    assert len(claim_dispatches(provider.pk, 100)) == 1


def test_a_refused_key_pauses_the_provider_and_changes_no_order(way, sandbox):
    customer, service, provider = way
    order_id = place(customer, service)
    forward()
    provider.key = "foreign"
    provider.save()
    poll()
    provider.refresh_from_db()
    assert (look(order_id), provider.paused_at is None) == (("processing", "accepted", 0, None), False)
    provider.key, provider.paused_at = "sandbox-key-noidem", None
    provider.save()
    poll()
    assert look(order_id)[0] == "completed"


def test_a_paused_provider_is_still_asked_about_what_it_has(way):
    customer, service, provider = way
    order_id = place(customer, service)
    forward()
    Provider.objects.filter(pk=provider.pk).update(paused_at=timezone.now())
    poll()
    assert look(order_id)[0] == "completed"


@pytest.mark.parametrize(("remains", "refund"), [(-5, 0), (0, 0), (1, 2), (50, 117), (101, 237), (999, 237)])
def test_a_partial_refund_is_the_floor_of_the_share_and_never_more_than_the_charge(way, remains, refund):
    customer, service, provider = way
    order_id = place(customer, service)
    forward()
    row = Dispatch.objects.select_related("route").get()
    apply_statuses(provider, [row], tell(row.upstream_id, Status.PARTIAL, remains=remains))
    assert (look(order_id)[2], balance_of(customer)) == (refund, PURSE - CHARGE + refund)


@pytest.mark.parametrize(
    "values",
    [
        {"charge": Decimal(10) ** 15},
        {"remains": 2**63 - 1},
        {"start_count": 2**63 - 1},
        {"start_count": -(2**63) + 1, "remains": -(2**63) + 1},
    ],
)
def test_absurd_numbers_of_one_order_do_not_hold_up_the_others(way, values):
    customer, service, provider = way
    ids = [place(customer, service) for _ in range(2)]
    forward()
    batch = list(Dispatch.objects.select_related("route").order_by("order_id"))
    told = tell(batch[0].upstream_id, Status.COMPLETED, **values) | tell(
        batch[1].upstream_id, Status.COMPLETED
    )
    apply_statuses(provider, batch, told)
    assert [look(pk)[:3] for pk in ids] == [("completed", "accepted", 0)] * 2


def test_the_route_s_price_is_the_cost_where_the_upstream_tells_none(way):
    customer, service, provider = way
    Route.objects.update(cost=Decimal("1000"))
    Provider.objects.update(rate=Decimal("2"))
    order_id = place(customer, service)
    forward()
    row = Dispatch.objects.select_related("route").get()
    provider.refresh_from_db()
    apply_statuses(provider, [row], tell(row.upstream_id, Status.PARTIAL, remains=1))
    order = Order.objects.get(pk=order_id)
    assert (order.cost, order.profit) == (Decimal(200), Decimal(237 - 2 - 200))


@pytest.mark.parametrize(("remains", "cost"), [(None, 0), (101, 0), (1, 100)])
def test_a_canceled_order_costs_what_was_delivered(way, remains, cost):
    customer, service, provider = way
    Route.objects.update(cost=Decimal("1000"))
    order_id = place(customer, service)
    forward()
    row = Dispatch.objects.select_related("route").get()
    apply_statuses(provider, [row], tell(row.upstream_id, Status.CANCELED, remains=remains))
    order = Order.objects.get(pk=order_id)
    assert (order.status, order.cost, order.refunded) == ("canceled", cost, 237)


def test_a_package_costs_its_price_a_piece(way):
    customer, service, provider = way
    Service.objects.filter(pk=service.pk).update(type="package", pack_size=500)
    Route.objects.update(cost=Decimal("1000"), upstream_service="6")
    order_id = place(customer, service)
    forward()
    row = Dispatch.objects.select_related("route").get()
    apply_statuses(provider, [row], tell(row.upstream_id, Status.PARTIAL, remains=250))
    order = Order.objects.get(pk=order_id)
    assert (order.quantity, order.cost) == (500, 500)


def test_an_answer_that_comes_after_an_operator_settled_the_remains_brings_nothing_back(way):
    customer, service, provider = way
    order_id = place(customer, service)
    forward()
    row = Dispatch.objects.select_related("route").get()
    partial = tell(row.upstream_id, Status.PARTIAL)
    apply_statuses(provider, [row], partial)
    asked = Dispatch.objects.select_related("route").get()
    assert asked.remains_missing_at is not None
    settle_partial(row.pk, 1, by="operator")
    apply_statuses(provider, [asked], partial)
    settled = Dispatch.objects.get()
    assert (settled.remains_missing_at, settled.next_poll_at, look(order_id)[0]) == (None, None, "partial")


def test_a_charge_in_another_currency_is_no_cost(way):
    customer, service, provider = way
    order_id = place(customer, service)
    forward()
    row = Dispatch.objects.select_related("route").get()
    apply_statuses(
        provider, [row], tell(row.upstream_id, Status.COMPLETED, charge=Decimal(3), currency="USD")
    )
    assert (Order.objects.get(pk=order_id).cost, look(order_id)[0]) == (None, "completed")


def test_news_that_come_after_the_end_change_nothing(way):
    customer, service, provider = way
    order_id = place(customer, service)
    forward()
    stale = list(Dispatch.objects.select_related("route"))
    poll()
    apply_statuses(provider, stale, tell(stale[0].upstream_id, Status.CANCELED))
    assert (look(order_id), balance_of(customer)) == (("completed", "accepted", 0, 0), PURSE - CHARGE)
    assert Dispatch.objects.get().next_poll_at is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_refund_the_same_customers_do_not_block_each_other(way, settings):
    """Each transaction locks many wallets: in different orders they would lock each other out."""
    settings.PROVIDER_DEADLINE_SECONDS = 10  # all must be accepted, on the busiest machine
    _, service, provider = way
    customers = [make_customer(PURSE) for _ in range(30)]
    batches = []
    for people in (customers, customers[::-1]):
        ids = [place(customer, service) for customer in people]
        batches.append(ids)
    forward()
    start, errors = Barrier(2), []

    def settle(ids):
        rows = {row.order_id: row for row in Dispatch.objects.select_related("route").filter(order__in=ids)}
        batch = [rows[pk] for pk in ids]
        told = {}
        for row in batch:
            told |= tell(row.upstream_id, Status.CANCELED)
        start.wait()
        try:
            apply_statuses(provider, batch, told)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            errors.append(error)
        connection.close()

    threads = [Thread(target=settle, args=(ids,)) for ids in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (errors, {balance_of(customer) for customer in customers}) == ([], {PURSE})
    assert {look(pk)[:2] for ids in batches for pk in ids} == {("canceled", "accepted")}


@pytest.mark.django_db(transaction=True)
def test_the_same_news_told_twice_at_once_refund_once(way):
    customer, service, provider = way
    order_id = place(customer, service)
    forward()
    start = Barrier(4)

    def settle():
        batch = list(Dispatch.objects.select_related("route"))
        start.wait()
        apply_statuses(provider, batch, tell(batch[0].upstream_id, Status.CANCELED))
        connection.close()

    threads = [Thread(target=settle) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (look(order_id)[2], balance_of(customer), list_states(order_id)) == (CHARGE, PURSE, ["accepted"])
    assert ProviderEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_ledger_holds_after_every_kind_of_end(way):
    customer, service, _ = way
    for word in ("plain", "partial", "cancel", "refuse", "negative"):
        place(customer, service, word)
    forward()
    poll()
    cancel_order(customer.pk, place(customer, service))
    call_command("audit_ledger")  # exits with 1 on any drift
    assert balance_of(customer) == PURSE - 5 * CHARGE + 93 + 2 * CHARGE
