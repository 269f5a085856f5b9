"""panel-app as an upstream, over real HTTP: each operation, each refusal, each fate."""

import time

import pytest
import requests

from providers.sandbox.server import SandboxServer

LINK = "https://www.instagram.com/someone"
FUNDS = 1_000_000_000
BUSY = (200, {"status": 429, "message": "محدودیت ارسال درخواست"})
SERVER_ERROR = (500, {"message": "Server Error"})


@pytest.fixture
def order(panel_app):
    def post(link=LINK, options=None, **fields):
        body = {"service_id": 2, "category_id": 49, "link": link, "quantity": 100} | fields
        return panel_app("POST", "order", json=body, **(options or {}))

    return post


@pytest.fixture
def detail(panel_app):
    def ask(order_id=1):
        return panel_app("GET", f"order/{order_id}").json()

    return ask


def refusal(status, words, http_status=200):
    return http_status, {"status": status, "message": words}


def read(answer):
    return answer.status_code, answer.json()


def make_older(sandbox, seconds):
    with sandbox.state.store.transaction() as database:
        database.execute("UPDATE orders SET created = created - ?", (seconds,))


def test_what_is_sold_is_told_by_category(panel_app):
    told = panel_app("GET", "services/").json()
    assert (set(told), told["status"]) == ({"status", "services"}, 200)
    assert told["services"][1] == {
        "id": 2,
        "cate_id": 49,
        "name": "Likes",
        "desc": "<p>Likes of the sandbox; nothing is really delivered.</p>",
        "price": 900,
        "original_price": None,
        "min": 10,
        "max": 50000,
        "dripfeed": 0,
        "status": 1,
        "changed": 1588546285,
        "created": 1588546285,
    }
    sold = [row["id"] for row in told["services"]]
    assert sold == [number for number in range(1, 26) if number not in (7, 21)]
    categories = panel_app("GET", "categories").json()["categories"]
    assert (categories[1]["id"], categories[1]["name"]) == (49, "Likes")
    assert {row["cate_id"] for row in told["services"]} == {row["id"] for row in categories}


def test_an_order_is_made_and_told(sandbox, order, detail, panel_app):
    answer = order()
    made = answer.json()
    assert (answer.status_code, made["status"], made["order"]["id"], made["order"]["charge"]) == (
        200,
        201,
        1,
        90,
    )
    told = detail()
    first = (told["status"], told["charge"], told["start_counter"], told["remains"])
    assert first == ("pending", 90, 0, "100")
    sandbox.change_speeds(pace=0)
    done = detail()
    assert (done["status"], done["start_counter"], done["remains"]) == ("completed", 1037, "0")
    assert panel_app("GET", "user").json()["user"]["balance"] == FUNDS - 90
    [stored] = sandbox.orders()
    assert (stored["key"], stored["service"], stored["quantity"]) == ("sandbox-key", 2, 100)


def test_a_detail_is_bare_and_in_the_list_the_newest_is_first(panel_app, order, detail):
    for number in (1, 2):
        order(f"{LINK}/{number}")
    panel_app("POST", "order", "sandbox-other", json={"service_id": 2, "link": LINK, "quantity": 100})
    told = panel_app("GET", "order").json()
    assert (told["status"], told["orders"]) == (200, [detail(2), detail(1)])
    assert {"id", "status", "cate_id", "service_id", "service_type"} <= detail(1).keys()
    assert detail(1)["service_type"] == "default"


@pytest.mark.parametrize("how", ["json", "data"])
def test_bodies_come_as_json_or_as_a_form_and_a_category_may_be_missing(sandbox, panel_app, how):
    body = {"service_id": "2", "link": LINK, "quantity": "10"}
    assert panel_app("POST", "order/", **{how: body}).json()["status"] == 201
    assert [row["quantity"] for row in sandbox.orders()] == [10]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"service_id": None}, refusal(400, "مقدار فیلد service_id نامعتبر است")),
        ({"service_id": 99}, refusal(400, "مقدار فیلد service_id نامعتبر است")),
        ({"service_id": 7}, refusal(400, "مقدار فیلد service_id نامعتبر است")),
        ({"category_id": 50}, refusal(400, "مقدار فیلد category_id نامعتبر است")),
        ({"category_id": "x"}, refusal(400, "مقدار فیلد category_id نامعتبر است")),
        ({"link": None}, refusal(400, "فیلد link الزامی است")),
        ({"link": "two words"}, refusal(400, "مقدار فیلد link نامعتبر است")),
        ({"quantity": None}, refusal(400, "فیلد quantity الزامی است")),
        ({"quantity": "x"}, refusal(400, "مقدار فیلد quantity نامعتبر است")),
        ({"quantity": 9}, refusal(400, "مقدار فیلد quantity نامعتبر است")),
        ({"quantity": 50001}, refusal(400, "مقدار فیلد quantity نامعتبر است")),
        ({"service_id": 12, "category_id": None}, refusal(400, "فیلد usernames_custom الزامی است")),
        ({"service_id": 15, "category_id": None}, refusal(400, "فیلد media_url الزامی است")),
        ({"service_id": 10, "category_id": None}, refusal(400, "فیلد comments_custom_package الزامی است")),
        (
            {
                "service_id": 20,
                "category_id": None,
                "country": "IR",
                "device": "1",
                "type_of_traffic": "1",
            },
            refusal(400, "خطا"),
        ),
        ({"link": f"{LINK}/refuse"}, refusal(400, "برای این لینک سفارش در حال انجامی وجود دارد")),
        ({"link": f"{LINK}/badkey"}, refusal(401, "توکن اشتباه یا منقضی شده است", 401)),
        ({"link": f"{LINK}/nofunds"}, refusal(400, "موجودی کافی نیست")),
        ({"link": f"{LINK}/busy"}, BUSY),
        ({"link": f"{LINK}/error500before"}, SERVER_ERROR),
    ],
)
def test_a_refused_order_is_not_made(sandbox, order, fields, expected):
    assert (read(order(**fields)), sandbox.orders()) == (expected, [])


@pytest.mark.parametrize(
    ("service", "fields", "quantity"),
    [
        (10, {"comments_custom_package": "one\ntwo"}, 1),
        (12, {"usernames_custom": "\n".join("abcdefghij")}, 10),
        (15, {"media_url": "https://example.com/m", "quantity": 50}, 50),
    ],
)
def test_fields_have_the_contracts_names(sandbox, panel_app, service, fields, quantity):
    answer = panel_app("POST", "order", json={"service_id": service, "link": LINK} | fields)
    assert (answer.json()["status"], sandbox.orders()[0]["quantity"]) == (201, quantity)


@pytest.mark.parametrize("body", [b"[1]", b"{", b'{"a":' * 50_000])
def test_a_broken_body_is_400(sandbox, panel_app, body):
    answer = panel_app("POST", "order", data=body)
    assert (read(answer), sandbox.orders()) == (refusal(400, "بدنه درخواست خوانا نیست"), [])


@pytest.mark.parametrize("key", [None, "foreign"])
def test_a_bad_token_is_http_401(sandbox, panel_app, key):
    calls = [("GET", path) for path in ("user", "services", "categories", "order", "order/1")]
    answers = [panel_app(method, path, key) for method, path in [*calls, ("POST", "order")]]
    expected = refusal(401, "توکن اشتباه یا منقضی شده است", 401)
    assert [read(answer) for answer in answers] == [expected] * 6


def test_a_key_without_money_is_refused(sandbox, panel_app):
    body = {"service_id": 2, "link": LINK, "quantity": 100}
    answer = panel_app("POST", "order", "sandbox-poor", json=body)
    assert (read(answer), sandbox.orders()) == (refusal(400, "موجودی کافی نیست"), [])


def test_an_order_of_another_key_is_forbidden_and_an_unknown_one_not_found(panel_app, order):
    order()
    answers = [panel_app("GET", f"order/{number}", "sandbox-other") for number in (1, 2, "x")]
    missing = refusal(404, "سفارش مورد نظر یافت نشد")
    assert [read(answer) for answer in answers] == [refusal(403, "منع دسترسی"), missing, missing]


def test_a_repeated_idempotency_key_tells_the_first_order(sandbox, order):
    options = {"headers": {"Idempotency-Key": "k1"}}
    link = f"{LINK}/error500"
    assert read(order(link, options)) == SERVER_ERROR
    assert order(link, options).json()["order"]["id"] == 1
    reused = order(f"{LINK}/other", options).json()
    assert (reused["status"], len(sandbox.orders())) == (400, 1)


def test_busy_is_told_in_the_body_twice(sandbox, order):
    answers = [order(f"{LINK}/busy") for _ in range(3)]
    assert [read(answer) for answer in answers[:2]] == [BUSY, BUSY]
    assert [answer.headers.get("Retry-After") for answer in answers] == ["1", "1", None]
    assert (answers[2].json()["status"], len(sandbox.orders())) == (201, 1)


@pytest.mark.parametrize(("fate", "made"), [("timeout", 1), ("timeoutbefore", 0)])
def test_a_timeout_never_answers(sandbox, order, fate, made):
    with pytest.raises(requests.ReadTimeout):
        order(f"{LINK}/{fate}", {"timeout": 0.3})
    assert len(sandbox.orders()) == made


@pytest.mark.parametrize(
    ("fate", "code", "start"),
    [
        ("error500", 500, '{"message'),
        ("garbage", 200, '{"status"'),
        ("list", 200, '[{"status'),
        ("stringid", 200, '{"status"'),
    ],
)
def test_spoilt_answers_hide_a_made_order(sandbox, order, fate, code, start):
    answer = order(f"{LINK}/{fate}")
    assert (answer.status_code, answer.text[:9], len(sandbox.orders())) == (code, start, 1)


@pytest.mark.parametrize(
    ("fate", "expected"),
    [
        ("partial", ("partial", "40", 54)),
        ("nullremains", ("partial", None, 90)),
        ("cancel", ("canceled", "100", 0)),
        ("failed", ("error", "100", 0)),
        ("negative", ("completed", "-10", 90)),
        ("stuck", ("pending", "100", 90)),
    ],
)
def test_orders_end_in_the_documents_words(sandbox, order, detail, fate, expected):
    order(f"{LINK}/{fate}")
    sandbox.change_speeds(pace=0)
    told = detail()
    assert (told["status"], told["remains"], told["charge"]) == expected


@pytest.mark.parametrize(
    ("fate", "word"), [("plain", "inprogress"), ("processing", "processing"), ("unknownstatus", "moderation")]
)
def test_words_on_the_way(sandbox, order, detail, fate, word):
    order(f"{LINK}/{fate}")
    make_older(sandbox, 1800)
    assert detail()["status"] == word


@pytest.mark.parametrize(
    ("action", "method", "path"),
    [
        ("services", "GET", "services"),
        ("categories", "GET", "categories"),
        ("balance", "GET", "user"),
        ("status", "GET", "order/1"),
        ("orders", "GET", "order"),
        ("add", "POST", "order"),
    ],
)
def test_a_fault_spoils_the_next_call_of_its_action(sandbox, panel_app, action, method, path):
    clean = panel_app(method, path)
    for kind in ("500", "429"):
        sandbox.set_fault(action, kind)
    answers = [panel_app(method, path) for _ in range(3)]
    assert [read(answer) for answer in answers] == [SERVER_ERROR, BUSY, read(clean)]


def test_counters_count_this_dialect_too(sandbox, order, detail):
    order()
    order(f"{LINK}/refuse")
    detail()
    counters = sandbox.counters()
    names = ("adds_received", "orders_made", "status_calls", "ids_asked")
    assert [counters[name] for name in names] == [2, 1, 1, 1]


def test_unknown_paths_and_methods_keep_the_envelope(panel_app):
    for path in ("nothing", "user/1", "order/1/more"):
        assert read(panel_app("GET", path)) == refusal(404, "Not found")
    for path in ("services", "order/1"):
        assert read(panel_app("POST", path)) == refusal(405, "Method not allowed", 405)


def test_a_restart_keeps_its_orders(tmp_path):
    file, body = str(tmp_path / "state.sqlite3"), {"service_id": 2, "link": LINK, "quantity": 100}
    headers = {"Authorization": "Bearer sandbox-key"}
    began = int(time.time())
    with SandboxServer(state=file, pace=3600) as sandbox:
        url = f"{sandbox.url}/panel_app/api/v1/order"
        assert requests.post(url, json=body, headers=headers, timeout=10).json()["order"]["id"] == 1
    with SandboxServer(state=file, pace=3600) as sandbox:
        url = f"{sandbox.url}/panel_app/api/v1/order/1"
        told = requests.get(url, headers=headers, timeout=10).json()
    assert (told["status"], told["link"], told["created"] >= began) == ("pending", LINK, True)
