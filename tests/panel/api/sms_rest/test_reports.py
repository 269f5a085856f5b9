"""Reports: the latest send, and states by id; every code of «وضعیت گزارش‌های پیامکی» and «وضعیت دلیوری»."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from panel.api.sms_rest import reports
from sms.models import Message, Send
from tests.factories import make_customer
from tests.panel.api.sms_rest.conftest import LINE, done

NOW = datetime(2027, 1, 2, 20, 29, 59, tzinfo=UTC)


def send(caller, letter, *numbers):
    """The id of a send to these numbers."""
    return caller.post("sms/send", letter(recipients=list(numbers or ["09121111111"])))[1]["result"]["id"]


def set_state(send_id, state, code=None, ending=""):
    Message.objects.filter(send=send_id, to__endswith=ending).update(state=state, delivery_code=code)


class TestLatest:
    def test_nothing_was_sent_yet(self, caller):
        assert caller.get("sms/latest") == done({"status": 31, "details": None})

    def test_the_newest(self, caller, letter, monkeypatch):
        send(caller, letter)
        newest = send(caller, letter, "09122222222", "09121111111")
        set_state(newest, "delivered", 4)
        set_state(newest, "sent", 3, ending="2222222")
        Send.objects.filter(pk=newest).update(queued_at=datetime(2027, 1, 1, 20, 30, tzinfo=UTC))
        monkeypatch.setattr(reports.timezone, "now", lambda: NOW)
        details = {
            "id": newest,
            "message": "hello",
            "recipients": ["09121111111", "09122222222"],
            "from": LINE,
            "state": 3,
            "now": "2027-01-02 23:59:59",
            "time": "2027-01-02 00:00:00",
        }
        assert caller.get("sms/latest") == done({"status": 0, "details": details})

    def test_somebody_else_s_is_not_shown(self, caller, other, letter):
        send(caller, letter)
        assert other.get("sms/latest") == done({"status": 31, "details": None})

    def test_a_send_to_many_shows_as_many_as_a_call_may_name(self, caller, letter, settings):
        send(caller, letter, "09121111111", "09122222222", "09123333333")
        settings.SMS_MAX_NUMBERS = 2
        told = caller.get("sms/latest")[1]["result"]["details"]["recipients"]
        assert told == ["09121111111", "09122222222"]


class TestStatus:
    @pytest.fixture
    def sends(self, caller, letter):
        return [send(caller, letter) for _ in range(3)]

    def test_from_the_body(self, caller, sends):
        set_state(sends[0], "delivered", 4)
        set_state(sends[1], "undelivered", 5)
        asked = {"idArray": [sends[1], str(sends[0]), sends[2], sends[1]]}
        assert caller.get("sms/status", asked) == done({"status": 0, "result": [5, 4, 0, 5]})

    @pytest.mark.parametrize("name", ["idArray", "idArray[]", "idArray%5B%5D"])
    def test_from_the_query(self, caller, sends, name):
        set_state(sends[0], "delivered", 4)
        query = "&".join(f"{name}={pk}" for pk in sends)
        assert caller.get(f"sms/status?{query}") == done({"status": 0, "result": [4, 0, 0]})

    def test_from_both_the_body_counts(self, caller, sends):
        answer = caller.get("sms/status?idArray=1&idArray=2", {"idArray": sends[:1]})
        assert answer == done({"status": 0, "result": [0]})

    def test_a_single_id(self, caller, sends):
        assert caller.get("sms/status", {"idArray": sends[0]}) == done({"status": 0, "result": [0]})

    @pytest.mark.parametrize(
        ("state", "code", "told"),
        [
            ("queued", None, 0),
            ("sending", None, 0),
            ("unclear", None, 0),
            ("sent", 0, 0),
            ("sent", 1, 1),
            ("failed", None, 2),
            ("undelivered", 2, 2),
            ("sent", 3, 3),
            ("delivered", 4, 4),
            ("undelivered", 5, 5),
            ("undelivered", 6, 6),
        ],
    )
    def test_every_state(self, caller, sends, state, code, told):
        set_state(sends[0], state, code)
        assert caller.get(f"sms/status?idArray={sends[0]}") == done({"status": 0, "result": [told]})

    def test_ids_that_name_nothing_of_the_caller_s(self, caller, other, sends):
        strange = ["x", "", None, [1], -1, 0, 2**63, 10**40, 999_999_999, True, 1.5]
        answer = caller.get("sms/status", {"idArray": strange})
        assert answer == done({"status": 0, "result": [14] * len(strange)})
        assert other.get("sms/status", {"idArray": sends}) == done({"status": 0, "result": [14] * 3})

    @pytest.mark.parametrize("content", [None, {}, {"idArray": []}, {"idArray": None}])
    def test_no_ids(self, caller, content):
        assert caller.get("sms/status", content) == done({"status": 30, "result": []})

    def test_a_thousand_ids_and_one_more(self, caller):
        query = "&".join(["idArray=1"] * 1_000)
        assert caller.get(f"sms/status?{query}") == done({"status": 0, "result": [14] * 1_000})
        assert caller.get(f"sms/status?{query}&idArray=1") == done({"status": 32, "result": []})
        assert caller.get("sms/status", {"idArray": [1] * 1_001}) == done({"status": 32, "result": []})

    def test_many_ids_take_no_more_queries(self, caller, customer, sends):
        def count(ids):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                caller.get("sms/status", {"idArray": ids})
            return len(queries)

        caller.get("my")
        assert count(sends) == count(sends[:1])

    def test_a_send_of_another_customer_has_no_state(self, caller, sends):
        Send.objects.filter(pk=sends[0]).update(customer=make_customer())
        assert caller.get(f"sms/status?idArray={sends[0]}") == done({"status": 0, "result": [14]})
