"""Messages that expire: first in the queue, never late, and without their text as soon as nobody needs it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from panel.engines.ports import pick_port
from sms.claiming import claim_codes, claim_messages, settle_orphans
from sms.expiry import expire_messages
from sms.gateway.errors import NotSent, Refused, Unclear
from sms.gateway.rest import RestGateway
from sms.models import Message
from sms.outbox import queue_message
from sms.sending import send_messages
from tests.sms.steps import make_all_due, queue


def queue_code(ending="1111", key="code", seconds=120):
    """Queue a code that expires in so many seconds."""
    expires_at = timezone.now() + timedelta(seconds=seconds)
    queue_message(
        key=key, kind="code_login", to=f"+98912000{ending}", text="code 123456", expires_at=expires_at
    )
    return Message.objects.get(key=key)


def fate(message):
    """`(state, error, whether it is tried again, whether it will expire)` now, and the column of its text."""
    row = Message.objects.get(pk=message.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM sms_message WHERE id = %s", [message.pk])
        stored = cursor.fetchone()[0]
    return row.state, row.error, row.next_try_at is not None, row.expires_at is not None, stored


def let_expire():
    Message.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_a_code_is_sent_and_then_wiped(gateway):
    message = queue_code()
    assert send_messages() == 1
    assert [row["message"] for row in gateway.messages()] == ["code 123456"]
    assert fate(message) == ("sent", "", False, False, "")


def test_a_text_that_never_expires_stays(gateway):
    message = queue(text="hello")
    send_messages()
    expire_messages()
    assert Message.objects.get(pk=message.pk).text == "hello"


def test_an_expired_code_is_not_sent(gateway):
    message = queue_code(seconds=-1)
    assert (send_messages(), expire_messages(), expire_messages()) == (0, 1, 0)
    assert fate(message) == ("failed", "expired", False, False, "")
    assert gateway.counters()["sms_received"] == 0


def test_a_code_that_expires_between_claim_and_call_is_not_sent(gateway, monkeypatch):
    message = queue_code()

    def claim_late(limit):
        return [replace(row, expires_at=timezone.now()) for row in claim_codes(limit)]

    monkeypatch.setattr("sms.sending.claim_codes", claim_late)
    send_messages()
    assert fate(message) == ("failed", "expired", False, False, "")
    assert gateway.counters()["sms_received"] == 0


def test_a_refused_code_is_wiped(gateway):
    message = queue_code("0021")
    send_messages()
    state, error, *rest = fate(message)
    assert (state, error != "", rest) == ("failed", True, [False, False, ""])


@pytest.mark.parametrize("family", [Refused, Unclear, NotSent])
def test_a_code_that_the_gateway_repeats_is_not_kept_in_the_error(gateway, monkeypatch, family):
    def refuse(*_args, **_named):
        raise family("HTTP 400: “code 123456” is no text")

    monkeypatch.setattr(RestGateway, "send", refuse)
    message = queue_code()
    send_messages()
    assert Message.objects.get(pk=message.pk).error == "HTTP 400: “code …” is no text"


def test_an_unclear_code_is_never_repeated_and_wiped_when_it_expires(gateway):
    message = queue_code("0500")
    assert [send_messages(), send_messages()] == [1, 0]
    state, _error, *rest, stored = fate(message)
    assert (state, rest, stored != "") == ("unclear", [False, True], True)
    let_expire()
    assert expire_messages() == 1
    state, _error, *rest = fate(message)
    assert (state, rest) == ("unclear", [False, False, ""])


def test_the_code_of_a_sender_that_died_is_wiped_and_not_sent(gateway):
    message = queue_code()
    claim_codes(10)
    let_expire()
    assert (expire_messages(), fate(message)[0], fate(message)[4]) == (1, "sending", "")
    make_all_due()
    assert (settle_orphans(), send_messages(), fate(message)[0]) == (1, 0, "unclear")
    assert gateway.counters()["sms_received"] == 0


def test_a_code_waits_for_a_gateway_that_is_away_only_while_it_lives(gateway, settings):
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{pick_port(None)}"
    patient, late = queue_code(key="patient"), queue_code(key="late", seconds=3)
    send_messages()
    assert fate(patient)[0::2][:2] == ("queued", True)
    assert fate(late) == ("failed", "expired", False, False, "")


def test_a_code_wiped_during_a_call_that_failed_is_not_queued_again(gateway, settings, monkeypatch):
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{pick_port(None)}"
    message = queue_code(seconds=4)  # less than the wait before the next try
    rows = claim_codes(10)
    let_expire()
    expire_messages()
    monkeypatch.setattr("sms.sending.claim_codes", lambda limit: [rows.pop()] if rows else [])
    send_messages()
    assert fate(message) == ("failed", "expired", False, False, "")


def test_codes_expire_without_a_gateway_too(gateway, settings):
    settings.SMS_GATEWAY_URL = ""
    message = queue_code(seconds=-1)
    assert (send_messages(), expire_messages(), fate(message)[0]) == (0, 1, "failed")


def test_codes_go_before_what_was_queued_earlier(gateway):
    plain = [queue(key=str(number)) for number in range(3)]
    late, soon = queue_code(key="late", seconds=100), queue_code(key="soon", seconds=50)
    make_all_due()
    assert [row.id for row in claim_codes(3)] == [soon.pk, late.pk]
    assert sorted(row.id for row in claim_messages(3)) == [row.pk for row in plain]


@pytest.mark.parametrize("task", ["sms.tasks.expire_messages", "sms.tasks.send_messages"])
def test_beat_runs_it_often(settings, task):
    entries = [row["schedule"] for row in settings.CELERY_BEAT_SCHEDULE.values() if row["task"] == task]
    assert [seconds <= 15 for seconds in entries] == [True]
