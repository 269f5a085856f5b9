"""Rows of the outbox: parts, priority, template, and who wants to be told."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from panel.accounts.news import save_choices
from sms.models import Message, Template
from sms.outbox import queue_message, queue_news
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


def queue(key="one", **fields):
    queue_message(**{"key": key, "kind": "test", "to": "+989120001111", "text": "hello"} | fields)
    return Message.objects.get(key=key)


def tell(customer, key="one"):
    queue_news(customer=customer, kind="coupon", values={"amount": "300"}, key=key)


def test_parts_are_counted_when_it_is_queued():
    assert [queue(text, text=text).parts for text in ("س" * 71, "a" * 71)] == [2, 1]


def test_what_expires_is_a_code_and_goes_first():
    later = timezone.now() + timedelta(seconds=120)
    rows = [queue("code", expires_at=later), queue("news")]
    assert [row.priority for row in rows] == [Message.Priority.CODE, Message.Priority.EVENT]


def test_a_template_s_values_are_kept_encrypted_and_others_not_at_all():
    template = Template.objects.create(event="coupon", language="en", body="{amount}")
    rows = [
        queue("own", template_id=template.pk, values={"amount": "۳۰۰"}),
        queue("default", values={"amount": "300"}),
    ]
    assert (json.loads(rows[0].values), rows[0].template) == ({"amount": "۳۰۰"}, template)
    assert (rows[1].values, rows[1].template) == ("", None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT values FROM sms_message WHERE key = 'own'")
        assert "۳۰۰" not in cursor.fetchone()[0]


def test_the_same_key_again_changes_nothing():
    row = queue()
    queue(text="another")
    assert Message.objects.get() == row
    assert Message.objects.get().text == "hello"


def test_news_reach_who_wants_them_by_sms_and_has_a_mobile():
    eager, silent, lost = make_customer(), make_customer(), make_customer(mobile=None)
    for customer in (eager, lost):
        save_choices(customer, panel=[], sms=["coupon"])
    for customer in (eager, silent, lost):
        tell(customer, key=str(customer.pk))
    message = Message.objects.get()
    assert (message.to, message.customer, message.kind) == (eager.mobile, eager, "coupon")
    assert message.text == "Your coupon gave you 300 toman."


def test_news_are_written_by_the_operator_s_template():
    template = Template.objects.create(event="coupon", language="en", body="+{amount}")
    customer = make_customer()
    save_choices(customer, panel=[], sms=["coupon"])
    tell(customer)
    message = Message.objects.get()
    assert (message.text, message.template, json.loads(message.values)) == (
        "+300",
        template,
        {"amount": "300"},
    )
