"""Refills passed on to the sandbox and followed to their end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order, Refill, Service
from orders.refills import request_refill
from providers.adapters.base import RefillResult, Unavailable
from providers.models import Dispatch, Provider
from providers.refilling import send_refills
from tests.providers.steps import forward, place, poll
from tests.together import run_together


@pytest.fixture
def refill(way):
    """A refill asked for a completed order of the sandbox's service 1."""
    customer, service, _ = way
    Service.objects.filter(pk=service.pk).update(refill=True)
    order_id = place(customer, service)
    forward()
    poll()
    return request_refill(customer.pk, order_id)


def send():
    Refill.objects.filter(next_ask_at__isnull=False).update(next_ask_at=timezone.now() - timedelta(hours=1))
    return send_refills()


def look(refill):
    refill.refresh_from_db()
    return refill.status, refill.upstream_id != "", refill.sent_at is not None, refill.next_ask_at is None


def test_a_refill_is_taken_and_followed_to_its_end(refill):
    assert send() == 1
    assert look(refill) == ("pending", True, True, False)
    assert send() == 1
    assert look(refill) == ("completed", True, True, True)
    assert send() == 0
    assert Order.objects.get().status == "completed"


def test_an_upstream_that_refuses_rejects_it(refill):
    Dispatch.objects.update(upstream_id="999999")
    send()
    assert look(refill)[0] == "rejected"
    assert refill.reason == "Incorrect order ID"


def test_an_unreachable_upstream_is_asked_again_and_given_up_in_the_end(refill):
    Provider.objects.update(url="http://127.0.0.1:1/")
    send()
    assert look(refill) == ("pending", False, False, False)
    assert (refill.tries, refill.next_ask_at > timezone.now()) == (1, True)
    Refill.objects.update(tries=11)
    send()
    assert look(refill)[0] == "error"


def test_an_account_problem_pauses_the_provider_and_rejects_nothing(refill):
    Provider.objects.update(key="wrong")
    send()
    assert (look(refill)[0], Provider.objects.get().paused_at is not None) == ("pending", True)


def test_an_order_that_no_provider_has(refill):
    Dispatch.objects.update(state="missing")
    send()
    assert look(refill)[0] == "rejected"


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_once(refill, sandbox):
    Refill.objects.update(next_ask_at=timezone.now() - timedelta(hours=1))
    results = run_together(send_refills, send_refills)
    assert sorted(results) == [0, 1]
    with sandbox.state.store.transaction() as database:
        assert database.execute("SELECT count(*) FROM refills").fetchone()[0] == 1


def test_a_failed_call_that_outlasts_its_lease_undoes_nothing(refill, monkeypatch):
    def fail_late(upstream, ids):
        later = timezone.now() + timedelta(hours=1)  # another process asked meanwhile, and it was taken
        Refill.objects.update(upstream_id="77", sent_at=timezone.now(), next_ask_at=later)
        raise Unavailable("no answer")

    monkeypatch.setattr("providers.refilling.Upstream.refill", fail_late)
    send()
    assert look(refill) == ("pending", True, True, False)
    assert (refill.upstream_id, refill.tries) == ("77", 0)


def test_a_refill_that_was_taken_late_is_kept(refill, monkeypatch):
    def take_late(upstream, ids):
        Refill.objects.update(next_ask_at=timezone.now() + timedelta(hours=1))  # another process asks too
        return {pk: RefillResult(pk, True, "77", None) for pk in ids}

    monkeypatch.setattr("providers.refilling.Upstream.refill", take_late)
    send()
    assert look(refill) == ("pending", True, True, False)
    assert refill.upstream_id == "77"
