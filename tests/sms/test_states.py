"""How far a send got as a whole."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sms.gateway.codes import DeliveryState
from sms.models import Message, Send
from sms.schedules import schedule_text
from sms.sends import send_text, stop_send
from sms.states import count_messages, find_latest_send, find_send_states
from tests.factories import make_customer
from tests.sms.sends import ask, open_shop
from tests.sms.test_schedules import soon


@pytest.fixture
def customer(db):
    open_shop()
    return make_customer(10**6)


def send(customer, *states):
    """A send whose messages have these `(state, delivery code)`."""
    numbers = [str(3000 + number) for number in range(len(states))]
    made = send_text(customer.pk, "sms_rest", ask(*numbers))
    for row, (state, code) in zip(Message.objects.filter(send=made).order_by("to"), states, strict=True):
        Message.objects.filter(pk=row.pk).update(state=state, delivery_code=code)
    return made.pk


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ([("queued", None)], DeliveryState.UNREPORTED),
        ([("sending", None), ("delivered", 4)], DeliveryState.UNREPORTED),
        ([("unclear", None)], DeliveryState.UNREPORTED),
        ([("sent", None)], DeliveryState.UNREPORTED),
        ([("sent", 0), ("sent", 3)], DeliveryState.UNREPORTED),
        ([("sent", 1), ("sent", 3), ("delivered", 4)], DeliveryState.SENT),
        ([("sent", 14), ("delivered", 4)], DeliveryState.SENT),
        ([("sent", 3), ("undelivered", 5)], DeliveryState.AT_OPERATOR),
        ([("failed", None), ("delivered", 4)], DeliveryState.NOT_AT_OPERATOR),
        ([("undelivered", 2), ("undelivered", 6)], DeliveryState.NOT_AT_OPERATOR),
        ([("undelivered", 6), ("undelivered", 5)], DeliveryState.RETURNED),
        ([("undelivered", 5), ("delivered", 4)], DeliveryState.NOT_DELIVERED),
        ([("delivered", 4), ("delivered", 4)], DeliveryState.DELIVERED),
    ],
)
def test_a_send_is_as_far_as_its_least_advanced_message(customer, states, whole):
    pk = send(customer, *states)
    assert find_send_states(customer.pk, [pk]) == {pk: whole}


def test_every_state_of_a_message_has_a_place(customer):
    for state in Message.State.values:
        pk = send(customer, (state, 4 if state == "delivered" else 5 if state == "undelivered" else None))
        assert find_send_states(customer.pk, [pk])[pk] is not DeliveryState.INVALID


def test_others_and_unknown_sends_are_invalid_and_scheduled_ones_not_reported(customer):
    foreign = send(make_customer(10**6), ("sent", 1))
    later = schedule_text(customer.pk, "sms_rest", ask("3001"), soon()).pk
    assert find_send_states(customer.pk, [foreign, 0, later]) == {
        foreign: DeliveryState.INVALID,
        0: DeliveryState.INVALID,
        later: DeliveryState.UNREPORTED,
    }
    stop_send(customer.pk, later)
    assert find_send_states(customer.pk, [later]) == {later: DeliveryState.NOT_AT_OPERATOR}


def test_any_number_of_sends_takes_one_statement(customer):
    ids = [send(customer, ("sent", 1), ("delivered", 4)) for _ in range(30)]
    with CaptureQueriesContext(connection) as queries:
        assert set(find_send_states(customer.pk, ids).values()) == {DeliveryState.SENT}
        assert count_messages(ids)[ids[0]] == {("sent", 1): 1, ("delivered", 4): 1}
    assert len(queries) == 2


def test_the_latest_is_the_newest_that_was_queued(customer):
    assert find_latest_send(customer.pk) is None
    pk = send(customer, ("sent", 1))
    schedule_text(customer.pk, "sms_rest", ask("3001"), soon())
    assert find_latest_send(customer.pk) == Send.objects.get(pk=pk)
