import pytest
import requests

FRIEND, OTHER = "09121234567", "09121111111"


@pytest.fixture
def control(sandbox):
    def ask(path, body=None, **query):
        url = f"{sandbox.url}/control/{path}"
        if body is None:
            return requests.get(url, params=query, timeout=10)
        return requests.post(url, json=body, timeout=10)

    return ask


def test_who_got_the_same_text_twice(sandbox, send, kavenegar, control):
    send(FRIEND, OTHER, message="one")
    send(FRIEND, message="two")
    assert control("sms/counts").json() == {"texts": 3, "different": 3, "mobiles": 2, "repeated": []}
    send("+989121234567", message="one")
    kavenegar("sms/send", receptor=FRIEND, message="one")
    repeated = [{"mobile": FRIEND, "message": "one", "times": 3}]
    counts = {"texts": 5, "different": 3, "mobiles": 2, "repeated": repeated}
    assert (control("sms/counts").json(), sandbox.count_texts()) == (counts, counts)
    assert control("sms/counts", text="two").json() == {
        "texts": 1,
        "different": 1,
        "mobiles": 1,
        "repeated": [],
    }
    assert control("sms/counts", since_id=3).json() == {
        "texts": 1,
        "different": 1,
        "mobiles": 1,
        "repeated": [],
    }


def test_messages_of_all_operations_and_gateways_are_found_by_mobile(
    sandbox, send, gateway, kavenegar, control
):
    gateway("POST", "phonebook", json={"name": "one", "numbers": [FRIEND]})
    send(FRIEND, message="plain")
    send(FRIEND, path="sms/pattern-send", patternId=4, message={"code": "12"})
    send(path="sms/phonebook-send", bookId=1, message="book")
    body = {"fromArray": ["3000"], "recipients": [[FRIEND]], "messageArray": ["many"], "typeArray": [0]}
    gateway("POST", "sms/multiple-send", json=body)
    kavenegar("verify/lookup", receptor=FRIEND, template="code-en", token="34")
    found = control("sms", mobile="+98 912 123 4567").json()["messages"]
    assert [(message["message"], message["account"]) for message in found] == [
        ("Your code: 34", "sandbox-kavenegar-key"),
        ("many", "sandbox"),
        ("book", "sandbox"),
        ("Your code: 12", "sandbox"),
        ("plain", "sandbox"),
    ]
    counters = sandbox.counters()
    names = ("sms_received", "kavenegar_received", "messages_made", "recipients_made")
    assert [counters[name] for name in names] == [4, 1, 5, 5]


def test_a_pattern_can_be_added_until_reset(sandbox, send, control):
    added = {"id": 70, "name": "ticket", "text": "تیکت {ticket} پاسخ گرفت.", "active": True}
    assert control("patterns", added).json()["patterns"][-1] == added | {"variables": ["ticket"]}
    fields = {"path": "sms/pattern-send", "patternId": 70, "message": {"ticket": "5"}}
    assert send(FRIEND, **fields).json()["result"] == {"status": 0, "id": 1}
    assert sandbox.messages()[0]["message"] == "تیکت 5 پاسخ گرفت."
    assert control("patterns", added | {"active": False}).status_code == 200
    assert send(FRIEND, **fields).json()["result"] == {"status": 29, "id": 0}
    sandbox.reset()
    assert [pattern["id"] for pattern in control("patterns").json()["patterns"]] == [1, 2, 3, 4, 9]


@pytest.mark.parametrize("body", [[], {"id": 0, "text": "x"}, {"id": 5}, {"id": 5, "text": " "}])
def test_bad_patterns_are_refused(control, body):
    assert control("patterns", body).status_code == 400
    assert len(control("patterns").json()["patterns"]) == 5


def test_reset_forgets_books_users_and_credit(sandbox, send, gateway):
    gateway("POST", "phonebook", json={"name": "one", "numbers": [FRIEND]})
    user = {"username": "mina", "password": "p"}
    gateway("POST", "user/register", json=user | {"repeatPassword": "p"})
    send(FRIEND)
    sandbox.change_speeds(sms_ahead=60)
    sandbox.reset()
    assert gateway("GET", "my/phonebook").json()["result"] == {"status": 0, "result": []}
    assert gateway("GET", "my", headers=user).status_code == 401
    assert gateway("GET", "my/credit").json()["result"] == {"status": 0, "value": 1_000_000}
    assert (sandbox.count_texts()["texts"], sandbox.state.speeds.sms_ahead) == (0, 0.0)
