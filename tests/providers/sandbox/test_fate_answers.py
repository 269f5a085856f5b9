"""What a client sees of each fate on `add`, over real sockets."""

import time

import pytest
import requests

LINK = "https://example.com"


@pytest.mark.parametrize(
    ("fate", "error"),
    [
        ("refuse", "neworder.error.link_duplicate"),
        ("badkey", "Invalid API key"),
        ("nofunds", "neworder.error.not_enough_funds"),
    ],
)
def test_refusing_fates_make_no_order(sandbox, add, fate, error):
    answer = add(f"{LINK}/{fate}")
    assert (answer.status_code, answer.json(), sandbox.orders()) == (200, {"error": error}, [])


@pytest.mark.parametrize(("fate", "made"), [("timeout", 1), ("timeoutbefore", 0)])
def test_a_timeout_never_answers(sandbox, call, fate, made):
    form = {"key": "sandbox-key", "action": "add", "service": 1, "quantity": 100, "link": f"{LINK}/{fate}"}
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{sandbox.url}/standard/api/v2", data=form, timeout=2)
    assert len(sandbox.orders()) == made


@pytest.mark.parametrize(("fate", "made"), [("error500", 1), ("error500before", 0)])
def test_a_500_is_a_page(sandbox, add, fate, made):
    answer = add(f"{LINK}/{fate}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert answer.text.startswith("<!DOCTYPE html>")
    assert len(sandbox.orders()) == made


def test_garbage_is_truncated_json_then_a_page_and_both_orders_are_made(sandbox, add):
    assert [add(f"{LINK}/garbage").text[:5] for _ in range(2)] == ['{"ord', "<!DOC"]
    assert [order["fate"] for order in sandbox.orders()] == ["garbage", "garbage"]


def test_reset_makes_the_order_and_resets_the_connection(sandbox, add):
    with pytest.raises(requests.ConnectionError) as failure:
        add(f"{LINK}/reset")
    assert "reset by peer" in str(failure.value)
    assert len(sandbox.orders()) == 1


def test_busy_turns_the_first_two_adds_of_a_link_away(sandbox, add):
    answers = [add(f"{LINK}/busy") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [429, 429, 200, 200]
    assert [answer.headers.get("Retry-After") for answer in answers] == ["1", "1", None, None]
    assert [(order["link_adds"], order["link_orders"]) for order in sandbox.orders()] == [(4, 2)] * 2


def test_shapes_a_client_must_survive(sandbox, add):
    assert add(f"{LINK}/list").json() == [{"order": 1}]
    assert add(f"{LINK}/stringid").json() == {"order": "2"}
    huge = add(f"{LINK}/huge")
    assert (huge.json(), len(huge.content) > 10 * 1024 * 1024) == ({"order": 3}, True)
    assert len(sandbox.orders()) == 3


def test_slow_answers_after_three_seconds_with_the_order_made_before(sandbox, add):
    began = time.monotonic()
    assert add(f"{LINK}/slow").json() == {"order": 1}
    assert 3.0 <= time.monotonic() - began < 10
    [order] = sandbox.orders()
    assert order["created"] < time.time() - 2.5


@pytest.mark.parametrize("fate", ["error500", "reset", "timeout", "garbage"])
def test_asking_again_with_the_same_idempotency_key_tells_the_hidden_order(sandbox, add, fate):
    link, headers = f"{LINK}/{fate}", {"Idempotency-Key": "k1"}
    form = {"key": "sandbox-key", "action": "add", "service": "1", "quantity": "100", "link": link}
    try:
        requests.post(f"{sandbox.url}/standard/api/v2", data=form, headers=headers, timeout=2)
    except requests.RequestException:
        assert fate in ("reset", "timeout")
    assert add(link, headers=headers).json() == {"order": 1}
    assert len(sandbox.orders()) == 1


def test_once_lets_the_second_add_through(sandbox, add):
    assert add(f"{LINK}/error500before/once").status_code == 500
    assert add(f"{LINK}/error500before/once").json() == {"order": 1}


def test_null_and_negative_remains_are_told_as_they_are(sandbox, add, call):
    add(f"{LINK}/nullremains")
    add(f"{LINK}/negative")
    assert call("status", order=1).json()["remains"] is None
    sandbox.change_speeds(pace=0)
    answers = call("status", orders="1,2").json()
    assert [(row["status"], row["remains"]) for row in answers.values()] == [
        ("Partial", None),
        ("Completed", "-10"),
    ]
