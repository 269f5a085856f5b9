import pytest
import requests

LINK = "https://example.com/post"
FIRST_SPEEDS = {"pace": 3600.0, "latency": 0.0, "token_seconds": 3600.0, "sms_ahead": 0.0, "ahead": 0.0}


def test_counters_count_what_came_and_what_was_made(sandbox, add, call, control):
    for link in (LINK, f"{LINK}/refuse", LINK):
        add(link)
    call("status", order=1)
    call("status", orders="1,2,3")
    call("cancel", orders="1,2")
    expected = {
        "adds_received": 3,
        "status_calls": 2,
        "ids_asked": 4,
        "cancels": 2,
        "auth_calls": 0,
        "refresh_calls": 0,
        "rechecks": 0,
        "sms_received": 0,
        "sms_status_calls": 0,
        "kavenegar_received": 0,
        "kavenegar_status_calls": 0,
        "orders_made": 2,
        "messages_made": 0,
        "recipients_made": 0,
    }
    assert (control("counters").json(), sandbox.counters()) == (expected, expected)


def test_orders_are_found_by_link_and_by_id(add, control):
    for link in (LINK, "https://example.com/other?a=1&b=2", LINK):
        add(link)

    def ids(query):
        return [order["order"] for order in control(f"orders?{query}").json()["orders"]]

    assert (ids(""), ids("since_id=1"), ids(f"link={LINK}")) == ([1, 2, 3], [2, 3], [1, 3])
    assert ids("link=https%3A%2F%2Fexample.com%2Fother%3Fa%3D1%26b%3D2") == [2]
    assert control("orders?since_id=x").status_code == 400


def test_looking_at_an_order_does_not_end_it(sandbox, add, call):
    add(LINK)
    sandbox.change_speeds(pace=0)
    assert [order["status"] for order in sandbox.orders()] == ["Completed"]
    sandbox.change_speeds(pace=3600)
    assert call("status", order=1).json()["status"] == "Pending"


def test_settings_change_at_run_time(sandbox, control):
    assert control("settings", {"pace": 1}).json() == FIRST_SPEEDS | {"pace": 1.0}
    assert control("settings", {"latency": 0.25}).json() == FIRST_SPEEDS | {"pace": 1.0, "latency": 0.25}
    last = FIRST_SPEEDS | {"pace": 1.0, "latency": 0.25, "token_seconds": 5.0}
    assert control("settings", {"token_seconds": 5}).json() == last
    assert control("settings").json() == last


@pytest.mark.parametrize(
    "body",
    [
        {"pace": -1},
        {"pace": "1"},
        {"latency": True},
        {"speed": 1},
        [1],
        {"pace": 1e9},
        {"token_seconds": -1},
    ],
)
def test_bad_settings_change_nothing(control, body):
    assert control("settings", body).status_code == 400
    assert control("settings").json() == FIRST_SPEEDS


def test_the_clock_of_orders_may_run_ahead_and_behind(sandbox, add, call, control):
    add(LINK)
    assert control("settings", {"ahead": 7200}).json()["ahead"] == 7200
    assert [order["status"] for order in sandbox.orders()] == ["Completed"]
    assert control("settings", {"ahead": -7200}).json()["ahead"] == -7200
    assert call("status", order=1).json()["status"] == "Pending"
    assert control("settings", {"ahead": -1e9}).status_code == 400


def test_the_bank_tells_what_it_was_paid(sandbox, control):
    session = sandbox.state.bank.begin("m" * 36, 50_000, "IRR", "https://shop.example/", "a payment")
    sandbox.state.bank.choose(session, "close")
    told = {
        "authority": session.authority,
        "toman": 5_000,
        "outcome": "close",
        "paid": True,
        "verified": False,
    }
    assert control("bank").json() == {"payments": [told]}


def test_reset_forgets_everything_but_uses_no_id_again(sandbox, add, call, control):
    add(LINK)
    sandbox.set_fault("status", "html", 5)
    sandbox.change_speeds(pace=1)
    assert control("reset", {}).json() == {"reset": True}
    assert (sandbox.orders(), set(sandbox.counters().values())) == ([], {0})
    assert control("settings").json()["pace"] == 3600.0
    assert call("balance").json()["balance"] == "1000000000.00000"
    assert call("status", order=1).json() == {"error": "Incorrect order ID"}
    assert add(LINK).json() == {"order": 2}


def test_bulk_orders_can_be_polled(sandbox, call, control):
    assert control("orders", {"count": 1000, "link": "https://example.com/partial"}).json() == {
        "first": 1,
        "last": 1000,
    }
    sandbox.change_speeds(pace=0)
    answers = call("status", orders="1,1000").json()
    assert [(row["status"], row["remains"], row["charge"]) for row in answers.values()] == [
        ("Partial", "20", "0.00000")
    ] * 2
    assert call("balance").json()["balance"] == "1000000000.00000"


@pytest.mark.parametrize(
    "body", [{}, {"count": 0}, {"count": "5"}, {"count": 1, "service": []}, {"count": 1, "service": 99}]
)
def test_bad_bulk_makes_nothing(sandbox, control, body):
    assert control("orders", body).status_code == 400
    assert sandbox.orders() == []


@pytest.mark.parametrize(
    ("kind", "status", "text"),
    [
        ("html", 200, "<!DOCTYPE html>"),
        ("truncated", 200, '{"charge": "450'),
        ("list", 200, '[{"charge": "45'),
        ("hollow", 200, '{"charge": "450'),
        ("empty", 200, ""),
        ("500", 500, "<!DOCTYPE html>"),
        ("429", 429, '{"error": "Too '),
        ("huge", 200, '{"charge": "450'),
    ],
)
def test_a_fault_spoils_the_next_calls_and_no_more(add, call, control, kind, status, text):
    add(LINK)
    assert control("faults", {"action": "status", "kind": kind, "times": 2}).json() == {
        "waiting": {"status": 2}
    }
    spoilt = [call("status", order=1) for _ in range(2)]
    assert [(answer.status_code, answer.text[:15]) for answer in spoilt] == [(status, text)] * 2
    assert (len(spoilt[0].content) > 10_000_000) == (kind == "huge")
    assert call("status", order=1).json()["status"] == "Pending"
    assert control("faults").json() == {"waiting": {}}


@pytest.mark.parametrize(
    ("kind", "failure"), [("hang", requests.ReadTimeout), ("reset", requests.ConnectionError)]
)
def test_faults_of_the_connection(sandbox, kind, failure):
    sandbox.set_fault("balance", kind)
    form = {"key": "sandbox-key", "action": "balance"}
    with pytest.raises(failure):
        requests.post(f"{sandbox.url}/standard/api/v2", data=form, timeout=2)
    assert requests.post(f"{sandbox.url}/standard/api/v2", data=form, timeout=10).status_code == 200


def test_only_429_keeps_an_add_from_being_carried_out(sandbox, add):
    for kind in ("429", "500"):
        sandbox.set_fault("add", kind)
        add(f"{LINK}/{kind}")
    assert [order["link"] for order in sandbox.orders()] == [f"{LINK}/500"]
    assert sandbox.counters()["adds_received"] == 2


def test_faults_reach_the_gateway_too(sandbox):
    sandbox.set_fault("sms/status", "500")
    url = f"{sandbox.url}/sms/api/v1/rest/sms/status?idArray=1"
    answers = [requests.get(url, headers={"token": "sandbox-sms-token"}, timeout=10) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [500, 200]


@pytest.mark.parametrize(
    "body",
    [
        {"action": "fly", "kind": "html"},
        {"action": "status", "kind": "fire"},
        {"action": "status", "kind": "html", "times": 0},
        {"action": ["status"], "kind": "html"},
    ],
)
def test_bad_faults_are_refused(control, body):
    assert control("faults", body).status_code == 400
    assert control("faults").json() == {"waiting": {}}
