"""Kavenegar's API over real HTTP."""

import json
import time

import pytest
import requests

FRIEND, OTHER = "09121234567", "09121111111"


def status_of(answer):
    told = answer.json()
    assert told["entries"] is None
    return told["return"]["status"]


@pytest.fixture
def send_array(kavenegar):
    def post(receptors, senders, messages, **fields):
        arrays = {"receptor": receptors, "sender": senders, "message": messages}
        return kavenegar(
            "sms/sendarray", **{name: json.dumps(array) for name, array in arrays.items()}, **fields
        )

    return post


def test_each_receptor_is_a_message_of_its_own(sandbox, kavenegar):
    before = int(time.time())
    answer = kavenegar("sms/send", receptor=f"{FRIEND},{OTHER}", sender="10004346", message="سلام")
    entries = answer.json().pop("entries")
    assert (answer.status_code, answer.json()["return"]) == (200, {"status": 200, "message": "تایید شد"})
    assert [entry.pop("date") >= before for entry in entries] == [True, True]
    common = {"message": "سلام", "status": 1, "statustext": "در صف ارسال", "sender": "10004346", "cost": 1000}
    assert entries == [
        common | {"messageid": 1, "receptor": FRIEND},
        common | {"messageid": 2, "receptor": OTHER},
    ]
    assert [message["id"] for message in sandbox.messages(OTHER)] == [2]


def test_the_query_will_do_and_the_sender_may_be_left_out(sandbox):
    url = f"{sandbox.url}/kavenegar/v1/sandbox-kavenegar-key/sms/send.json"
    answer = requests.get(url, params={"receptor": FRIEND, "message": "x" * 161}, timeout=10).json()
    [entry] = answer["entries"]
    assert (entry["sender"], entry["cost"], entry["receptor"]) == ("10004346", 2000, FRIEND)


def test_different_texts_from_different_senders(sandbox, send_array, kavenegar):
    entries = send_array([FRIEND, OTHER], ["1000", "2000"], ["one", "two"], type="[1, 0]").json()["entries"]
    told = [(entry["messageid"], entry["sender"], entry["receptor"], entry["message"]) for entry in entries]
    assert told == [(1, "1000", FRIEND, "one"), (2, "2000", OTHER, "two")]
    assert [message["type"] for message in sandbox.messages()] == [0, 1]
    assert kavenegar("account/info").json()["entries"]["remaincredit"] == 1_000_000_000 - 2000


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"senders": ["1000"]}, 419),
        ({"type": "[1]"}, 419),
        ({"localmessageids": "[1]"}, 419),
        ({"type": '["x", 1]'}, 400),
        ({"type": "{"}, 400),
        ({"receptors": {}}, 400),
        ({"messages": ["one", " "]}, 413),
        ({"receptors": [FRIEND, "12"]}, 411),
        ({"senders": ["1000", "me"]}, 412),
    ],
)
def test_arrays_that_do_not_fit(sandbox, send_array, changes, status):
    arrays = {"receptors": [FRIEND, OTHER], "senders": ["1000", "1000"], "messages": ["one", "two"]}
    assert status_of(send_array(**(arrays | changes))) == status
    assert sandbox.messages() == []


def test_arrays_come_by_post_alone(sandbox):
    url = f"{sandbox.url}/kavenegar/v1/sandbox-kavenegar-key/sms/sendarray.json"
    assert status_of(requests.get(url, timeout=10)) == 405
    assert status_of(requests.get(url.replace("sendarray", "fly"), timeout=10)) == 404


def test_a_template_is_filled(sandbox, kavenegar):
    fields = {"receptor": FRIEND, "template": "order", "token": "12", "token2": "done"}
    [entry] = kavenegar("verify/lookup", **fields).json()["entries"]
    assert (entry["message"], entry["messageid"]) == ("سفارش 12: done", 1)
    assert [message["message"] for message in sandbox.messages(FRIEND)] == ["سفارش 12: done"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"template": "nothing"}, 424),
        ({"template": "retired"}, 424),
        ({"token": "1 2"}, 431),
        ({"token": ""}, 400),
        ({"template": "order"}, 400),
        ({"receptor": "12"}, 411),
        ({"receptor": "09121230022"}, 418),
        ({"token": "sandbox-code-402"}, 402),
    ],
)
def test_templates_that_are_not_sent(sandbox, kavenegar, changes, status):
    fields = {"receptor": FRIEND, "template": "login", "token": "123456"} | changes
    assert status_of(kavenegar("verify/lookup", **fields)) == status
    assert sandbox.messages() == []


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("wrong", 403),
        ("sandbox-kavenegar-locked", 401),
        ("sandbox-kavenegar-code-407", 407),
        ("sandbox-kavenegar-code-409", 409),
        ("sandbox-kavenegar-code-607", 607),
        ("sandbox-kavenegar-poor", 418),
    ],
)
def test_keys_that_send_nothing(sandbox, kavenegar, key, status):
    answer = kavenegar("sms/send", key, receptor=FRIEND, message="x")
    assert (status_of(answer), answer.status_code) == (status, status if status < 600 else 400)
    assert sandbox.messages() == []


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ("0021", 414),
        ("0022", 418),
        ("0023", 412),
        ("9024", 413),
        ("9025", 411),
        ("9026", 417),
        ("0027", 402),
        ("9028", 419),
        ("9029", 424),
        ("9100", 409),
        ("9200", 409),
        ("0500", 500),
        ("9429", 429),
    ],
)
def test_magic_numbers_refuse_the_whole_call(sandbox, kavenegar, ending, status):
    answer = kavenegar("sms/send", receptor=f"{FRIEND},0912123{ending}", message="x")
    assert (status_of(answer), answer.status_code, sandbox.messages()) == (status, status, [])


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"message": "x"}, 400),
        ({"receptor": FRIEND}, 400),
        ({"receptor": "12", "message": "x"}, 411),
        ({"receptor": f"{FRIEND},", "message": "x"}, 411),
        ({"receptor": FRIEND, "message": "x", "sender": "me"}, 412),
        ({"receptor": FRIEND, "message": ""}, 413),
        ({"receptor": FRIEND, "message": "x" * 901}, 413),
        ({"receptor": ",".join([FRIEND] * 201), "message": "x"}, 414),
        ({"receptor": FRIEND, "message": "x", "date": "1000"}, 417),
        ({"receptor": FRIEND, "message": "x", "date": "soon"}, 417),
        ({"receptor": FRIEND, "message": "x", "localid": "1,2"}, 419),
        ({"receptor": FRIEND, "message": "sandbox-code-607"}, 607),
    ],
)
def test_messages_that_make_no_sense(sandbox, kavenegar, fields, status):
    assert (status_of(kavenegar("sms/send", **fields)), sandbox.messages()) == (status, [])


@pytest.mark.parametrize(
    ("ending", "code", "body"),
    [
        ("0999", 200, b"<!DOCTYPE html>"),
        ("9502", 500, b"<!DOCTYPE html>"),
        ("9204", 200, b""),
        ("9206", 200, b'{"return": {}, "entries": []}'),
    ],
)
def test_faults_hide_accepted_messages(sandbox, kavenegar, ending, code, body):
    answer = kavenegar("sms/send", receptor=f"0912123{ending}", message="x")
    assert (answer.status_code, answer.content[: len(body) or None]) == (code, body)
    assert len(sandbox.messages()) == 1


@pytest.mark.parametrize(
    ("ending", "failure"), [("0408", requests.ReadTimeout), ("9110", requests.ConnectionError)]
)
def test_silence_and_reset_hide_accepted_messages(sandbox, kavenegar, ending, failure):
    with pytest.raises(failure):
        kavenegar("sms/send", receptor=f"0912123{ending}", message="x", timeout=2)
    assert len(sandbox.messages()) == 1


def test_faults_of_control_reach_it(sandbox, kavenegar):
    sandbox.set_fault("kavenegar/account/info", "429")
    sandbox.set_fault("kavenegar/account/info", "html")
    assert [kavenegar("account/info").status_code for _ in range(3)] == [429, 200, 200]
    sandbox.set_fault("kavenegar/sms/send", "429")
    assert status_of(kavenegar("sms/send", receptor=FRIEND, message="x")) == 429
    assert sandbox.messages() == []


def test_states_of_each_message(sandbox, kavenegar):
    endings = ("4567", "0005", "0006", "9000", "9001", "9002", "9003", "9014")
    receptors = ",".join(f"0912123{ending}" for ending in endings)
    kavenegar("sms/send", receptor=receptors, message="x")
    sandbox.change_speeds(pace=0)
    entries = kavenegar("sms/status", messageid="1,2,3,4,5,6,7,8,99,x").json()["entries"]
    assert [entry["messageid"] for entry in entries] == [1, 2, 3, 4, 5, 6, 7, 8, 99, 0]
    assert [entry["status"] for entry in entries] == [10, 11, 14, 1, 4, 6, 5, 100, 100, 100]
    assert entries[0] == {"messageid": 1, "status": 10, "statustext": "رسیده به گیرنده"}
    assert sandbox.counters()["kavenegar_status_calls"] == 1


def test_states_that_cannot_be_told(kavenegar):
    assert status_of(kavenegar("sms/status")) == 400
    assert status_of(kavenegar("sms/status", messageid=",".join(["1"] * 501))) == 414


def test_someone_elses_message_is_unknown(kavenegar, send):
    send(FRIEND)
    kavenegar("sms/send", receptor=FRIEND, message="x")
    entries = kavenegar("sms/status", "sandbox-kavenegar-other", messageid="1,2").json()["entries"]
    assert [entry["status"] for entry in entries] == [100, 100]
    assert [entry["status"] for entry in kavenegar("sms/status", messageid="1,2").json()["entries"]] == [
        100,
        1,
    ]


def test_a_scheduled_message_arrives_in_its_time(sandbox, kavenegar):
    date = int(time.time()) + 3600
    [entry] = kavenegar("sms/send", receptor=FRIEND, message="x", date=date).json()["entries"]
    assert (entry["status"], entry["date"], sandbox.messages()) == (2, date, [])
    sandbox.change_speeds(sms_ahead=3700, pace=0)
    assert [message["id"] for message in sandbox.messages(FRIEND)] == [1]
    assert kavenegar("sms/status", messageid=1).json()["entries"][0]["status"] == 10


def test_a_local_id_is_never_sent_twice(sandbox, kavenegar, send_array):
    receptors = f"{FRIEND},{OTHER}"
    first = kavenegar("sms/send", receptor=receptors, message="x", localid="7,8").json()["entries"]
    again = kavenegar("sms/send", receptor=receptors, message="x", localid="7,9").json()["entries"]
    assert [entry["messageid"] for entry in first + again] == [1, 2, 1, 3]
    [other] = send_array([FRIEND], ["1000"], ["y"], localmessageids="[7]").json()["entries"]
    assert (other["messageid"], other["message"]) == (1, "x")
    assert kavenegar("account/info").json()["entries"]["remaincredit"] == 1_000_000_000 - 3000
    told = kavenegar("sms/statuslocalmessageid", localid="8,99").json()["entries"]
    assert told == [
        {"messageid": 2, "localid": "8", "status": 1, "statustext": "در صف ارسال"},
        {"messageid": 0, "localid": "99", "status": 100, "statustext": "شناسه پیامک نامعتبر است"},
    ]


def test_a_call_is_charged_whole_or_not_at_all(sandbox, kavenegar):
    with sandbox.state.store.transaction() as database:
        database.execute("INSERT INTO sms_spent VALUES ('sandbox-kavenegar-key', 999998500)")
    assert status_of(kavenegar("sms/send", receptor=f"{FRIEND},{OTHER}", message="x")) == 418
    assert (sandbox.messages(), kavenegar("account/info").json()["entries"]["remaincredit"]) == ([], 1500)
    assert kavenegar("sms/send", receptor=FRIEND, message="x").status_code == 200


def test_account_info(kavenegar):
    assert kavenegar("account/info").json() == {
        "return": {"status": 200, "message": "تایید شد"},
        "entries": {"remaincredit": 1_000_000_000, "expiredate": 2_000_000_000, "type": "Master"},
    }


def test_text_that_is_no_unicode_makes_no_fault(send_array, sandbox):
    assert send_array([FRIEND], ["1000"], ["\ud800"]).status_code == 200
    assert [message["message"] for message in sandbox.messages()] == ["?"]
