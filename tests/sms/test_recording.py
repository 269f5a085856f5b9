"""Writing down what became of messages, whatever the gateways tell."""

from decimal import Decimal

import pytest
from django.db import connection

from sms.claiming import claim_messages
from sms.gateway.base import Taken
from sms.gateway.errors import NotSent
from sms.handover import Outcome, Sent
from sms.models import Message
from sms.recording import record_outcomes
from sms.routes import load_routes
from sms.sending import send_messages
from tests.sms.steps import make_all_due, queue, state_of


def take(route, cost):
    [claimed] = claim_messages(1)
    record_outcomes([Outcome(claimed, Sent(route, Taken("77", cost=cost)))])


@pytest.mark.parametrize(
    ("told", "stored"),
    [(Decimal("12.345"), Decimal("12.35")), (Decimal(10) ** 14, Decimal(0)), (Decimal(10) ** 10, Decimal(0))],
)
def test_a_cost_beyond_all_sense_is_not_believed_and_the_message_is_sent(gateway, told, stored):
    message = queue()
    take(load_routes()[0], told)
    message.refresh_from_db()
    assert (message.state, message.gateway_id, message.cost) == ("sent", "77", stored)


def test_a_gateway_that_is_always_busy_is_asked_ever_later(gateway):
    message, waits = queue(), []
    for _ in range(3):
        make_all_due()
        [claimed] = claim_messages(1)
        record_outcomes([Outcome(claimed, NotSent("busy", retry_after_seconds=3))])
        row = Message.objects.get(pk=message.pk)
        waits.append(round((row.next_try_at - Message.objects.get().claimed_at).total_seconds()))
    assert waits == [3, 6, 12]


@pytest.mark.django_db(transaction=True)
def test_one_that_can_t_be_recorded_keeps_no_other_from_it(gateway):
    lost, *others = [queue(f"300{number}", key=str(number)) for number in range(4)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE sms_message ADD CONSTRAINT no_luck CHECK (id <> {lost.pk} OR state <> 'sent')"
        )
    try:
        assert send_messages() == 4
        assert [state_of(row) for row in (lost, *others)] == ["sending", "sent", "sent", "sent"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE sms_message DROP CONSTRAINT no_luck")
    make_all_due()
    send_messages()
    assert (state_of(lost), gateway.counters()["messages_made"]) == ("unclear", 4)
