"""Saving fields of many rows at once: values of every kind arrive, and other rows and fields stay as they were."""

from decimal import Decimal

import pytest
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from panel.lib.update_many import update_many
from providers.models import Provider
from sms.models import Message
from tests.factories import make_provider

pytestmark = pytest.mark.django_db


def test_each_row_gets_its_own_values_in_one_statement():
    rows = [make_provider("http://127.0.0.1:1", key=f"secret-{n}") for n in range(3)]
    other = make_provider("http://127.0.0.1:1")
    moment = timezone.now()
    for number, row in enumerate(rows):
        row.balance, row.balance_at, row.active = Decimal(number) / 3, moment, bool(number)
        row.pause_reason, row.name = "it's \\ “fine”", "not saved"
    rows[2].balance = None
    with CaptureQueriesContext(connection) as captured:
        assert update_many(rows, ["balance", "balance_at", "active", "pause_reason"]) == 3
    assert len(captured) == 1
    stored = Provider.objects.exclude(pk=other.pk).order_by("id")
    assert [(row.balance, row.active, row.key) for row in stored] == [
        (Decimal("0"), False, "secret-0"),
        (Decimal("0.333333"), True, "secret-1"),
        (None, True, "secret-2"),
    ]
    assert {(row.balance_at, row.pause_reason) for row in stored} == {(moment, "it's \\ “fine”")}
    assert "not saved" not in set(stored.values_list("name", flat=True))
    assert Provider.objects.get(pk=other.pk).balance is None


def test_encrypted_fields_stay_encrypted():
    message = Message.objects.create(to="+989120000001", text="first", kind="test", key="k")
    message.text = "second"
    update_many([message], ["text"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM sms_message")
        assert "second" not in cursor.fetchone()[0]
    assert Message.objects.get().text == "second"


def test_a_text_that_is_too_long_is_refused_and_not_cut():
    row = make_provider("http://127.0.0.1:1")
    row.pause_reason = "x" * 301
    with pytest.raises(DataError):
        update_many([row], ["pause_reason"])


def test_no_rows_ask_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert update_many([], ["name"]) == 0
