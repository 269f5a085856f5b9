import time

import pytest
import requests

TOKEN = {"token": "sandbox-sms-token"}


@pytest.fixture
def gateway(sandbox):
    def ask(method, path, headers=TOKEN, **options):
        url = f"{sandbox.url}/sms/api/v1/rest/{path}"
        return requests.request(method, url, headers=headers, timeout=10, **options)

    return ask


@pytest.fixture
def send(gateway):
    def post(*recipients, message="سلام"):
        body = {"from": "3000", "recipients": list(recipients), "message": message, "type": 0}
        return gateway("POST", "sms/send", json=body)

    return post


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (TOKEN, 200),
        ({"username": "sandbox", "password": "sandbox"}, 200),
        ({"username": "sandbox", "password": "wrong"}, 401),
        ({"token": "wrong", "username": "sandbox", "password": "sandbox"}, 401),
        ({}, 401),
    ],
)
def test_credentials(gateway, headers, status):
    answer = gateway("GET", "my/credit", headers=headers)
    expected = (
        {"status": 200, "result": {"status": 0, "value": 1_000_000}}
        if status == 200
        else {"status": 401, "message": "توکن یا نام کاربری و رمز عبور نادرست است"}
    )
    assert (answer.status_code, answer.json()) == (status, expected)


def test_a_sent_message_is_kept_and_costs_credit(sandbox, send, gateway):
    assert send("+989121234567", "09121111111").json() == {"status": 200, "result": {"status": 0, "id": 1}}
    assert gateway("GET", "my/credit/").json()["result"]["value"] == 999_998
    [message] = sandbox.messages("0098 912 123 4567")
    created = message.pop("created")
    assert message == {
        "id": 1,
        "from": "3000",
        "recipients": ["+989121234567", "09121111111"],
        "message": "سلام",
        "type": 0,
    }
    assert created > 0


@pytest.mark.parametrize(("ending", "code"), [("0021", 21), ("0022", 22), ("0023", 23), ("0027", 27)])
def test_magic_recipients_are_refused_with_their_code(sandbox, send, ending, code):
    answer = send("09121234567", f"+98912123{ending}")
    assert (answer.status_code, answer.json()) == (200, {"status": 200, "result": {"status": code, "id": 0}})
    assert sandbox.messages() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"message": "  "}, 24),
        ({"message": None}, 24),
        ({"recipients": []}, 25),
        ({"recipients": "09121234567"}, 28),
        ({"recipients": [None]}, 28),
        ({"message": ["x"]}, 28),
        ({"type": 7}, 28),
    ],
)
def test_bad_messages_get_the_documents_codes(sandbox, gateway, changes, code):
    body = {"from": "3000", "recipients": ["09121234567"], "message": "x", "type": 0} | changes
    assert gateway("POST", "sms/send", json=body).json() == {
        "status": 200,
        "result": {"status": code, "id": 0},
    }
    assert sandbox.messages() == []


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"[" * 100_000])
def test_a_body_that_is_no_object_is_400(gateway, body):
    answer = gateway("POST", "sms/send", data=body)
    assert (answer.status_code, answer.json()["status"]) == (400, 400)


def test_a_server_fault_accepts_nothing(sandbox, send):
    answer = send("09121230500")
    assert (answer.status_code, answer.json()) == (500, {"status": 500, "message": "خطا در سرور"})
    assert sandbox.messages() == []


def test_a_page_and_a_silence_hide_accepted_messages(sandbox, send, gateway):
    assert send("09121230999").text.startswith("<!DOCTYPE html>")
    body = {"from": "3000", "recipients": ["09121230408"], "message": "x", "type": 0}
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{sandbox.url}/sms/api/v1/rest/sms/send", json=body, headers=TOKEN, timeout=0.3)
    assert [message["recipients"] for message in sandbox.messages()] == [["09121230408"], ["09121230999"]]


def test_states_by_json_body_and_by_repeated_query(sandbox, send, gateway):
    for recipients in (["09121234567"], ["09121230005"], ["09121230006"], ["09121234567", "09121230005"]):
        send(*recipients)
    waiting = {"status": 200, "result": {"status": 0, "result": [0, 14, 0]}}
    assert gateway("GET", "sms/status", json={"idArray": [1, 99, 2]}).json() == waiting
    sandbox.change_speeds(pace=0)
    ended = {"status": 200, "result": {"status": 0, "result": [4, 5, 6, 5, 14]}}
    query = [("idArray", number) for number in (1, 2, 3, 4, "x")]
    assert gateway("GET", "sms/status", params=query).json() == ended


@pytest.mark.parametrize(("ids", "code"), [([], 30), (list(range(1001)), 32)])
def test_none_and_too_many_ids(gateway, ids, code):
    answer = gateway("GET", "sms/status", json={"idArray": ids})
    assert answer.json() == {"status": 200, "result": {"status": code, "result": []}}


def test_states_go_0_1_3_and_then_the_end(sandbox, send, gateway):
    send("09121234567")
    states = []
    for pace in (3600, 10, 6, 0.001):
        with sandbox.state.store.transaction() as database:
            database.execute("UPDATE messages SET created = ?", (time.time() - 5,))
        sandbox.change_speeds(pace=pace)
        states += gateway("GET", "sms/status", params={"idArray": 1}).json()["result"]["result"]
    assert states == [0, 1, 3, 4]


def test_unknown_operations_and_methods_keep_the_envelope(gateway):
    assert gateway("GET", "sms/nothing").json() == {"status": 404, "message": "Not found"}
    answer = gateway("GET", "sms/send")
    assert (answer.status_code, answer.json()) == (405, {"status": 405, "message": "Method not allowed"})
