"""How far sent messages got, asked of the gateway's real HTTP API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sms.delivery import poll_deliveries
from sms.models import Message
from sms.sending import send_messages
from tests.sms.steps import make_all_due, queue, state_of


def ask():
    make_all_due()
    return poll_deliveries()


@pytest.mark.parametrize(
    ("ending", "state", "code"),
    [("1111", "delivered", 4), ("0005", "undelivered", 5), ("0006", "undelivered", 6)],
)
def test_a_message_ends_as_the_gateway_tells_and_is_not_asked_about_again(gateway, ending, state, code):
    message = queue(ending)
    send_messages()
    assert [ask(), ask()] == [1, 0]
    message.refresh_from_db()
    assert (message.state, message.delivery_code, message.next_status_at) == (state, code, None)
    assert gateway.counters()["sms_status_calls"] == 1


def test_a_message_on_its_way_keeps_its_last_word(gateway):
    gateway.change_speeds(pace=3600)
    message = queue()
    send_messages()
    codes = []
    for seconds in (0, 1300, 1300, 1300):
        with gateway.state.store.transaction() as database:
            database.execute("UPDATE messages SET created = created - ?", (seconds,))
        ask()
        message.refresh_from_db()
        codes.append((message.state, message.delivery_code))
    assert codes == [("sent", 0), ("sent", 1), ("sent", 3), ("delivered", 4)]


def test_many_messages_are_one_call(gateway):
    rows = [queue(f"{3000 + number}", key=str(number)) for number in range(30)]
    send_messages()
    assert (ask(), gateway.counters()["sms_status_calls"]) == (1, 1)
    assert {state_of(row) for row in rows} == {"delivered"}


@pytest.mark.parametrize("fault", ["html", "truncated", "list", "500", "429", "reset", "hang", "huge"])
def test_an_unreadable_answer_changes_nothing_and_is_asked_for_again(gateway, fault):
    message = queue()
    send_messages()
    gateway.set_fault("sms/status", fault)
    assert ask() == 0
    message.refresh_from_db()
    assert (message.state, message.next_status_at > timezone.now()) == ("sent", True)
    ask()
    assert state_of(message) == "delivered"


def test_a_message_the_gateway_does_not_know_is_asked_about_for_three_days(gateway):
    message = queue()
    send_messages()
    Message.objects.update(gateway_id="999999")
    ask()
    message.refresh_from_db()
    assert (message.state, message.delivery_code, message.next_status_at is None) == ("sent", 14, False)
    Message.objects.update(sent_at=timezone.now() - timedelta(days=3, seconds=1))
    ask()
    message.refresh_from_db()
    assert (message.state, message.next_status_at) == ("sent", None)


def test_a_message_that_is_not_due_is_not_asked_about(gateway):
    queue()
    send_messages()
    assert (poll_deliveries(), gateway.counters()["sms_status_calls"]) == (0, 0)
