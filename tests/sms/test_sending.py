"""The outbox, sent through the gateway's real HTTP API: each message at most once."""

from dataclasses import replace
from datetime import timedelta
from itertools import chain, repeat
from threading import Barrier, Thread
from time import sleep

import pytest
from django.db import connection
from django.utils import timezone

from panel.engines.ports import pick_port
from panel.wallet.ledger import read_balance
from sms.claiming import LEASE_SECONDS, claim_messages, settle_orphans
from sms.handover import hand_over
from sms.models import Message
from sms.outbox import queue_message
from sms.parcels import pack_messages
from sms.recording import record_outcomes
from sms.routes import load_routes
from sms.sending import send_messages
from sms.sends import send_text
from tests.factories import make_customer
from tests.sms.sends import PERSIAN_PRICE, ask, open_shop, states_of
from tests.sms.steps import make_all_due, queue, state_of


def send():
    make_all_due()
    return send_messages()


def test_a_message_is_sent_once_with_its_text_to_its_mobile(gateway, settings):
    settings.SMS_FROM = "3000123456"
    message = queue(text="سلام، سفارش ۱۲ تمام شد")
    assert [send(), send()] == [1, 0]
    message.refresh_from_db()
    sent = gateway.messages()
    assert [(row["recipients"], row["message"], row["from"]) for row in sent] == [
        (["09120001111"], "سلام، سفارش ۱۲ تمام شد", "3000123456")
    ]
    assert (message.state, message.gateway_id, message.tries) == ("sent", str(sent[0]["id"]), 1)
    assert (message.next_try_at, message.error) == (None, "")


def test_the_same_key_queued_twice_is_one_message(gateway):
    queue(key="order-event:1", text="first")
    queue(key="order-event:1", text="second")
    assert (send(), [row["message"] for row in gateway.messages()]) == (1, ["first"])


def test_texts_are_encrypted_in_the_database(gateway):
    queue(text="very private")
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM sms_message")
        stored = str(cursor.fetchone()[0])
    assert ("private" in stored, Message.objects.get().text) == (False, "very private")


@pytest.mark.parametrize("ending", ["0021", "0023"])
def test_a_refusal_is_final(gateway, ending):
    message = queue(ending)
    assert [send(), send()] == [1, 0]
    assert (state_of(message), gateway.counters()["sms_received"]) == ("failed", 1)
    assert Message.objects.get().error != ""


def test_trouble_with_our_account_keeps_messages_waiting_and_no_secret(gateway, settings):
    settings.SMS_GATEWAY_TOKEN = "wrong-token-12345"
    refused, poor = queue(), queue("0022", key="two")
    send()
    settings.SMS_GATEWAY_TOKEN = "sandbox-sms-token"
    send()
    rows = [Message.objects.get(pk=row.pk) for row in (refused, poor)]
    assert [(row.state, row.tries) for row in rows] == [("sent", 2), ("queued", 2)]
    assert "wrong-token" not in rows[0].error + rows[1].error


@pytest.mark.parametrize(
    ("ending", "stored"), [("0027", 0), ("0500", 0), ("0408", 1), ("0999", 1)]
)  # operator fault, HTTP 500, no answer, a page
def test_what_may_have_been_sent_is_unclear_and_never_repeated(gateway, ending, stored):
    message = queue(ending)
    assert [send() for _ in range(4)] == [1, 0, 0, 0]
    counters = gateway.counters()
    assert (state_of(message), counters["sms_received"], counters["messages_made"]) == ("unclear", 1, stored)


@pytest.mark.parametrize("fault", ["html", "truncated", "list", "reset", "huge", "500"])
def test_an_answer_without_sense_is_unclear(gateway, fault):
    message = queue()
    gateway.set_fault("sms/send", fault)
    assert [send(), send()] == [1, 0]
    assert (state_of(message), gateway.counters()["messages_made"]) == ("unclear", 1)


def test_too_many_calls_are_tried_again_when_the_gateway_wishes(gateway):
    message = queue()
    gateway.set_fault("sms/send", "429")
    before = timezone.now()
    send()
    message.refresh_from_db()
    assert (message.state, round((message.next_try_at - before).total_seconds())) == ("queued", 1)
    send()
    assert (state_of(message), gateway.counters()["messages_made"]) == ("sent", 1)


def test_a_gateway_that_is_away_is_tried_ever_later_and_given_up_at_last(gateway, settings):
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{pick_port(None)}"
    message, waits = queue(), []
    for _ in range(3):
        before = timezone.now()
        send()
        message.refresh_from_db()
        waits.append(round((message.next_try_at - before).total_seconds()))
    assert (message.state, message.tries, waits) == ("queued", 3, [5, 10, 20])
    for _ in range(9):
        send()
    message.refresh_from_db()
    assert (message.state, message.tries, message.next_try_at) == ("failed", 12, None)


def test_one_bad_message_keeps_no_other_waiting(gateway):
    rows = [queue(ending, key=ending) for ending in ("0021", "1111", "9027", "0023", "2222")]
    assert (send(), gateway.counters()["sms_received"]) == (5, 1)
    assert [state_of(row) for row in rows] == ["failed", "sent", "unclear", "failed", "sent"]


def test_what_can_t_be_read_fails_alone_and_is_paid_back(gateway):
    open_shop()
    customer = make_customer(1_000)
    lost, _ = queue(key="lost"), queue(key="sound")
    sends = [send_text(customer.pk, "sms_rest", ask(f"300{number}")) for number in range(2)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sms_message SET text = 'of another key' WHERE id = %s", [lost.pk])
        cursor.execute("UPDATE sms_send SET text = 'of another key' WHERE id = %s", [sends[0].pk])
    send()
    states = dict(Message.objects.values_list("key", "state"))
    assert (states["lost"], states["sound"]) == ("failed", "sent")
    assert [states_of(one) for one in sends] == [["failed"], ["sent"]]
    assert read_balance(customer.pk) == 1_000 - PERSIAN_PRICE


def test_a_message_whose_worker_died_is_unclear_and_not_sent(gateway):
    message = queue()
    assert [row.id for row in claim_messages(10)] == [message.pk]
    assert (settle_orphans(), send_messages(), state_of(message)) == (0, 0, "sending")
    assert (send(), state_of(message)) == (0, "unclear")
    assert gateway.counters()["sms_received"] == 0


def test_without_a_gateway_nothing_is_sent_and_nothing_lost(gateway, settings):
    settings.SMS_GATEWAY_URL = ""
    message = queue()
    assert (send(), state_of(message)) == (0, "queued")


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_message_once(gateway):
    rows = [queue(f"{3000 + number}", key=str(number)) for number in range(40)]
    start = Barrier(2)

    def send_all():
        start.wait()
        send_messages()
        connection.close()

    threads = [Thread(target=send_all) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    send_messages()
    assert {state_of(row) for row in rows} == {"sent"}
    counts = gateway.count_texts("hello")
    assert (counts["texts"], counts["different"]) == (40, 40)


def queue_code(gateway):
    """Queue a code as soon as the gateway has got its first call."""
    while not gateway.counters()["sms_received"]:
        sleep(0.01)
    later = timezone.now() + timedelta(seconds=120)
    queue_message(key="code", kind="code_login", to="+989120001111", text="123456", expires_at=later)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_code_does_not_wait_for_the_slow_calls_of_a_run_that_ends(gateway, settings, monkeypatch):
    settings.SMS_POOL_SIZE = 1
    monkeypatch.setattr("sms.sending.RUN_SECONDS", 0.2)
    monkeypatch.setattr("sms.routes.CALL_SECONDS", 2)
    queue("0408", text="no answer")
    thread = Thread(target=queue_code, args=[gateway])
    thread.start()
    send_messages()
    thread.join()
    assert dict(Message.objects.values_list("key", "state")) == {"one": "unclear", "code": "sent"}


def test_no_call_begins_when_a_message_may_be_taken_for_an_orphan(gateway, monkeypatch):
    monkeypatch.setattr("sms.routes.CALL_SECONDS", 0.5)
    open_shop()
    send = send_text(make_customer(10_000).pk, "sms_rest", ask("0021", "3001", "3002", "3003", "3004"))
    [parcel], _ = pack_messages(claim_messages(10))
    routes = load_routes()
    # The first call is refused, a second later the lease has no room for those with the halves of it.
    monkeypatch.setattr("sms.handover.monotonic", clock(0, 0, LEASE_SECONDS - 30))
    outcomes, _ = hand_over(replace(parcel, claimed=0), routes)
    assert {type(outcome.result).__name__ for outcome in outcomes} == {"NotSent"}
    record_outcomes(outcomes)
    assert (set(states_of(send)), gateway.counters()["sms_received"]) == ({"queued"}, 1)


def clock(*seconds):
    """A clock that tells these one after the other, and then the last one forever."""
    told = chain(seconds, repeat(seconds[-1]))
    return lambda: next(told)
