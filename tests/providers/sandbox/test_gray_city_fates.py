"""What a client of gray-city sees of each fate and each fault set for its calls."""

import time

import pytest
import requests

LINK = "https://example.com"
CREATE, ADVERTISE, TRACKING = "api/v2/order/create/", "api/order/ads/create/", "api/order/tracking/"


@pytest.fixture
def order(gray_city):
    def post(link, **options):
        return gray_city("POST", CREATE, json={"category": 2, "link": link, "count": 100}, **options)

    return post


@pytest.fixture
def track(gray_city):
    def ask(answer):
        params = {"tracking_id": answer.json()["tracking_id"]}
        return gray_city("GET", TRACKING, params=params).json()

    return ask


@pytest.mark.parametrize(
    ("fate", "status", "words"),
    [
        ("refuse", 400, "لینک ارسال شده نامعبتر است"),
        ("badkey", 403, "توکن نامعتبر است"),
        ("nofunds", 403, "موجودی کافی نیست"),
    ],
)
def test_refusing_fates_make_no_order(sandbox, order, fate, status, words):
    answer = order(f"{LINK}/{fate}")
    assert (answer.status_code, answer.json(), sandbox.orders()) == (status, {"detail": words}, [])


def test_busy_turns_the_first_two_away(sandbox, order):
    answers = [order(f"{LINK}/busy") for _ in range(3)]
    assert [(answer.status_code, answer.headers.get("Retry-After")) for answer in answers] == [
        (429, "1"),
        (429, "1"),
        (200, None),
    ]
    assert answers[0].json() == {"detail": "تعداد درخواست‌ها بیش از حد مجاز است"}
    assert len(sandbox.orders()) == 1


@pytest.mark.parametrize(("fate", "made"), [("timeout", 1), ("timeoutbefore", 0)])
def test_a_timeout_never_answers(sandbox, order, fate, made):
    with pytest.raises(requests.ReadTimeout):
        order(f"{LINK}/{fate}", timeout=2)
    assert len(sandbox.orders()) == made


@pytest.mark.parametrize(
    ("fate", "status", "start", "made"),
    [
        ("error500", 500, "<!DOCTYPE", 1),
        ("error500before", 500, "<!DOCTYPE", 0),
        ("garbage", 200, '{"categor', 1),
        ("list", 200, '[{"catego', 1),
    ],
)
def test_spoilt_answers(sandbox, order, fate, status, start, made):
    answer = order(f"{LINK}/{fate}")
    assert (answer.status_code, answer.text[:9], len(sandbox.orders())) == (status, start, made)


def test_reset_and_huge_hide_a_made_order(sandbox, order):
    with pytest.raises(requests.ConnectionError):
        order(f"{LINK}/reset")
    assert len(order(f"{LINK}/huge").content) > 10 * 1024 * 1024
    assert len(sandbox.orders()) == 2


@pytest.mark.parametrize(
    ("fate", "status"),
    [
        ("plain", "Done"),
        ("stringid", "Done"),
        ("partial", "Partial"),
        ("nullremains", "Partial"),
        ("cancel", "Canceled"),
        ("failed", "Error"),
        ("negative", "Done"),
        ("stuck", "Pending"),
    ],
)
def test_orders_end_in_the_documents_words(sandbox, order, track, fate, status):
    made = order(f"{LINK}/{fate}")
    sandbox.change_speeds(pace=0)
    told = track(made)
    start_count = 0 if status == "Pending" else 1037
    assert (told["status"], told["initialize_count"]) == (status, start_count)


@pytest.mark.parametrize(
    ("fate", "status"),
    [("plain", "In progress"), ("processing", "Processing"), ("unknownstatus", "Awaiting moderation")],
)
def test_words_on_the_way(sandbox, order, track, fate, status):
    made = order(f"{LINK}/{fate}")
    with sandbox.state.store.transaction() as database:
        database.execute("UPDATE orders SET created = ?", (time.time() - 1800,))
    assert track(made)["status"] == status


def test_the_fate_of_an_ad_is_in_its_description(sandbox, gray_city, track):
    made = gray_city("POST", ADVERTISE, json={"product": 27, "description": "a partial ad"})
    refused = gray_city("POST", ADVERTISE, json={"product": 27, "description": "please refuse this"})
    sandbox.change_speeds(pace=0)
    told = track(made)
    assert (told["Type"], told["status"], told["link"]) == ("ads", "Partial", "")
    assert (refused.status_code, len(sandbox.orders())) == (400, 1)


@pytest.mark.parametrize(
    ("action", "path"),
    [
        ("token", "api/v2/user/token/"),
        ("balance", "api/v2/user/info/"),
        ("services", "api/v2/categories/"),
        ("status", f"{TRACKING}?tracking_id=000000000000"),
    ],
)
def test_a_fault_spoils_the_next_call_of_its_action(sandbox, gray_city, action, path):
    clean = gray_city("GET", path).status_code
    for kind in ("500", "429"):
        sandbox.set_fault(action, kind)
    assert [gray_city("GET", path).status_code for _ in range(3)] == [500, 429, clean]


def test_only_429_keeps_an_order_from_being_made(sandbox, order):
    for kind in ("429", "500"):
        sandbox.set_fault("add", kind)
        order(f"{LINK}/{kind}")
    assert [row["link"] for row in sandbox.orders()] == [f"{LINK}/500"]


def test_a_partial_order_pays_the_rest_back(sandbox, gray_city, order, track):
    made = order(f"{LINK}/partial")
    sandbox.change_speeds(pace=0)
    track(made)
    assert gray_city("GET", "api/v2/user/info/").json()["balance"] == 1_000_000_000 - 54
