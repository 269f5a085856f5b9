"""The gray_city dialect's own wire: what is sent for each kind, and how its answers are read."""

import json
from decimal import Decimal

import pytest

from providers.adapters.base import (
    AccountProblem,
    AdapterError,
    Balance,
    Credentials,
    OutboundOrder,
    Placed,
    Rejected,
    Status,
    Unavailable,
    Unclear,
    UpstreamService,
    UpstreamStatus,
)
from providers.adapters.gray_city import GrayCityAdapter
from tests.panel.lib.raw_server import RawServer, http_answer

KEY = "topsecretkey0123"
LINK = "https://www.aparat.com/v/پ?a=1"
TRACKING = "d6a10c3c7fbf"
PLACED = {"category": 6, "status": "در صف⊷", "tracking_id": TRACKING, "created": "2024-01-10 18:18:14"}


@pytest.fixture
def upstream(http):
    """upstream(*values, status=…, path=…) starts a server with these JSON answers; gives (adapter, server)."""
    servers = []

    def start(*values, status="200 OK", path=""):
        server = RawServer(*[http_answer(json.dumps(value), status) for value in values]).__enter__()
        servers.append(server)
        return GrayCityAdapter(Credentials(server.url + path, KEY), http), server

    yield start
    for server in servers:
        server.__exit__()


def make_order(type_="default", kind="like", quantity=50, **fields):
    return OutboundOrder("2", type_, LINK, quantity, fields, "order-1-1", kind)


def trouble(call, *args):
    with pytest.raises(AdapterError) as caught:
        call(*args)
    return type(caught.value), caught.value.reason


COUNTED = {"category": 2, "link": LINK, "count": 50}
PRODUCT = {"product": 2, "link": LINK}
TEXTS = {"category": 2, "link": LINK, "comment": ["یک", "two"], "count": 2}
COMMENTS = {"comments": "یک\n \r\n two \n"}


@pytest.mark.parametrize(
    ("order", "path", "body"),
    [
        (make_order(), "/api/v2/order/create/", COUNTED),
        (make_order(kind="view"), "/api/v2/order/create/", COUNTED),
        (make_order(kind=""), "/api/v2/order/create/", COUNTED),
        (make_order("custom_comments", "comment", None, **COMMENTS), "/api/order/create/", TEXTS),
        (make_order("Custom Comments", "", None, **COMMENTS), "/api/order/create/", TEXTS),
        (make_order("watch_time", "watch_time"), "/api/order/watch-time/create/", COUNTED),
        (make_order("default", "watch_time"), "/api/order/watch-time/create/", COUNTED),
        (make_order("watch_time", ""), "/api/order/watch-time/create/", COUNTED),
        (make_order("package", "follower", None), "/api/order/follower/create/", PRODUCT),
        (make_order("package", "", None), "/api/order/follower/create/", PRODUCT),
        (make_order("package", "follower_pro", None), "/api/order/follower-pro/create/", PRODUCT),
        (
            OutboundOrder("2", "ads", "", None, {"description": "متن"}, "order-1-1"),
            "/api/order/ads/create/",
            {"product": 2, "description": "متن"},
        ),
    ],
)
def test_an_order_goes_to_the_path_of_its_kind(upstream, order, path, body):
    adapter, server = upstream(PLACED, path="/")
    assert adapter.place(order) == Placed(TRACKING, None, json.dumps(PLACED))
    [request] = server.requests
    assert (request.method, request.target, json.loads(request.body)) == ("POST", path, body)
    names = ("authorization", "content-type", "accept", "idempotency-key")
    sent = [request.headers[name] for name in names]
    assert sent == [f"Token {KEY}", "application/json", "application/json", "order-1-1"]


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (make_order("poll", "", answer_number="1"), "the gray_city dialect has no place for poll"),
        (make_order("default", "story"), "the gray_city dialect has no place for story"),
        (
            make_order("default", "follower"),
            "the gray_city dialect takes follower as package, not as default",
        ),
        (make_order("package", "like"), "the gray_city dialect takes like as default, not as package"),
        (make_order(runs="2", interval="5"), "the dialect has no place for runs"),
        (make_order(quantity=None), "the order has no quantity"),
        (make_order("custom_comments", "comment", None), "the order has no comments"),
        (make_order("custom_comments", "comment", None, comments=" \n "), "the order has no comments"),
        (make_order("ads", "ads", None), "the order has no description"),
        (make_order("ads", "ads", None, description="a"), "the dialect has no place for link"),
    ],
)
def test_what_the_dialect_has_no_place_for_is_rejected_without_a_call(upstream, order, reason):
    adapter, server = upstream(PLACED)
    assert (trouble(adapter.place, order), server.connections) == ((Rejected, reason), 0)


@pytest.mark.parametrize("code", ["d6a10c3c7fbf", "abcdefabcdef", "000000000001", 624155629])
def test_a_tracking_id_may_be_letters_or_digits_alone(upstream, code):
    adapter, _server = upstream({"tracking_id": code})
    assert adapter.place(make_order()).upstream_id == str(code)


@pytest.mark.parametrize("code", ["", None, 0, True, [], "null", "a b", "../x"])
def test_what_is_no_tracking_id_is_unclear(upstream, code):
    adapter, _server = upstream({"tracking_id": code})
    assert trouble(adapter.place, make_order()) == (Unclear, "the answer names no order")


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (
            "400 Bad Request",
            {"detail": "لینک ارسال شده نامعتبر است"},
            (Rejected, "لینک ارسال شده نامعتبر است"),
        ),
        ("400 Bad Request", {"detail": ["a", "b"]}, (Rejected, "a b")),
        (
            "400 Bad Request",
            {"link": ["This field is required."]},
            (Rejected, "link: This field is required."),
        ),
        ("404 Not Found", {"detail": "محصول یافت نشد"}, (Rejected, "محصول یافت نشد")),
        ("403 Forbidden", {"detail": "موجودی کافی نیست"}, (AccountProblem, "موجودی کافی نیست")),
        ("403 Forbidden", {"detail": "توکن نامعتبر است"}, (AccountProblem, "توکن نامعتبر است")),
        ("403 Forbidden", {"detail": "anything"}, (AccountProblem, "anything")),
        ("401 Unauthorized", {"detail": "Invalid token."}, (AccountProblem, "Invalid token.")),
        ("200 OK", {"detail": "لینک"}, (Unclear, "the answer names no order")),
        ("404 Not Found", {"message": "?"}, (Unclear, "HTTP 404")),
        ("500 Internal Server Error", {"detail": "خطای داخلی سرور"}, (Unclear, "HTTP 500")),
    ],
)
def test_an_answer_without_a_tracking_id_ends_in_its_class(upstream, status, body, outcome):
    adapter, server = upstream(body, status=status)
    assert trouble(adapter.place, make_order()) == outcome
    assert len(server.requests) == 1


def test_an_order_is_tracked_by_its_id(upstream):
    adapter, server = upstream(
        {"Type": "view", "status": "Partial", "initialize_count": 100, "uniq_id": TRACKING, "date": "…"}
    )
    assert adapter.statuses([TRACKING]) == {
        TRACKING: UpstreamStatus(TRACKING, Status.PARTIAL, "Partial", 100, None, None, None, None)
    }
    [request] = server.requests
    target = f"/api/order/tracking/?tracking_id={TRACKING}"
    assert (request.method, request.target, request.body) == ("GET", target, b"")
    assert request.headers["authorization"] == f"Token {KEY}"


@pytest.mark.parametrize(
    ("word", "told", "start_count"),
    [
        ("Pending", 0, None),
        ("Processing", 0, None),
        ("In progress", 0, 0),
        ("Done", "12", 12),
        ("Done", "?", None),
    ],
)
def test_a_start_count_of_zero_is_unknown_until_the_order_runs(upstream, word, told, start_count):
    adapter, _server = upstream({"status": word, "initialize_count": told})
    assert adapter.statuses([TRACKING])[TRACKING].start_count == start_count


def test_an_id_that_is_not_tracked_is_no_exception(upstream):
    adapter, _server = upstream({"detail": "ایدی پیگیری سفارش یافت نشد"}, status="400 Bad Request")
    assert adapter.statuses([TRACKING]) == {
        TRACKING: UpstreamStatus(TRACKING, None, "", None, None, None, None, "ایدی پیگیری سفارش یافت نشد")
    }


def test_categories_are_read_page_by_page_from_the_same_host(upstream):
    elsewhere = "http://127.0.0.1:1/api/v2/categories/?page=2"
    adapter, server = upstream(
        {"count": 3, "next": elsewhere, "results": [{"id": 2, "title": " لایک"}, {"title": "no id"}, 5]},
        {"count": 3, "next": None, "results": [{"id": "3", "title": "ویو"}, {"id": 2, "title": "again"}]},
    )
    unknown = ("", "", None, None, None, False, False, False, "")
    assert adapter.services() == [
        UpstreamService("2", "لایک", *unknown),
        UpstreamService("3", "ویو", *unknown),
    ]
    assert [request.target for request in server.requests] == [
        f"/api/v2/categories/?page={page}&page_size=20" for page in (1, 2)
    ]


@pytest.mark.parametrize(
    "pages",
    [
        [{"next": "x", "results": [{"id": 2}]}],
        [{"next": "x", "results": [{"id": 2}]}, {"results": None}],
        [{"next": "x", "results": []}],
        [{"next": None, "results": [{"title": "no id"}]}],
    ],
)
def test_a_list_that_breaks_off_is_unclear_and_never_a_short_one(upstream, pages):
    adapter, _server = upstream(*pages)
    assert trouble(adapter.services)[0] is Unclear


def test_no_categories_are_an_empty_list(upstream):
    adapter, _server = upstream({"count": 0, "next": None, "previous": None, "results": []})
    assert adapter.services() == []


@pytest.mark.parametrize("balance", [1500, "1500", "1500.0"])
def test_the_balance_is_in_the_users_info(upstream, balance):
    adapter, server = upstream({"user": "a@example.com", "balance": balance, "orders": 3})
    assert adapter.balance() == Balance(Decimal(1500), "")
    assert server.requests[0].target == "/api/v2/user/info/"


@pytest.mark.parametrize("balance", [None, "", "much", True])
def test_an_unreadable_balance_is_unclear_and_never_zero(upstream, balance):
    adapter, _server = upstream({"balance": balance})
    assert trouble(adapter.balance) == (Unclear, "the answer names no balance")


def test_reading_with_a_bad_token_tells_of_the_account(upstream):
    adapter, _server = upstream({"detail": "توکن نامعتبر است"}, status="403 Forbidden")
    with pytest.raises(Unavailable) as caught:
        adapter.statuses([TRACKING])
    assert (caught.value.reason, caught.value.account_problem) == ("توکن نامعتبر است", True)
