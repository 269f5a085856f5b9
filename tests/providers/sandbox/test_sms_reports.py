import time

import pytest

FRIEND = "09121234567"


def test_states_by_json_body_and_by_repeated_query(sandbox, send, gateway):
    for recipients in ([FRIEND], ["09121230005"], ["09121230006"], [FRIEND, "09121230005"]):
        send(*recipients)
    waiting = {"status": 200, "result": {"status": 0, "result": [0, 14, 0]}}
    assert gateway("GET", "sms/status", json={"idArray": [1, 99, 2]}).json() == waiting
    sandbox.change_speeds(pace=0)
    ended = {"status": 200, "result": {"status": 0, "result": [4, 5, 6, 5, 14]}}
    query = [("idArray", number) for number in (1, 2, 3, 4, "x")]
    assert gateway("GET", "sms/status", params=query).json() == ended


@pytest.mark.parametrize("state", [*range(7), 14])
def test_every_state_is_the_end_of_a_magic_number(sandbox, send, gateway, state):
    send(f"0912123{9000 + state}")
    sandbox.change_speeds(pace=0)
    answer = gateway("GET", "sms/status/", json={"idArray": [1]})
    assert answer.json() == {"status": 200, "result": {"status": 0, "result": [state]}}


@pytest.mark.parametrize(("ids", "code"), [([], 30), (list(range(1001)), 32)])
def test_none_and_too_many_ids(gateway, ids, code):
    answer = gateway("GET", "sms/status", json={"idArray": ids})
    assert answer.json() == {"status": 200, "result": {"status": code, "result": []}}


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b'{"idArray": 5}'])
def test_a_body_without_ids_is_30(gateway, body):
    assert gateway("GET", "sms/status", data=body).json()["result"] == {"status": 30, "result": []}


def test_states_go_0_1_3_and_then_the_end(sandbox, send, gateway):
    send(FRIEND)
    states = []
    for pace in (3600, 10, 6, 0.001):
        with sandbox.state.store.transaction() as database:
            database.execute("UPDATE messages SET created = ?", (time.time() - 5,))
        sandbox.change_speeds(pace=pace)
        states += gateway("GET", "sms/status", params={"idArray": 1}).json()["result"]["result"]
    assert states == [0, 1, 3, 4]


def test_someone_elses_message_is_unknown(send, gateway):
    send(FRIEND)
    other = {"token": "sandbox-sms-other"}
    answer = gateway("GET", "sms/status", headers=other, json={"idArray": [1]})
    assert answer.json()["result"] == {"status": 0, "result": [14]}


def test_the_latest_message_is_told_in_full(sandbox, send, gateway):
    assert gateway("GET", "sms/latest").json() == {"status": 200, "result": {"status": 31, "details": {}}}
    send("09121111111", message="first")
    send("+989121234567", FRIEND, message="last")
    sandbox.change_speeds(pace=0)
    result = gateway("GET", "sms/latest/").json()["result"]
    moments = [result["details"].pop(name) for name in ("now", "time")]
    assert result == {
        "status": 0,
        "details": {
            "id": 2,
            "message": "last",
            "recipients": ["+989121234567", FRIEND],
            "from": "3000",
            "state": 4,
        },
    }
    assert [time.strptime(moment, "%Y-%m-%d %H:%M:%S").tm_year > 2020 for moment in moments] == [True, True]
    assert (
        gateway("GET", "sms/latest", headers={"token": "sandbox-sms-other"}).json()["result"]["status"] == 31
    )
