import pytest
import requests

from providers.sandbox.sms_gateway import DETAILS

TOKEN = {"token": "sandbox-sms-token"}
UNKNOWN = {"status": 401, "message": "توکن یا نام کاربری و رمز عبور نادرست است"}
STATES = [
    ("missing", 1),
    ("trial", 2),
    ("locked", 3),
    ("expired", 4),
    ("unverified", 5),
    ("noaccess", 6),
    ("code-1000", 1000),
    ("code-2000", 2000),
]
OPERATIONS = [
    ("GET", "my/credit", {"value": 0}),
    ("GET", "my", {"details": {}}),
    ("POST", "sms/send", {"id": 0}),
    ("POST", "sms/future-send", {"id": 0}),
    ("POST", "sms/pattern-send", {"id": 0}),
    ("POST", "sms/phonebook-send", {"id": 0}),
    ("POST", "sms/multiple-send", {"id": 0}),
    ("GET", "sms/latest", {"details": {}}),
    ("GET", "sms/status", {"result": []}),
    ("GET", "my/phonebook", {"result": []}),
    ("GET", "my/phonebook/friends", {"result": []}),
    ("POST", "phonebook", {"id": 0}),
    ("DELETE", "phonebook/1", None),
    ("GET", "phonebook/1/number", {"result": []}),
    ("POST", "phonebook/1/number", None),
    ("DELETE", "phonebook/1/number", None),
]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (TOKEN, 200),
        ({"username": "sandbox", "password": "sandbox"}, 200),
        ({"username": "sandbox-sms-friend", "password": "sandbox"}, 200),
        ({"username": "sandbox", "password": "wrong"}, 401),
        ({"token": "wrong", "username": "sandbox", "password": "sandbox"}, 401),
        ({"username": "nobody", "password": "sandbox"}, 401),
        ({}, 401),
    ],
)
def test_credentials(gateway, headers, status):
    answer = gateway("GET", "my/credit", headers=headers)
    expected = {"status": 200, "result": {"status": 0, "value": 1_000_000}} if status == 200 else UNKNOWN
    assert (answer.status_code, answer.json()) == (status, expected)


@pytest.mark.parametrize(("method", "path", "nothing"), OPERATIONS)
def test_every_operation_wants_an_account_in_order(gateway, method, path, nothing):
    assert gateway(method, path, headers={"token": "wrong"}).json() == UNKNOWN
    for slash in ("", "/"):
        answer = gateway(method, path + slash, headers={"token": "sandbox-sms-locked"})
        result = 3 if nothing is None else {"status": 3} | nothing
        assert (answer.status_code, answer.json()) == (200, {"status": 200, "result": result})


@pytest.mark.parametrize(("word", "code"), STATES)
def test_each_state_of_an_account_by_token_and_by_username(sandbox, send, gateway, word, code):
    for headers in (
        {"token": f"sandbox-sms-{word}"},
        {"username": f"sandbox-sms-{word}", "password": "sandbox"},
    ):
        body = {"recipients": ["09121234567"], "message": "x"}
        answer = gateway("POST", "sms/send", headers=headers, json=body)
        assert answer.json() == {"status": 200, "result": {"status": code, "id": 0}}
    assert sandbox.messages() == []


def test_a_trial_account_is_told_values_with_its_state(gateway):
    trial = {"token": "sandbox-sms-trial"}
    assert gateway("GET", "my/credit", headers=trial).json()["result"] == {"status": 2, "value": 1_000_000}
    assert gateway("GET", "my", headers=trial).json()["result"] == {"status": 2, "details": DETAILS}


def test_my_tells_the_documented_details(gateway):
    answer = gateway("GET", "my/").json()
    assert answer == {"status": 200, "result": {"status": 0, "details": DETAILS}}
    assert list(DETAILS) == [
        "fullname",
        "company",
        "date",
        "fax",
        "mellicode",
        "shenasname",
        "addr",
        "postcode",
    ]


def test_unknown_operations_and_methods_keep_the_envelope(gateway):
    assert gateway("GET", "sms/nothing").json() == {"status": 404, "message": "Not found"}
    assert gateway("GET", "/".join("a" * 500)).json() == {"status": 404, "message": "Not found"}
    answer = gateway("GET", "sms/send")
    assert (answer.status_code, answer.json()) == (405, {"status": 405, "message": "Method not allowed"})


@pytest.mark.parametrize(
    ("action", "method", "path"),
    [
        ("my", "GET", "my"),
        ("user/register", "POST", "user/register"),
        ("sms/multiple-send", "POST", "sms/multiple-send"),
        ("sms/latest", "GET", "sms/latest"),
        ("my/phonebook/{name}", "GET", "my/phonebook/x"),
        ("phonebook/create", "POST", "phonebook"),
        ("number/delete", "DELETE", "phonebook/1/number"),
    ],
)
def test_faults_reach_every_operation(sandbox, gateway, action, method, path):
    sandbox.set_fault(action, "429")
    sandbox.set_fault(action, "empty")
    sandbox.set_fault(action, "reset")
    busy = gateway(method, path)
    assert (busy.status_code, busy.json()["status"], busy.headers["Retry-After"]) == (429, 429, "1")
    empty = gateway(method, path)
    assert (empty.status_code, empty.content) == (200, b"")
    with pytest.raises(requests.ConnectionError):
        gateway(method, path)
    assert gateway(method, path).json()["status"] in (200, 400)
