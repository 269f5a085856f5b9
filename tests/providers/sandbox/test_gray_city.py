"""gray-city as an upstream, over real HTTP: each operation and each row of the document's status tables."""

import re
from datetime import datetime, timedelta, timezone

import pytest

LINK = "https://example.com/v/hashd"
LIKE, VIEW, COMMENT, FOLLOWER, FOLLOWER_PRO, WATCH_TIME, ADS = 2, 3, 9, 6, 24, 26, 27
USER, QUEUED = "reseller@example.com", "در صف⊷"
V2_CREATE, CREATE = "api/v2/order/create/", "api/order/create/"
WATCH, FOLLOW = "api/order/watch-time/create/", "api/order/follower/create/"
FOLLOW_PRO, ADVERTISE = "api/order/follower-pro/create/", "api/order/ads/create/"
TRACKING = "api/order/tracking/"

ORDERS = [
    (V2_CREATE, {"category": LIKE, "link": LINK, "count": 50}, "like", {}),
    (CREATE, {"category": VIEW, "link": LINK, "count": "100"}, "view", {"count": 100}),
    (
        CREATE,
        {"category": COMMENT, "link": LINK, "comment": ["خوب", "b"]},
        "comment",
        {"comments": ["خوب", "b"]},
    ),
    (
        V2_CREATE,
        {"category": COMMENT, "link": LINK, "comment": "a\nb\n\nc", "count": 3},
        "comment",
        {"comments": ["a", "b", "c"]},
    ),
    (WATCH, {"category": WATCH_TIME, "link": LINK, "count": 50}, "watch_time", {}),
    (FOLLOW, {"product": FOLLOWER, "link": LINK}, "follower", {}),
    (FOLLOW_PRO, {"product": FOLLOWER_PRO, "link": LINK}, "follower_pro", {}),
    (ADVERTISE, {"product": ADS, "description": "Ads Description"}, "ads", {}),
]
NOT_REPEATED = {"comment", "watch_time"}


def say(words):
    return {"detail": words}


@pytest.mark.parametrize(("path", "body", "kind", "changed"), ORDERS, ids=lambda value: str(value)[:24])
def test_each_kind_is_ordered_at_its_path_and_tracked(sandbox, gray_city, path, body, kind, changed):
    made = gray_city("POST", path, json=body)
    told = made.json()
    tracking_id, created = told["tracking_id"], told["created"]
    repeated = {name: value for name, value in body.items() if name != "comment"}
    if kind in NOT_REPEATED:
        repeated.pop("count", None)
    own = {"user": USER, "status": QUEUED, "tracking_id": tracking_id, "created": created}
    assert (made.status_code, told) == (200, repeated | own | changed)
    assert re.fullmatch("[0-9a-f]{12}", tracking_id)
    [order] = sandbox.orders()
    assert (order["key"], order["tracking_id"]) == ("sandbox-key", tracking_id)
    assert gray_city("GET", TRACKING, params={"tracking_id": tracking_id}).json() == {
        "Type": kind,
        "link": body.get("link", ""),
        "status": "Pending",
        "initialize_count": 0,
        "uniq_id": tracking_id,
        "date": created,
    }


@pytest.mark.parametrize(
    ("path", "body", "quantity"),
    [
        (V2_CREATE, {"category": LIKE, "link": LINK, "count": 50}, 50),
        (CREATE, {"category": COMMENT, "link": LINK, "comment": ["a", "b"]}, 2),
        (WATCH, {"category": WATCH_TIME, "link": LINK, "count": 5}, 5),
        (FOLLOW, {"product": FOLLOWER, "link": LINK}, 1),
        (ADVERTISE, {"product": ADS, "description": "text"}, 1),
    ],
)
def test_the_store_holds_what_was_ordered(sandbox, gray_city, path, body, quantity):
    gray_city("POST", path, json=body)
    [order] = sandbox.orders()
    target = body.get("link") or body["description"]
    assert (order["link"], order["quantity"], order["fate"]) == (target, quantity, "plain")


def test_times_are_those_of_tehran(gray_city):
    created = gray_city("POST", V2_CREATE, json=ORDERS[0][1]).json()["created"]
    there = datetime.strptime(created, "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone(timedelta(hours=3.5)))
    assert abs(datetime.now(there.tzinfo) - there) < timedelta(minutes=1)


WRONG = [
    (V2_CREATE, {"link": None}, 400, "پارامتر لینک یافت نشد"),
    (V2_CREATE, {"link": "two words"}, 400, "لینک ارسال شده نامعبتر است"),
    (V2_CREATE, {"link": 5}, 400, "لینک ارسال شده نامعبتر است"),
    (V2_CREATE, {"category": "x"}, 400, "تایپ ولیو پارامتر category نا معتبر است"),
    (V2_CREATE, {"category": [2]}, 400, "تایپ ولیو پارامتر category نا معتبر است"),
    (V2_CREATE, {"category": ADS}, 400, "ایدی محصول ارسال شده مربوط به این دسته بندی نمی باشد"),
    (V2_CREATE, {"category": 99}, 404, "محصول یافت نشد"),
    (V2_CREATE, {"category": 1}, 404, "محصول یافت نشد"),
    (V2_CREATE, {"count": None}, 400, "پارامتر count یافت نشد"),
    (V2_CREATE, {"count": 9}, 400, "مقدار پارامتر count نا معتبر است"),
    (V2_CREATE, {"count": True}, 400, "مقدار پارامتر count نا معتبر است"),
    (CREATE, {"category": 99}, 404, "کتگوری یافت نشد"),
    (CREATE, {"category": FOLLOWER}, 400, "ایدی کتگوری ارسال شده مربوط به این دسته بندی نمی باشد"),
    (CREATE, {"category": COMMENT}, 400, "پارامتر کامنت یافت نشد"),
    (CREATE, {"category": COMMENT, "comment": " \n"}, 400, "پارامتر کامنت یافت نشد"),
    (CREATE, {"category": COMMENT, "comment": [1]}, 400, "پارامتر کامنت یافت نشد"),
    (CREATE, {"category": COMMENT, "comment": ["a"], "count": 2}, 400, "مقدار پارامتر count نا معتبر است"),
    (
        WATCH,
        {"category": WATCH_TIME, "link": f"{LINK}/short"},
        400,
        "تایم ویدیو کمتر از مقدار گفته شده میباشد",
    ),
    (WATCH, {"category": LIKE}, 400, "ایدی کتگوری ارسال شده مربوط به این دسته بندی نمی باشد"),
    (FOLLOW, {"product": "x"}, 400, "تایپ ولیو پارامتر product نا معتبر است"),
    (FOLLOW, {"product": FOLLOWER_PRO}, 400, "ایدی محصول ارسال شده مربوط به این دسته بندی نمی باشد"),
    (FOLLOW_PRO, {"product": 99}, 404, "محصول یافت نشد"),
    (ADVERTISE, {"product": ADS}, 400, "متن تبلیغ یافت نشد"),
    (ADVERTISE, {"product": ADS, "description": "  "}, 400, "متن تبلیغ یافت نشد"),
    (
        ADVERTISE,
        {"product": LIKE, "description": "x"},
        400,
        "ایدی محصول ارسال شده مربوط به این دسته بندی نمی باشد",
    ),
]


@pytest.mark.parametrize(("path", "changes", "status", "words"), WRONG)
def test_a_bad_order_is_refused_in_the_documents_words(sandbox, gray_city, path, changes, status, words):
    answer = gray_city("POST", path, json={"category": LIKE, "link": LINK, "count": 50} | changes)
    assert (answer.status_code, answer.json(), sandbox.orders()) == (status, say(words), [])


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"category=2&link=x&count=50"])
def test_a_body_that_is_no_json_object_is_refused(sandbox, gray_city, body):
    answer = gray_city("POST", V2_CREATE, data=body)
    assert (answer.status_code, answer.json()) == (400, say("بدنه درخواست یک ساختار جیسون نیست"))
    assert sandbox.orders() == []


def test_a_key_without_money_is_refused(sandbox, gray_city):
    answer = gray_city("POST", V2_CREATE, "sandbox-poor", json=ORDERS[0][1])
    assert (answer.status_code, answer.json()) == (403, say("موجودی کافی نیست"))
    assert sandbox.orders() == []


@pytest.mark.parametrize(
    ("key", "words"),
    [("wrong", "توکن نامعتبر است"), (None, "اطلاعات احراز هویت ارائه نشده است")],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "api/v2/user/token/"),
        ("GET", "api/v2/user/info/"),
        ("GET", "api/v2/categories/"),
        ("POST", V2_CREATE),
        ("POST", CREATE),
        ("POST", WATCH),
        ("POST", FOLLOW),
        ("POST", FOLLOW_PRO),
        ("POST", ADVERTISE),
        ("GET", TRACKING),
    ],
)
def test_every_operation_wants_a_token(sandbox, gray_city, method, path, key, words):
    answer = gray_city(method, path, key, json=ORDERS[0][1])
    assert (answer.status_code, answer.json(), sandbox.orders()) == (403, say(words), [])


def test_the_token_and_its_user(gray_city):
    gray_city("POST", V2_CREATE, json={"category": LIKE, "link": LINK, "count": 1000})
    told = gray_city("GET", "api/v2/user/token").json()
    used = datetime.strptime(told.pop("last_used"), "%Y-%m-%d %H:%M:%S")
    assert told == {"token": "sandbox-key", "user": USER, "created": "2024-01-01 03:30:00"}
    assert used.year >= 2024
    told = gray_city("GET", "api/v2/user/info").json()
    assert told == {"user": USER, "balance": 1_000_000_000 - 900, "orders": 1}
    told = gray_city("GET", "api/v2/user/info/", "sandbox-poor").json()
    assert told == {"user": USER, "balance": 0, "orders": 0}


def test_categories_come_in_pages(sandbox, gray_city):
    whole = gray_city("GET", "api/v2/categories/").json()
    assert (whole["count"], whole["next"], whole["previous"]) == (7, None, None)
    assert whole["results"][0] == {"id": LIKE, "title": "Likes"}
    assert {row["id"] for row in whole["results"]} == {2, 3, 6, 9, 24, 26, 27}
    base = f"{sandbox.url}/gray_city/api/v2/categories/"
    second = gray_city("GET", "api/v2/categories/", params={"page": 2, "page_size": 3}).json()
    assert second == {
        "count": 7,
        "next": f"{base}?page=3&page_size=3",
        "previous": f"{base}?page=1&page_size=3",
        "results": whole["results"][3:6],
    }


@pytest.mark.parametrize("page", ["0", "2", "x", "-1"])
def test_a_page_that_is_not_there_is_404(gray_city, page):
    answer = gray_city("GET", "api/v2/categories/", params={"page": page})
    assert (answer.status_code, answer.json()) == (404, say("صفحه نامعتبر است"))


@pytest.mark.parametrize(
    ("tracking_id", "words"),
    [
        (None, "ایدی پیگیری سفارش یافت نشد"),
        ("", "ایدی پیگیری سفارش یافت نشد"),
        ("0" * 12, "ایدی پیگیری سفارش یافت نشد"),
        ("1", "پارامتر ارسالی نامبعتر است"),
        ("g" * 12, "پارامتر ارسالی نامبعتر است"),
        ("0" * 13, "پارامتر ارسالی نامبعتر است"),
    ],
)
def test_a_wrong_tracking_id(gray_city, tracking_id, words):
    params = {} if tracking_id is None else {"tracking_id": tracking_id}
    answer = gray_city("GET", TRACKING, params=params)
    assert (answer.status_code, answer.json()) == (400, say(words))


def test_an_order_of_another_key_is_unknown(gray_city):
    tracking_id = gray_city("POST", V2_CREATE, json=ORDERS[0][1]).json()["tracking_id"]
    answer = gray_city("GET", TRACKING, "sandbox-other", params={"tracking_id": tracking_id})
    assert (answer.status_code, answer.json()) == (400, say("ایدی پیگیری سفارش یافت نشد"))


def test_unknown_paths_and_methods_keep_the_envelope(gray_city):
    answer = gray_city("GET", "api/v2/nothing/")
    assert (answer.status_code, answer.json()) == (404, say("Not found"))
    answer = gray_city("GET", V2_CREATE)
    assert (answer.status_code, answer.json(), answer.headers["Allow"]) == (
        405,
        say("Method not allowed"),
        "POST",
    )


def test_counters_count_this_dialect_too(sandbox, gray_city):
    gray_city("POST", V2_CREATE, json=ORDERS[0][1])
    gray_city("POST", V2_CREATE, json={})
    for tracking_id in ("0" * 12, ""):
        gray_city("GET", TRACKING, params={"tracking_id": tracking_id})
    counters = sandbox.counters()
    names = ("adds_received", "orders_made", "status_calls", "ids_asked")
    assert [counters[name] for name in names] == [2, 1, 2, 1]
