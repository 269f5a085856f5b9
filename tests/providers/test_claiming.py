"""That an order is never sent twice is a property of the table; claims share the queue without waiting."""

from threading import Barrier, Event, Thread

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from orders.services import cancel_order
from providers.forwarding import claim_orders, forward_orders
from providers.models import Dispatch
from providers.polling import claim_dispatches
from providers.upstream import Upstream
from tests.factories import make_customer
from tests.providers.steps import PURSE, balance_of, forward, list_states, look, make_all_due, place


def run_at_once(*works):
    """What the functions returned in threads that started together, each on a connection of its own."""
    start, results = Barrier(len(works)), []

    def run(work):
        start.wait()
        results.append(work())
        connection.close()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == len(works)
    return results


@pytest.mark.parametrize("state", ["sending", "accepted", "unclear"])
def test_the_table_refuses_a_second_live_dispatch_of_an_order(way, state):
    customer, service, provider = way
    order_id = place(customer, service)
    values = {"order_id": order_id, "provider": provider, "upstream_service": "1"}
    Dispatch.objects.create(**values, idempotency_key="first", state=state)
    with pytest.raises(IntegrityError, match="order_one_live_dispatch"), transaction.atomic():
        Dispatch.objects.create(**values, idempotency_key="second")
    assert list_states(order_id) == [state]


def test_the_table_refuses_an_idempotency_key_that_was_used(way):
    customer, service, provider = way
    values = {"provider": provider, "upstream_service": "1", "idempotency_key": "same"}
    Dispatch.objects.create(order_id=place(customer, service), **values)
    with pytest.raises(IntegrityError, match="dispatch_idempotency_key"), transaction.atomic():
        Dispatch.objects.create(order_id=place(customer, service), **values)


@pytest.mark.parametrize("state", ["rejected", "unavailable", "missing"])
def test_an_ended_dispatch_lets_the_order_be_sent_anew(way, state):
    customer, service, provider = way
    order_id = place(customer, service)
    values = {"order_id": order_id, "provider": provider, "upstream_service": "1"}
    Dispatch.objects.create(**values, idempotency_key="first", state=state)
    Dispatch.objects.create(**values, idempotency_key="second")
    assert list_states(order_id) == [state, "sending"]


@pytest.mark.django_db(transaction=True)
def test_two_claimers_at_once_share_200_orders_without_overlap(way):
    customer, service, _ = make_customer(200 * 237), way[1], way[2]
    ids = {place(customer, service) for _ in range(200)}

    def claim_all():
        mine = []
        while claims := claim_orders(10):
            mine += [claim.order_id for claim in claims]
        return mine

    shares = run_at_once(claim_all, claim_all)
    # A claimer may find nothing for the moment the other holds all that is due; the rest is there for anyone.
    shares.append(claim_all())
    claimed = [pk for share in shares for pk in share]
    assert (len(claimed), set(claimed)) == (200, ids)
    assert Dispatch.objects.count() == 200


@pytest.mark.django_db(transaction=True)
def test_two_forwarders_at_once_send_each_order_once(way, sandbox):
    customer, service, _ = make_customer(100 * 237), way[1], way[2]
    ids = [place(customer, service) for _ in range(100)]
    sent = run_at_once(forward_orders, forward_orders)
    sent.append(forward_orders())
    assert (sum(sent), {look(pk)[1] for pk in ids}) == (100, {"accepted"})
    assert (sandbox.counters()["adds_received"], sandbox.counters()["orders_made"]) == (100, 100)


@pytest.mark.django_db(transaction=True)
def test_two_pollers_at_once_ask_about_each_order_once(way):
    customer, service, provider = make_customer(60 * 237), way[1], way[2]
    for _ in range(60):
        place(customer, service)
    forward()
    make_all_due()

    def claim_all():
        mine = []
        while rows := claim_dispatches(provider.pk, 7):
            mine += [row.pk for row in rows]
        return mine

    shares = [*run_at_once(claim_all, claim_all), claim_all()]
    claimed = [pk for share in shares for pk in share]
    assert (len(claimed), len(set(claimed))) == (60, 60)


@pytest.mark.django_db(transaction=True)
def test_a_cancel_that_races_with_forwarding_is_refunded_or_sent_but_not_both(way, sandbox):
    sandbox.change_speeds(pace=3600)
    customer, service, _ = way
    ids = [place(customer, service) for _ in range(20)]

    run_at_once(forward_orders, lambda: [cancel_order(customer.pk, pk) for pk in ids])
    forward()
    seen = [look(pk)[:3] for pk in ids]
    sent = [one for one in seen if one == ("processing", "accepted", 0)]
    refunded = [one for one in seen if one == ("canceled", "queued", 237)]
    assert len(sent) + len(refunded) == 20
    assert sandbox.counters()["orders_made"] == len(sent)
    assert balance_of(customer) == PURSE - 237 * len(sent)


def test_a_claim_that_breaks_loses_no_answer(way, monkeypatch):
    customer, service, _ = way
    order_id = place(customer, service)
    asked, broken = Event(), Event()
    send = Upstream.place

    def send_late(upstream, order):
        asked.set()
        assert broken.wait(10)
        return send(upstream, order)

    def break_beside(limit, upstreams):
        if not asked.is_set() or broken.is_set():
            return claim_orders(limit, upstreams)
        broken.set()
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(Upstream, "place", send_late)
    monkeypatch.setattr("providers.forwarding.claim_orders", break_beside)
    assert forward() == 1
    assert broken.is_set()
    assert (look(order_id)[1], list_states(order_id)) == ("accepted", ["accepted"])
