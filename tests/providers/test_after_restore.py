"""After a restore to a moment nothing that may have been sent since is sent again, whoever is asked."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from campaigns.models import Product, ProductCode
from orders.models import DripFeed, Order, Subscription
from orders.services import place_order
from panel.accounts.models import BrowserSession
from panel.lib.after_restore import NEVER, SKIPPED_IDS
from panel.wallet.models import Payment
from providers.forwarding import claim_orders, forward_orders
from providers.models import Dispatch, Provider
from providers.pausing import resume_provider
from providers.unclear import reconcile_unclear, send_again
from sms.models import Message
from sms.sending import send_messages
from tests.factories import make_customer, make_route, make_service
from tests.filling import fill_row
from tests.providers.steps import list_states, look, place
from tests.sms.steps import queue

pytestmark = pytest.mark.django_db(transaction=True)
UNCLEAR = ("pending", "unclear", 0, None)


def mend(minutes=60, **options):
    """The database was restored to so many minutes ago, and is lost until now."""
    since = timezone.now() - timedelta(minutes=minutes)
    call_command("after_restore", "--since", since.isoformat(), **options)


def let_go_on():
    """Everything is resumed and does what it may."""
    for provider in Provider.objects.all():
        resume_provider(provider.pk)
    forward_orders()
    reconcile_unclear()
    send_messages()


def count_upstream(sandbox):
    with sandbox.state.store.transaction() as database:
        return database.execute("SELECT count(*) FROM orders").fetchone()[0]


def test_what_was_queued_or_being_sent_becomes_unclear_and_is_not_sent_again(way, sandbox):
    customer, service, provider = way[:3]
    provider.key, provider.honours_idempotency_key = "sandbox-key", True
    provider.save()
    sending, queued = place(customer, service), place(customer, service)
    claim_orders(1)
    mend()
    assert (look(sending), look(queued)) == (UNCLEAR, UNCLEAR)
    assert list(Dispatch.objects.values_list("state", "next_ask_at")) == [("unclear", NEVER)] * 2
    let_go_on()
    assert (look(sending), look(queued), count_upstream(sandbox)) == (UNCLEAR, UNCLEAR, 0)


def test_forwarding_is_paused_until_a_person_resumes_it(way, sandbox):
    mend()
    fresh = place(*way[:2])
    forward_orders()
    assert (look(fresh), count_upstream(sandbox)) == (("pending", "queued", 0, None), 0)
    Order.objects.update(next_try_at=timezone.now())
    let_go_on()
    assert (look(fresh)[1], count_upstream(sandbox)) == ("accepted", 1)


def test_a_person_may_have_an_order_sent_that_surely_is_not_there(way, sandbox):
    order_id = place(*way[:2])
    mend()
    send_again(Dispatch.objects.get(order=order_id).pk, by="operator")
    let_go_on()
    assert (list_states(order_id), count_upstream(sandbox)) == (["missing", "accepted"], 1)


def test_again_it_changes_nothing(way):
    order_id = place(*way[:2])
    lost = timezone.now().isoformat()
    mend(lost=lost)
    later = place(*way[:2])
    mend(lost=lost)
    assert (list_states(order_id), look(later)[1]) == (["unclear"], "queued")


def test_an_order_without_any_route_stays_queued_and_is_named(db, capsys):
    customer, service = make_customer(toman=10_000), make_service()
    order_id = place(customer, service)
    mend()
    assert look(order_id)[1] == "queued"
    assert f"order {order_id} is queued without any route" in capsys.readouterr().out


def test_runs_of_a_drip_feed_that_came_due_meanwhile_are_made_and_not_sent(way, sandbox):
    customer, provider = way[0], way[2]
    service = make_service(dripfeed=True)
    make_route(service, provider)
    values = {"link": "https://example.com/plain", "quantity": 50, "runs": 10, "interval": 20}
    order_id = place_order(customer.pk, "dashboard", service.pk, values).order_id
    past = timezone.now() - timedelta(minutes=50)
    DripFeed.objects.update(next_run_at=past, next_look_at=past)
    mend()
    parts = Order.objects.filter(parent=order_id).values_list("forwarding", flat=True)
    plan = DripFeed.objects.get()
    assert (list(parts), plan.made) == (["unclear"] * 3, 3)
    assert plan.next_run_at == past + timedelta(minutes=60)
    let_go_on()
    assert count_upstream(sandbox) == 0


def test_posts_of_that_time_are_left_out(db):
    parent = fill_row(Order, forwarding="parts", charge=0, refunded=0, status="pending", parent=None, cost=0)
    fill_row(Subscription, order=parent, state="active", username="somebody", posts=5)
    lost = timezone.now()
    mend(lost=lost.isoformat())
    assert Subscription.objects.get().since == lost


def test_texts_that_waited_are_unclear_and_not_sent(sandbox):
    message = queue()
    mend()
    send_messages()
    assert Message.objects.get(pk=message.pk).state == Message.State.UNCLEAR


def test_open_payments_are_asked_about_at_once_and_named(db, capsys):
    customer = make_customer()
    payment = fill_row(Payment, customer=customer, state="pending", authority="A1", coupon=None, amount=5000)
    created = timezone.now() - timedelta(hours=2)
    Payment.objects.update(created=created, next_ask_at=timezone.now() + timedelta(hours=1))
    mend()
    payment.refresh_from_db()
    assert payment.next_ask_at <= timezone.now()
    assert f"payment {payment.pk}: 5000 toman, A1, pending" in capsys.readouterr().out


def test_sessions_end_and_products_leave_the_shop(db):
    fill_row(BrowserSession, expires_at=timezone.now() + timedelta(days=1))
    product = fill_row(Product, active=True)
    fill_row(ProductCode, product=product)
    mend()
    assert (BrowserSession.objects.count(), Product.objects.get().active) == (0, False)


def test_ids_that_were_given_out_are_given_to_nobody_else(way):
    before = place(*way[:2])
    mend()
    assert place(*way[:2]) == before + 1 + SKIPPED_IDS


@pytest.mark.parametrize("since", ["yesterday", "2026-01-01T00:00:00", "2999-01-01T00:00:00+00:00"])
def test_a_moment_that_makes_no_sense_is_refused(db, since):
    with pytest.raises(CommandError):
        call_command("after_restore", "--since", since)


def test_it_is_refused_while_others_are_connected(db):
    other = connection.copy()
    other.ensure_connection()
    try:
        with pytest.raises(CommandError, match="stop web, workers and beat"):
            mend()
    finally:
        other.close()
