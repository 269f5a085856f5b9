"""happy-follower as an upstream, over real HTTP: each operation, each refusal, each fate."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from providers.sandbox.catalogue import SERVICES
from providers.sandbox.refills import RECHECK_SECONDS
from providers.sandbox.server import SandboxServer

LINK = "https://www.instagram.com/someone"
DONE = {"operation": "success"}
FUNDS = 1_000_000_000


@pytest.fixture
def order(happy_follower, token):
    def post(link=LINK, options=None, **fields):
        body = {"serviceId": 2, "link": link, "count": 100} | fields
        return happy_follower("POST", "order", token, json=body, **(options or {}))

    return post


@pytest.fixture
def status(happy_follower, token):
    def ask(order_id):
        return happy_follower("GET", f"status/{order_id}/", token).json()

    return ask


def refusal(status, words):
    return status, {"operation": "error", "message": words}


def read(answer):
    return answer.status_code, answer.json()


def test_services_need_no_more_than_a_link_and_a_count(happy_follower, token):
    told = happy_follower("GET", "services", token).json()
    assert (set(told), told["operation"]) == ({"operation", "services"}, "success")
    assert told["services"][0] == {"serviceId": 1, "name": "Followers"}
    assert [row["serviceId"] for row in told["services"]] == [1, 2, 3, 4, 5, 6, 22, 23, 24, 25]


def test_an_order_is_made_and_told(sandbox, order, status):
    assert read(order()) == (200, {"operation": "success", "orderId": 1})
    told = {
        "operation": "success",
        "status": "registered",
        "statusTitle": "در انتظار",
        "remain": 100,
        "oldCount": 0,
        "count": 100,
        "cost": 90,
        "link": LINK,
    }
    assert status(1) == told
    sandbox.change_speeds(pace=0)
    done = {"status": "done", "statusTitle": "انجام شده", "remain": 0, "oldCount": 1037}
    assert status(1) == told | done
    [made] = sandbox.orders()
    assert (made["key"], made["service"], made["quantity"]) == ("sandbox-key", 2, 100)


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("how", ["json", "data"])
def test_bodies_come_as_json_or_as_a_form(sandbox, happy_follower, token, how, slash):
    body = {"serviceId": "2", "link": LINK, "count": "10"}
    assert happy_follower("POST", f"order{slash}", token, **{how: body}).json() == DONE | {"orderId": 1}
    assert happy_follower("POST", f"cancel{slash}", token, **{how: {"orderId": 1}}).json() == DONE
    assert happy_follower("POST", f"recheck{slash}", token, **{how: {"orderId": 1}}).json() == DONE
    assert [(row["quantity"], row["status"]) for row in sandbox.orders()] == [(10, "Canceled")]


def test_every_listed_service_can_be_ordered(sandbox, happy_follower, token, order):
    listed = [row["serviceId"] for row in happy_follower("GET", "services", token).json()["services"]]
    for number in listed:
        assert order(serviceId=number, count=SERVICES[number].min).status_code == 200
    assert order(serviceId=6, count=None).status_code == 200
    assert [row["service"] for row in sandbox.orders()] == [*listed, 6]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"serviceId": None}, refusal(400, "شناسه سرویس نامعتبر است")),
        ({"serviceId": "x"}, refusal(400, "شناسه سرویس نامعتبر است")),
        ({"serviceId": 99}, refusal(404, "سرویس یافت نشد")),
        ({"serviceId": 9}, refusal(404, "سرویس یافت نشد")),
        ({"link": None}, refusal(400, "لینک نامعتبر است")),
        ({"link": "two words"}, refusal(400, "لینک نامعتبر است")),
        ({"count": None}, refusal(400, "تعداد باید بین 10 و 50000 باشد")),
        ({"count": 9}, refusal(400, "تعداد باید بین 10 و 50000 باشد")),
        ({"count": 50001}, refusal(400, "تعداد باید بین 10 و 50000 باشد")),
        ({"serviceId": 6, "count": 2}, refusal(400, "تعداد باید بین 1 و 1 باشد")),
        ({"link": f"{LINK}/refuse"}, refusal(400, "برای این لینک سفارش در حال انجامی وجود دارد")),
        ({"link": f"{LINK}/badkey"}, refusal(401, "توکن نامعتبر یا منقضی شده است")),
        ({"link": f"{LINK}/nofunds"}, refusal(403, "اعتبار کافی نیست")),
        ({"link": f"{LINK}/busy"}, refusal(429, "تعداد درخواست‌ها بیش از حد مجاز است")),
    ],
)
def test_a_refused_order_is_not_made(sandbox, order, fields, expected):
    assert (read(order(**fields)), sandbox.orders()) == (expected, [])


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff\x00", b'"text"'])
def test_a_broken_body_is_400(sandbox, happy_follower, token, body):
    answers = [happy_follower("POST", path, token, data=body) for path in ("order", "cancel", "recheck")]
    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert answers[1].json() == {"operation": "error", "message": "شناسه سفارش نامعتبر است"}
    assert sandbox.orders() == []


def test_a_key_without_money_is_403(sandbox, happy_follower):
    token = happy_follower("GET", "auth", "sandbox-poor").json()["token"]
    answer = happy_follower("POST", "order", token, json={"serviceId": 2, "link": LINK, "count": 100})
    assert (read(answer), sandbox.orders()) == (refusal(403, "اعتبار کافی نیست"), [])


def test_an_order_of_another_key_is_unknown(happy_follower, order):
    order()
    token = happy_follower("GET", "auth", "sandbox-other").json()["token"]
    answers = [
        happy_follower("GET", "status/1", token),
        happy_follower("GET", "status/x", token),
        happy_follower("POST", "cancel", token, json={"orderId": 1}),
        happy_follower("POST", "recheck", token, json={"orderId": 1}),
    ]
    assert [read(answer) for answer in answers] == [refusal(404, "سفارش یافت نشد")] * 4


def test_cancel_stops_an_order_and_pays_back(sandbox, happy_follower, token, order, status):
    order()
    assert happy_follower("GET", "credit/", token).json() == DONE | {"credit": FUNDS - 90}
    assert happy_follower("POST", "cancel", token, json={"orderId": 1}).json() == DONE
    told = status(1)
    assert (told["status"], told["statusTitle"], told["remain"], told["cost"]) == (
        "canceled",
        "لغو شده",
        100,
        0,
    )
    assert happy_follower("GET", "credit/", token).json() == DONE | {"credit": FUNDS}
    again = happy_follower("POST", "cancel", token, json={"orderId": 1})
    assert read(again) == refusal(409, "این سفارش دیگر قابل لغو نیست")


def test_what_can_not_be_canceled_is_409(sandbox, happy_follower, token, order):
    order(f"{LINK}/uncancelable")
    order(serviceId=5)
    order()
    answers = [happy_follower("POST", "cancel", token, json={"orderId": number}) for number in (1, 2)]
    sandbox.change_speeds(pace=0)
    answers.append(happy_follower("POST", "cancel", token, json={"orderId": 3}))
    assert [read(answer) for answer in answers] == [refusal(409, "این سفارش دیگر قابل لغو نیست")] * 3


def test_a_recheck_is_taken_once_in_ten_minutes(sandbox, happy_follower, token, order):
    for _ in range(2):
        order()

    def recheck(order_id):
        return happy_follower("POST", "recheck", token, json={"orderId": order_id})

    assert [read(recheck(number)) for number in (1, 2)] == [(200, DONE)] * 2
    again = recheck(1)
    assert read(again) == refusal(429, "هر سفارش در هر ۱۰ دقیقه فقط یک بار بررسی مجدد می‌شود")
    assert RECHECK_SECONDS - 30 < int(again.headers["Retry-After"]) <= RECHECK_SECONDS == 600
    with sandbox.state.store.transaction() as database:
        database.execute("UPDATE rechecks SET asked = ?", (time.time() - 600,))
    assert [recheck(1).status_code for _ in range(2)] == [200, 429]
    assert sandbox.counters()["rechecks"] == 5


def test_of_many_rechecks_at_the_same_moment_one_is_taken(happy_follower, token, order):
    order()
    with ThreadPoolExecutor(16) as pool:
        answers = pool.map(
            lambda _: happy_follower("POST", "recheck", token, json={"orderId": 1}).status_code, range(16)
        )
        assert sorted(answers) == [200] + [429] * 15


@pytest.mark.parametrize(("fate", "made"), [("timeout", 1), ("timeoutbefore", 0)])
def test_a_timeout_never_answers(sandbox, order, fate, made):
    with pytest.raises(requests.ReadTimeout):
        order(f"{LINK}/{fate}", {"timeout": 0.3})
    assert len(sandbox.orders()) == made


@pytest.mark.parametrize(
    ("fate", "code", "start", "made"),
    [
        ("error500", 500, "<!DOCTYPE", 1),
        ("error500before", 500, "<!DOCTYPE", 0),
        ("garbage", 200, '{"operati', 1),
        ("list", 200, '[{"operat', 1),
        ("stringid", 200, '{"operati', 1),
    ],
)
def test_spoilt_answers(sandbox, order, fate, code, start, made):
    answer = order(f"{LINK}/{fate}")
    assert (answer.status_code, answer.text[:9], len(sandbox.orders())) == (code, start, made)


def test_a_number_as_text_and_a_garbled_answer(order):
    assert order(f"{LINK}/stringid").json() == DONE | {"orderId": "1"}
    assert order(f"{LINK}/garbage").text.startswith("<!DOCTYPE html>")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        order(f"{LINK}/garbage").json()


def test_reset_and_huge_hide_a_made_order(sandbox, order):
    with pytest.raises(requests.ConnectionError):
        order(f"{LINK}/reset")
    assert len(order(f"{LINK}/huge").content) > 10 * 1024 * 1024
    assert len(sandbox.orders()) == 2


@pytest.mark.parametrize(
    ("fate", "expected"),
    [
        ("partial", ("partial", "ناقص", 40, 54)),
        ("nullremains", ("partial", "ناقص", None, 90)),
        ("cancel", ("canceled", "لغو شده", 100, 0)),
        ("failed", ("error", "خطا", 100, 0)),
        ("negative", ("done", "انجام شده", -10, 90)),
        ("stuck", ("registered", "در انتظار", 100, 90)),
    ],
)
def test_orders_end_in_the_documents_words(sandbox, order, status, fate, expected):
    order(f"{LINK}/{fate}")
    sandbox.change_speeds(pace=0)
    told = status(1)
    assert (told["status"], told["statusTitle"], told["remain"], told["cost"]) == expected


@pytest.mark.parametrize(
    ("fate", "word"), [("plain", "doing"), ("processing", "doing"), ("unknownstatus", "moderation")]
)
def test_words_on_the_way(sandbox, order, status, fate, word):
    order(f"{LINK}/{fate}")
    with sandbox.state.store.transaction() as database:
        database.execute("UPDATE orders SET created = ?", (time.time() - 1800,))
    assert status(1)["status"] == word


@pytest.mark.parametrize(
    ("action", "method", "path"),
    [
        ("services", "GET", "services"),
        ("balance", "GET", "credit"),
        ("status", "GET", "status/1"),
        ("cancel", "POST", "cancel"),
        ("refill", "POST", "recheck"),
        ("add", "POST", "order"),
    ],
)
def test_a_fault_spoils_the_next_call_of_its_action(sandbox, happy_follower, token, action, method, path):
    clean = happy_follower(method, path, token)
    for kind in ("500", "429"):
        sandbox.set_fault(action, kind)
    answers = [happy_follower(method, path, token) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [500, 429, clean.status_code]
    assert (read(answers[1]), answers[1].headers["Retry-After"]) == (
        refusal(429, "تعداد درخواست‌ها بیش از حد مجاز است"),
        "1",
    )


def test_counters_count_this_dialect_too(sandbox, happy_follower, token, order, status):
    order()
    order(f"{LINK}/refuse")
    status(1)
    happy_follower("POST", "cancel", token, json={"orderId": 1})
    counters = sandbox.counters()
    names = ("adds_received", "orders_made", "status_calls", "ids_asked", "cancels", "auth_calls")
    assert [counters[name] for name in names] == [2, 1, 1, 1, 1, 1]


def test_unknown_paths_and_methods_keep_the_envelope(happy_follower, token):
    for path in ("nothing", "status", "status/1/more"):
        assert read(happy_follower("GET", path, token)) == refusal(404, "Not found")
    for path in ("order", "cancel"):
        assert read(happy_follower("GET", path, token)) == refusal(405, "Method not allowed")
    assert read(happy_follower("POST", "status/1", token)) == refusal(405, "Method not allowed")


def test_a_restart_keeps_the_orders_of_all_dialects(tmp_path):
    file = str(tmp_path / "state.sqlite3")
    gray = {"Authorization": "Token sandbox-key"}
    body = {"category": 2, "link": LINK, "count": 50}
    with SandboxServer(state=file, pace=3600) as sandbox:
        base = f"{sandbox.url}/happy_follower/api/v1"
        key = {"Authorization": "Bearer sandbox-key"}
        token = requests.get(f"{base}/auth", headers=key, timeout=10).json()["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        fields = {"serviceId": 2, "link": LINK, "count": 100}
        requests.post(f"{base}/order", json=fields, headers=bearer, timeout=10)
        url = f"{sandbox.url}/gray_city/api/v2/order/create/"
        tracking_id = requests.post(url, json=body, headers=gray, timeout=10).json()["tracking_id"]
        before = sandbox.orders()
    with SandboxServer(state=file, pace=3600) as sandbox:
        url = f"{sandbox.url}/happy_follower/api/v1/status/1/"
        told = requests.get(url, headers=bearer, timeout=10).json()
        url = f"{sandbox.url}/gray_city/api/order/tracking/?tracking_id={tracking_id}"
        tracked = requests.get(url, headers=gray, timeout=10).json()
        assert (told["count"], tracked["uniq_id"], sandbox.orders()) == (100, tracking_id, before)
