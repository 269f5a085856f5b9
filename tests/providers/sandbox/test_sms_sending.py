"""The five operations that send, over real HTTP."""

import time
from datetime import datetime, timedelta

import pytest
import requests

from providers.sandbox import jalali
from providers.sandbox.schedules import TEHRAN
from providers.sandbox.sms_magic import REFUSED_ENDINGS

FRIEND = "09121234567"
ONE_OF_EACH = [
    ("sms/send", {}),
    ("sms/future-send", {"sendDate": "2099-01-01 10:00:00"}),
    ("sms/pattern-send", {"patternId": 1, "message": {"code": "123456"}}),
]
HOUR = 3600


def code_of(answer):
    assert (answer.status_code, answer.json()["status"]) == (200, 200)
    return answer.json()["result"]["status"]


@pytest.fixture
def multiple(gateway):
    def post(*texts, **changes):
        body = {
            "fromArray": ["3000"] * len(texts),
            "recipients": [recipients for recipients, _ in texts],
            "messageArray": [message for _, message in texts],
            "typeArray": [0] * len(texts),
        }
        return gateway("POST", "sms/multiple-send", json=body | changes)

    return post


def test_a_sent_message_is_kept_and_costs_credit(sandbox, send, gateway):
    assert send("+989121234567", "09121111111").json() == {"status": 200, "result": {"status": 0, "id": 1}}
    assert gateway("GET", "my/credit/").json()["result"]["value"] == 999_998
    [message] = sandbox.messages("0098 912 123 4567")
    created = message.pop("created")
    assert message == {
        "id": 1,
        "account": "sandbox",
        "from": "3000",
        "recipients": ["+989121234567", "09121111111"],
        "message": "سلام",
        "type": 0,
        "cost": 2,
    }
    assert created > 0


@pytest.mark.parametrize(("text", "cost"), [("x" * 160, 2), ("x" * 161, 4), ("س" * 70, 2), ("س" * 135, 6)])
def test_credit_goes_by_parts_and_recipients(send, gateway, text, cost):
    send(FRIEND, "09121111111", message=text)
    assert gateway("GET", "my/credit").json()["result"]["value"] == 1_000_000 - cost


def test_credit_is_each_accounts_own_and_can_be_used_up(sandbox, gateway):
    body = {"recipients": [FRIEND], "message": "x"}
    poor, rich = {"token": "sandbox-sms-poor"}, {"token": "sandbox-sms-rich"}
    assert code_of(gateway("POST", "sms/send", headers=poor, json=body)) == 22
    many = {"recipients": [f"0912{number:03}4567" for number in range(1000)], "message": "x" * 153_000}
    assert code_of(gateway("POST", "sms/send", headers=rich, json=many)) == 0
    assert code_of(gateway("POST", "sms/send", headers=rich, json=body)) == 22
    assert gateway("GET", "my/credit", headers=rich).json()["result"]["value"] == 0
    assert code_of(gateway("POST", "sms/send", json=body)) == 0
    assert [message["account"] for message in sandbox.messages()] == ["sandbox", "sandbox-sms-rich"]


@pytest.mark.parametrize(("path", "fields"), ONE_OF_EACH)
@pytest.mark.parametrize(("ending", "code"), REFUSED_ENDINGS.items())
def test_magic_recipients_are_refused_with_their_code(sandbox, send, path, fields, ending, code):
    answer = send(FRIEND, f"+98912123{ending}", path=path, **fields)
    assert answer.json() == {"status": 200, "result": {"status": code, "id": 0}}
    assert (sandbox.counters()["messages_made"], sandbox.counters()["sms_received"]) == (0, 1)


@pytest.mark.parametrize("code", [1, 14, 22, 99, 1000, 2000])
def test_magic_texts_are_refused_with_any_code(sandbox, send, multiple, code):
    text = f"see sandbox-code-{code}!"
    assert code_of(send(FRIEND, message=text)) == code
    assert code_of(send(FRIEND, path="sms/future-send", message=text, sendDate="2099-01-01 10:00:00")) == code
    assert code_of(send(FRIEND, path="sms/pattern-send", patternId=1, message={"code": text})) == code
    results = multiple(([FRIEND], text), ([FRIEND], "fine")).json()["result"]
    assert results == [{"status": code, "id": 0}, {"status": 0, "id": 1}]
    assert [message["message"] for message in sandbox.messages()] == ["fine"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"message": "  "}, 24),
        ({"message": None}, 24),
        ({"recipients": []}, 25),
        ({"recipients": None}, 25),
        ({"recipients": [FRIEND] * 1001}, 21),
        ({"recipients": FRIEND}, 28),
        ({"recipients": [None]}, 28),
        ({"recipients": [True]}, 28),
        ({"message": ["x"]}, 28),
        ({"type": 7}, 28),
        ({"type": True}, 28),
        ({"from": []}, 28),
        ({"from": "Shop"}, 23),
        ({"from": "3" * 21}, 23),
    ],
)
def test_bad_messages_get_the_documents_codes(sandbox, send, changes, code):
    assert code_of(send(FRIEND, **changes)) == code
    assert (
        code_of(send(FRIEND, **({"sendDate": "2099-01-01 10:00:00"} | changes), path="sms/future-send"))
        == code
    )
    assert sandbox.counters()["messages_made"] == 0


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"[" * 100_000])
@pytest.mark.parametrize(
    "path", ["sms/send", "sms/future-send", "sms/pattern-send", "sms/phonebook-send", "sms/multiple-send"]
)
def test_a_body_that_is_no_object_is_400(gateway, path, body):
    answer = gateway("POST", path, data=body)
    assert (answer.status_code, answer.json()["status"]) == (400, 400)


@pytest.mark.parametrize(
    ("ending", "status", "words"),
    [("0500", 500, "خطا در سرور"), ("9429", 429, "درخواست‌ها بیش از اندازه است")],
)
def test_faults_before_accept_nothing(sandbox, send, multiple, ending, status, words):
    for answer in (
        send(f"0912123{ending}"),
        multiple(([FRIEND], "a"), ([f"0912123{ending}"], "b")),
    ):
        assert (answer.status_code, answer.json()) == (status, {"status": status, "message": words})
    assert sandbox.messages() == []


@pytest.mark.parametrize(
    ("ending", "status", "begins"),
    [
        ("0999", 200, "<!DOCTYPE html>"),
        ("9502", 500, "<!DOCTYPE html>"),
        ("9204", 200, ""),
        ("9206", 200, '{"status": 200, "result": {}}'),
    ],
)
def test_faults_after_hide_accepted_messages(sandbox, send, ending, status, begins):
    answer = send(f"0912123{ending}")
    assert (answer.status_code, answer.text[: len(begins) or None]) == (status, begins)
    assert [message["recipients"] for message in sandbox.messages()] == [[f"0912123{ending}"]]


@pytest.mark.parametrize(
    ("ending", "failure"), [("0408", requests.ReadTimeout), ("9110", requests.ConnectionError)]
)
def test_silence_and_reset_hide_accepted_messages(sandbox, gateway, ending, failure):
    body = {"from": "3000", "recipients": [f"0912123{ending}"], "message": "x", "type": 0}
    with pytest.raises(failure):
        gateway("POST", "sms/send", json=body, timeout=2)
    assert [message["recipients"] for message in sandbox.messages()] == [[f"0912123{ending}"]]


def test_many_different_texts_have_ids_and_codes_of_their_own(sandbox, multiple, gateway):
    texts = (
        ([FRIEND, "09121111111"], "one"),
        (["09121230022"], "two"),
        ([], "three"),
        ([FRIEND], " "),
        ([FRIEND], "five"),
    )
    results = [{"status": 0, "id": 1}, {"status": 22, "id": 0}, {"status": 25, "id": 0}]
    results += [{"status": 24, "id": 0}, {"status": 0, "id": 2}]
    assert multiple(*texts).json() == {"status": 200, "result": results}
    assert [message["message"] for message in sandbox.messages(FRIEND)] == ["five", "one"]
    assert gateway("GET", "my/credit").json()["result"]["value"] == 999_997


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fromArray": ["3000"]}, 28),
        ({"messageArray": ["a", "b", "c"]}, 28),
        ({"typeArray": None}, 28),
        ({"recipients": FRIEND}, 28),
        ({"fromArray": [], "recipients": [], "messageArray": [], "typeArray": []}, 25),
        (
            {
                "fromArray": ["3000"] * 1001,
                "recipients": [[FRIEND]] * 1001,
                "messageArray": ["x"] * 1001,
                "typeArray": [0] * 1001,
            },
            21,
        ),
    ],
)
def test_arrays_that_do_not_fit_are_refused_whole(sandbox, multiple, changes, code):
    answer = multiple(([FRIEND], "a"), ([FRIEND], "b"), **changes)
    assert answer.json() == {"status": 200, "result": {"status": code, "id": 0}}
    assert sandbox.messages() == []


def test_a_pattern_is_filled_and_sent(sandbox, send):
    fields = {"patternId": "2", "message": {"order": 12, "status": "کامل شد", "more": "x"}}
    assert code_of(send(FRIEND, path="sms/pattern-send", **fields)) == 0
    assert [message["message"] for message in sandbox.messages(FRIEND)] == ["سفارش 12: کامل شد"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"patternId": 9, "message": {"code": "1"}}, 29),
        ({"patternId": 77, "message": {"code": "1"}}, 29),
        ({"patternId": "9" * 5000, "message": {"code": "1"}}, 29),
        ({"patternId": 1, "message": {}}, 28),
        ({"patternId": 2, "message": {"order": "1"}}, 28),
        ({"patternId": 1, "message": "کد"}, 28),
        ({"patternId": 1, "message": {"code": ["1"]}}, 28),
        ({"patternId": 1, "message": {"code": "1"}, "recipients": []}, 25),
    ],
)
def test_patterns_that_cannot_be_sent(sandbox, send, fields, code):
    assert code_of(send(FRIEND, path="sms/pattern-send", **fields)) == code
    assert sandbox.messages() == []


def test_a_phonebook_and_numbers_get_a_text_once_each(sandbox, send, gateway):
    numbers = [FRIEND, "09122222222"]
    book = gateway("POST", "phonebook", json={"name": "friends", "numbers": numbers}).json()["result"]["id"]
    answer = send("+989121234567", "09123333333", path="sms/phonebook-send", bookId=book)
    assert code_of(answer) == 0
    [message] = sandbox.messages()
    assert message["recipients"] == ["+989121234567", "09123333333", "09122222222"]
    assert code_of(send(path="sms/phonebook-send", bookId=book, message="again")) == 0
    assert sandbox.messages()[0]["recipients"] == numbers


@pytest.mark.parametrize("book", [99, None, "x"])
def test_a_phonebook_that_is_not_there_is_40(send, book):
    assert code_of(send(FRIEND, path="sms/phonebook-send", bookId=book)) == 40


def test_an_emptied_phonebook_is_25_and_a_magic_number_in_one_counts(send, gateway):
    body = {"name": "few", "numbers": ["09121230027"]}
    book = gateway("POST", "phonebook", json=body).json()["result"]["id"]
    assert code_of(send(path="sms/phonebook-send", bookId=book)) == 27
    gateway("DELETE", f"phonebook/{book}/number", json=body)
    assert code_of(send(path="sms/phonebook-send", bookId=book)) == 25


def test_a_phonebook_may_hold_more_than_a_call_may_name(sandbox, send, gateway):
    numbers = [f"091{number:04}4567" for number in range(1500)]
    book = gateway("POST", "phonebook", json={"name": "all", "numbers": numbers}).json()["result"]["id"]
    assert code_of(send(path="sms/phonebook-send", bookId=book)) == 0
    assert sandbox.counters()["recipients_made"] == 1500


def test_a_scheduled_message_arrives_in_its_time(sandbox, send, gateway):
    tomorrow = (datetime.now(TEHRAN) + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S")
    answer = send(FRIEND, path="sms/future-send", sendDate=tomorrow)
    assert (answer.json()["result"], sandbox.messages(FRIEND)) == ({"status": 0, "id": 1}, [])
    sandbox.change_speeds(pace=0)
    assert gateway("GET", "sms/status", json={"idArray": [1]}).json()["result"]["result"] == [0]
    sandbox.change_speeds(sms_ahead=24 * HOUR + 60)
    assert [message["id"] for message in sandbox.messages(FRIEND)] == [1]
    assert gateway("GET", "sms/status", json={"idArray": [1]}).json()["result"]["result"] == [4]


def test_a_jalali_date_is_understood(sandbox, send):
    moment = datetime.now(TEHRAN) + timedelta(days=2)
    year, month, day = jalali.from_gregorian(moment.date())
    send(FRIEND, path="sms/future-send", sendDate=f"{year}-{month:02}-{day:02} {moment:%H:%M:%S}")
    sandbox.change_speeds(sms_ahead=48 * HOUR - 60)
    assert sandbox.messages() == []
    sandbox.change_speeds(sms_ahead=48 * HOUR)
    [message] = sandbox.messages()
    assert message["created"] == int(moment.timestamp())


def test_a_repeated_message_arrives_so_many_times(sandbox, send, gateway):
    soon = (datetime.now(TEHRAN) + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
    fields = {"sendDate": soon, "prtrys": "day", "sentPeriod": "3"}
    assert code_of(send(FRIEND, "09121111111", path="sms/future-send", **fields)) == 0
    assert gateway("GET", "my/credit").json()["result"]["value"] == 1_000_000 - 6
    counts = []
    for hours in (0, 2, 26, 50, 200):
        sandbox.change_speeds(sms_ahead=hours * HOUR)
        counts.append(sandbox.count_texts()["texts"])
    assert counts == [0, 2, 4, 6, 6]
    assert gateway("GET", "sms/latest").json()["result"]["details"]["id"] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"sendDate": "2020-01-01 10:00:00"},
        {"sendDate": "1399-01-01 10:00:00"},
        {"sendDate": None},
        {"sendDate": "2099-02-30 10:00:00"},
        {"sendDate": "1479-12-30 10:00:00"},
        {"sendDate": "2099-01-01"},
        {"sendDate": "2099-01-01 24:00:00"},
        {"sendDate": "9999-12-31 23:00:00", "prtrys": "week", "sentPeriod": 2},
        {"prtrys": "year", "sentPeriod": 2},
        {"prtrys": ["day"], "sentPeriod": 2},
        {"prtrys": "day"},
        {"prtrys": "day", "sentPeriod": 0},
        {"prtrys": "day", "sentPeriod": 1001},
        {"prtrys": "day", "sentPeriod": "many"},
        {"sentPeriod": 2},
    ],
)
def test_times_that_make_no_sense_are_26(sandbox, send, changes):
    fields = {"sendDate": "2099-01-01 10:00:00"} | changes
    assert code_of(send(FRIEND, path="sms/future-send", **fields)) == 26
    assert sandbox.counters()["messages_made"] == 0


def test_a_whole_phonebook_is_counted_fast(sandbox, gateway):
    numbers = [f"09{number:05}4567" for number in range(20_000)]
    gateway("POST", "phonebook", json={"name": "all", "numbers": numbers}, timeout=60)
    body = {"message": "سلام", "bookId": 1}
    assert code_of(gateway("POST", "sms/phonebook-send", json=body, timeout=60)) == 0
    assert code_of(gateway("POST", "sms/send", json={"message": "سلام", "recipients": numbers[:2]})) == 0
    began = time.monotonic()
    counts = requests.get(f"{sandbox.url}/control/sms/counts", timeout=30).json()
    assert time.monotonic() - began < 15
    assert counts == {
        "texts": 20_002,
        "different": 20_000,
        "mobiles": 20_000,
        "repeated": [{"mobile": number, "message": "سلام", "times": 2} for number in numbers[:2]],
    }
