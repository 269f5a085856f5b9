"""The outbox, sent through the gateway's real HTTP API: each message at most once."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from panel.engines.ports import pick_port
from sms.models import Message
from sms.sending import claim_messages, send_messages, settle_orphans
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


@pytest.mark.parametrize("ending", ["0021", "0022", "0023"])
def test_a_refusal_is_final(gateway, ending):
    message = queue(ending)
    assert [send(), send()] == [1, 0]
    assert (state_of(message), gateway.counters()["sms_received"]) == ("failed", 1)
    assert Message.objects.get().error != ""


def test_a_refused_token_is_final_and_not_stored(gateway, settings):
    settings.SMS_GATEWAY_TOKEN = "wrong-token-12345"
    message = queue()
    send()
    message.refresh_from_db()
    assert (message.state, "wrong-token" in message.error) == ("failed", False)


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
    rows = [queue(ending, key=ending) for ending in ("0021", "0500", "1111", "0022", "2222")]
    assert send() == 5
    assert [state_of(row) for row in rows] == ["failed", "unclear", "sent", "failed", "sent"]


def test_a_message_whose_worker_died_is_unclear_and_not_sent(gateway):
    message = queue()
    assert [row.pk for row in claim_messages(10)] == [message.pk]
    assert (settle_orphans(), send_messages(), state_of(message)) == (0, 0, "sending")
    assert (send(), state_of(message)) == (0, "unclear")
    assert gateway.counters()["sms_received"] == 0


def test_without_a_gateway_nothing_is_sent_and_nothing_lost(gateway, settings):
    settings.SMS_GATEWAY_URL = ""
    message = queue()
    assert (send(), state_of(message)) == (0, "queued")


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_message_once(gateway):
    rows = [queue(f"{1000 + number}", key=str(number)) for number in range(40)]
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
    assert (gateway.counters()["sms_received"], gateway.counters()["messages_made"]) == (40, 40)
