"""Codes by SMS: what is said, to whom, through the gateway's real HTTP API, and what is left of it."""

import logging

import pytest
from django.db import connection

from panel.accounts.login_tokens import verify_code
from panel.accounts.models import LoginCode
from panel.support.login_messages import ask_login_code
from sms.models import Message
from sms.sending import send_messages
from tests.factories import make_customer
from tests.panel.accounts.code_steps import ADDRESS
from tests.sms.conftest import gateway  # noqa: F401 - the sandbox plays it

NUMBER, TYPED = "+989351112233", "09351112233"


def dump_tables():
    """All that the database holds of codes and messages, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM accounts_logincode c UNION ALL SELECT m::text FROM sms_message m")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_a_code_travels_to_the_phone_and_back(gateway, caplog):  # noqa: F811
    caplog.set_level(logging.DEBUG)
    customer = make_customer(mobile=NUMBER, email="sara@example.com")
    expires_at = ask_login_code("sara@example.com", ADDRESS)
    message = Message.objects.get()
    assert (message.key, message.kind) == (f"login-code:{LoginCode.objects.get().pk}", "code_login")
    assert (message.to, message.customer, message.expires_at) == (NUMBER, customer, expires_at)
    assert send_messages() == 1
    (sent,) = gateway.messages()
    text, code = sent["message"], sent["message"][-6:]
    assert (sent["recipients"], text, code.isdigit()) == ([TYPED], f"Your login code: {code}", True)
    assert [code in place for place in (dump_tables(), caplog.text)] == [False, False]
    assert verify_code("sara@example.com", code).token != ""


@pytest.mark.django_db
def test_a_stranger_is_written_to_in_persian_with_digits_a_phone_can_type():
    ask_login_code(TYPED, ADDRESS)
    message = Message.objects.get()
    assert (message.customer_id, message.to) == (None, NUMBER)
    assert verify_code(TYPED, message.text[-6:]).token != ""


@pytest.mark.django_db
def test_nothing_is_queued_for_an_email_that_leads_nowhere():
    make_customer(mobile=NUMBER, email="locked@example.com", is_active=False)
    for username in ("nobody@example.com", "locked@example.com", TYPED):
        ask_login_code(username, ADDRESS)
    assert (Message.objects.count(), LoginCode.objects.exclude(digest=b"").count()) == (0, 0)


@pytest.mark.django_db
def test_a_code_that_can_t_be_stored_as_message_was_not_asked_for(monkeypatch):
    monkeypatch.setattr("panel.support.login_messages.write_code", lambda fresh: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ask_login_code(TYPED, ADDRESS)
    assert (Message.objects.count(), LoginCode.objects.count()) == (0, 0)
