"""The database is away for some seconds while gateways answer: no message becomes unclear for that."""

import time

import pytest
from django.db import connection

from sms.models import Message
from sms.sending import send_messages
from tests.outages import closed_database
from tests.processes.conftest import wait_until
from tests.sms.steps import make_all_due, queue
from tests.together import run_together

MESSAGES = 3
AWAY_SECONDS = 4  # longer than the gateway takes for all of them


@pytest.mark.django_db(transaction=True)
def test_answers_are_recorded_when_the_database_is_back(gateway, monkeypatch):
    monkeypatch.setattr("sms.routes.CALL_SECONDS", 10)
    gateway.change_speeds(latency=1)
    for number in range(MESSAGES):
        queue(text=f"text {number}", key=f"test:{number}")
    make_all_due()

    def lose_database():
        assert wait_until(lambda: gateway.counters()["sms_received"] > 0)
        with closed_database():
            time.sleep(AWAY_SECONDS)

    tried, lost = run_together(send_messages, lose_database)
    connection.close()
    assert (tried, lost) == (MESSAGES, None)
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert len(gateway.messages()) == MESSAGES
