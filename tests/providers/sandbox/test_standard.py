from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

LINK = "https://example.com/post"
ADDS = [
    ({"service": 1, "link": LINK, "quantity": 50}, 50),
    ({"service": 1, "link": LINK, "quantity": 50, "runs": 3, "interval": 10}, 150),
    ({"service": 6, "link": LINK}, 1),
    ({"service": 7, "link": LINK, "quantity": 10, "keywords": "a\nb"}, 10),
    ({"service": 8, "link": LINK, "quantity": 10, "usernames": "a\nb"}, 10),
    ({"service": 9, "link": LINK, "comments": "خوب\r\n\r\nعالی\n"}, 2),
    ({"service": 10, "link": LINK, "comments": "a\nb\nc"}, 1),
    ({"service": 11, "link": LINK, "quantity": 10, "usernames": "a", "hashtags": "b"}, 10),
    ({"service": 12, "link": LINK, "usernames": "a\nb\nc"}, 3),
    ({"service": 13, "link": LINK, "quantity": 10, "hashtag": "a"}, 10),
    ({"service": 14, "link": LINK, "quantity": 10, "username": "a"}, 10),
    ({"service": 15, "link": LINK, "quantity": 10, "media": "https://example.com/m"}, 10),
    ({"service": 16, "link": LINK, "quantity": 10, "username": "a"}, 10),
    ({"service": 17, "link": LINK, "username": "a", "comments": "x\ny"}, 2),
    ({"service": 18, "link": LINK, "quantity": 10, "answer_number": "2"}, 10),
    ({"service": 19, "link": LINK, "quantity": 10, "groups": "a"}, 10),
    (
        {
            "service": 20,
            "link": LINK,
            "quantity": 100,
            "country": "IR",
            "device": "1",
            "type_of_traffic": "1",
            "google_keyword": "x",
        },
        100,
    ),
    ({"service": 21, "username": "someone", "min": 10, "max": 20, "posts": 3}, 60),
]


def test_services_list_every_type_of_the_contract(call):
    rows = call("services").json()
    assert rows[0] == {
        "service": 1,
        "name": "Followers",
        "type": "Default",
        "category": "Followers",
        "rate": "4500.00",
        "min": "50",
        "max": "10000",
        "refill": True,
        "cancel": True,
        "dripfeed": True,
        "desc": "Followers of the sandbox; nothing is really delivered.",
    }
    assert [row["service"] for row in rows] == list(range(1, 26))
    assert {row["type"] for row in rows} == {rows[fields["service"] - 1]["type"] for fields, _ in ADDS}
    assert len({row["type"] for row in rows}) == 17


@pytest.mark.parametrize(("fields", "quantity"), ADDS, ids=lambda value: str(value)[:14])
def test_add_takes_the_fields_of_its_type(sandbox, call, fields, quantity):
    assert call("add", **fields).json() == {"order": 1}
    [order] = sandbox.orders()
    assert (order["quantity"], order["link"]) == (quantity, fields.get("link") or fields["username"])
    assert order["fields"] == {name: str(value) for name, value in fields.items()}


@pytest.mark.parametrize(("fields", "quantity"), ADDS, ids=lambda value: str(value)[:14])
def test_add_without_a_field_of_its_type_makes_no_order(sandbox, call, fields, quantity):
    needed = set(fields) - {"service", "runs", "interval", "posts"}
    errors = {name: call("add", **{**fields, name: ""}).json()["error"] for name in needed}
    assert errors == {name: "Incorrect link" if name == "link" else "Incorrect request" for name in needed}
    assert sandbox.orders() == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"service": 99}, "Incorrect service ID"),
        ({"service": "²"}, "Incorrect service ID"),
        ({"service": 26}, "Incorrect service ID"),
        ({"service": 27}, "Incorrect service ID"),
        ({"service": "9" * 40}, "Incorrect service ID"),
        ({"link": "two words"}, "Incorrect link"),
        ({"link": "a\x00b"}, "Incorrect link"),
        ({"quantity": 49}, "Quantity less than minimal 50"),
        ({"quantity": 10001}, "Quantity more than maximum 10000"),
        ({"quantity": "1.5"}, "Incorrect request"),
        ({"quantity": "-5"}, "Incorrect request"),
        ({"runs": 3}, "Incorrect request"),
        ({"runs": 0, "interval": 5}, "Incorrect request"),
        ({"service": 2, "runs": 3, "interval": 5}, "Incorrect request"),
        ({"service": 21, "username": "u", "min": 20, "max": 10}, "Incorrect request"),
        ({"key": "sandbox"}, "Invalid API key"),
        ({"key": "sandbox-poor"}, "neworder.error.not_enough_funds"),
    ],
)
def test_bad_adds_are_refused_in_the_contracts_words(sandbox, add, changes, error):
    answer = add(LINK, **changes)
    assert (answer.status_code, answer.json()) == (200, {"error": error})
    assert sandbox.orders() == []


def test_unknown_action_and_missing_key(call):
    assert call("fly").json() == {"error": "Incorrect request"}
    assert call("balance", key="").json() == {"error": "Invalid API key"}


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("how", ["form", "json", "query"])
def test_form_json_and_query_are_understood_with_and_without_slash(sandbox, how, slash):
    fields = {"key": "sandbox-key", "action": "add", "service": 1, "link": LINK, "quantity": 50}
    url = f"{sandbox.url}/standard/api/v2{slash}"
    answer = {
        "form": lambda: requests.post(url, data=fields, timeout=10),
        "json": lambda: requests.post(url, json=fields, timeout=10),
        "query": lambda: requests.get(url, params=fields, timeout=10),
    }[how]()
    assert answer.json() == {"order": 1}
    assert [order["link"] for order in sandbox.orders()] == [LINK]


def test_status_of_one_and_many(sandbox, add, call):
    add(LINK)
    add(f"{LINK}/partial")
    pending = {
        "charge": "450.00000",
        "start_count": "0",
        "status": "Pending",
        "remains": "100",
        "currency": "IRT",
    }
    assert call("status", order=1).json() == pending
    sandbox.change_speeds(pace=0)
    assert call("status", orders="1, 2,x,77").json() == {
        "1": pending | {"start_count": "1037", "status": "Completed", "remains": "0"},
        "2": pending | {"charge": "270.00000", "start_count": "1074", "status": "Partial", "remains": "40"},
        "x": {"error": "Incorrect order ID"},
        "77": {"error": "Incorrect order ID"},
    }
    assert call("status", order=77).json() == {"error": "Incorrect order ID"}
    assert call("status").json() == {"error": "Incorrect order ID"}
    assert call("status", orders=",".join(["1"] * 101)).json() == {"error": "Incorrect request"}


def test_an_end_once_told_stays_whatever_the_pace(sandbox, add, call):
    add(LINK)
    sandbox.change_speeds(pace=0)
    assert call("status", order=1).json()["status"] == "Completed"
    sandbox.change_speeds(pace=3600)
    assert call("status", order=1).json()["status"] == "Completed"


def test_orders_belong_to_their_key(add, call):
    add(LINK)
    assert call("status", order=1, key="sandbox-other").json() == {"error": "Incorrect order ID"}
    assert call("cancel", orders=1, key="sandbox-other").json() == [
        {"order": 1, "cancel": {"error": "Incorrect order ID"}}
    ]


def test_balance_falls_by_the_charge_and_comes_back_once(sandbox, add, call):
    add(f"{LINK}/partial")
    assert call("balance").json() == {"balance": "999999550.00000", "currency": "IRT"}
    assert call("balance", key="sandbox-other").json()["balance"] == "1000000000.00000"
    assert call("balance", key="sandbox-poor").json()["balance"] == "0.00000"
    sandbox.change_speeds(pace=0)
    for _ in range(2):
        call("status", order=1)
    assert call("balance").json()["balance"] == "999999730.00000"


def test_cancel_stops_an_order_where_it_stands(add, call):
    for link in (LINK, f"{LINK}/uncancelable"):
        add(link)
    add(LINK, service=5)
    assert call("cancel", orders="1,2,3,9").json() == [
        {"order": 1, "cancel": 1},
        {"order": 2, "cancel": {"error": "Order can not be canceled"}},
        {"order": 3, "cancel": {"error": "Cancel is disabled for this service"}},
        {"order": 9, "cancel": {"error": "Incorrect order ID"}},
    ]
    assert call("cancel", orders="1").json() == [
        {"order": 1, "cancel": {"error": "Order can not be canceled"}}
    ]
    answer = call("status", order=1).json()
    assert (answer["status"], answer["remains"], answer["charge"]) == ("Canceled", "100", "0.00000")


def test_refill_walks_to_its_end(sandbox, add, call):
    add(LINK)
    add(LINK, service=2)
    assert call("refill", order=1).json() == {"error": "Incorrect request"}
    sandbox.change_speeds(pace=0)
    assert call("refill", order=1).json() == {"refill": "1"}
    assert call("refill", order=9).json() == {"error": "Incorrect order ID"}
    assert call("refill", orders="1,2").json() == [
        {"order": 1, "refill": 2},
        {"order": 2, "refill": {"error": "Refill is disabled for this service"}},
    ]
    assert call("refill_status", refill=1).json() == {"status": "Completed"}
    assert call("refill_status", refill=9).json() == {"error": "Refill not found"}
    sandbox.change_speeds(pace=3600)
    assert call("refill_status", refills="2,9").json() == [
        {"refill": 2, "status": "Pending"},
        {"refill": 9, "status": {"error": "Refill not found"}},
    ]


def test_a_refill_of_its_fate_ends_rejected(sandbox, add, call):
    for link in (LINK, f"{LINK}/refillrejected"):
        add(link)
    sandbox.change_speeds(pace=0)
    assert [call("refill", order=number).json() for number in (1, 2)] == [{"refill": "1"}, {"refill": "2"}]
    sandbox.change_speeds(pace=3600)
    assert call("refill_status", refill=2).json() == {"status": "Pending"}
    sandbox.change_speeds(pace=0)
    assert call("refill_status", refills="1,2").json() == [
        {"refill": 1, "status": "Completed"},
        {"refill": 2, "status": "Rejected"},
    ]


def test_a_failed_order_is_canceled_here_and_paid_back(sandbox, add, call):
    add(f"{LINK}/failed")
    sandbox.change_speeds(pace=0)
    answer = call("status", order=1).json()
    assert (answer["status"], answer["remains"], answer["charge"]) == ("Canceled", "100", "0.00000")
    assert call("balance").json()["balance"] == "1000000000.00000"


def test_the_same_idempotency_key_gives_the_same_order(sandbox, add):
    headers = {"Idempotency-Key": "k1"}
    assert [add(LINK, headers=headers).json() for _ in range(2)] == [{"order": 1}] * 2
    assert add(LINK, headers=headers, quantity=101).json() == {"error": "Idempotency key reused"}
    assert add(LINK, headers=headers, key="sandbox-other").json() == {"order": 2}
    assert [(order["idempotency_key"], order["key"]) for order in sandbox.orders()] == [
        ("k1", "sandbox-key"),
        ("k1", "sandbox-other"),
    ]


def test_a_deaf_key_ignores_the_idempotency_key_but_shows_it(sandbox, add):
    for number in (1, 2):
        assert add(LINK, headers={"Idempotency-Key": "k1"}, key="sandbox-noidem").json() == {"order": number}
    assert [(order["idempotency_key"], order["link_orders"]) for order in sandbox.orders()] == [("k1", 2)] * 2


def test_one_idempotency_key_at_the_same_moment_makes_one_order(sandbox, add):
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: add(LINK, headers={"Idempotency-Key": "k1"}).json(), range(64)))
    assert answers == [{"order": 1}] * 64
    counters = sandbox.counters()
    assert (counters["adds_received"], counters["orders_made"]) == (64, 1)


def test_text_in_raw_utf8_is_kept(sandbox):
    body = "key=sandbox-key&action=add&service=9&link=https://example.com/کتاب&comments=خوب".encode()
    assert requests.post(f"{sandbox.url}/standard/api/v2", data=body, timeout=10).json() == {"order": 1}
    [order] = sandbox.orders()
    assert (order["link"], order["fields"]["comments"]) == ("https://example.com/کتاب", "خوب")
