"""The panel_app dialect's own wire: what is sent, and how the status in a body is read."""

import json
from dataclasses import replace
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
    Timeouts,
    Unavailable,
    Unclear,
    UpstreamService,
    UpstreamStatus,
)
from providers.adapters.panel_app import PanelAppAdapter
from tests.panel.lib.raw_server import RawServer, http_answer

KEY = "topsecretkey0123"
LINK = "https://example.com/پ?a=1&b=2"
ORDER = OutboundOrder("50/1816", "default", LINK, 100, {}, "order-1-1")
PLACED = {
    "status": 201,
    "message": "Order placed successfully",
    "order": {"cate_id": 50, "service_id": 1816, "charge": 50, "status": "pending", "id": 1527},
}
DETAIL = {
    "status": "pending",
    "id": 1528,
    "quantity": 100,
    "charge": 50,
    "start_counter": 0,
    "remains": "0",
}
FIELDS = {
    "usernames": "<a\nb>",
    "hashtags": "<hashtags>",
    "hashtag": "<hashtag>",
    "username": "<username>",
    "media": "<media>",
    "comments": "one\n\ntwo\nthree",
    "answer_number": "<answer>",
    "groups": "<groups>",
    "country": "<country>",
    "device": "<device>",
    "type_of_traffic": "<traffic>",
    "google_keyword": "<keyword>",
    "referring_url": "<url>",
}
SERVICE = {
    "id": 1904,
    "cate_id": 136,
    "name": "ویو استوری اینستاگرام ",
    "desc": "<p>استارت بین 1 ساعت<\\/p>&lt;ul&gt;&lt;li&gt;instagram&lt;/li&gt;&lt;/ul&gt; 1 < 2".replace(
        "\\", ""
    ),
    "price": 8000,
    "original_price": None,
    "min": 100,
    "max": 500,
    "dripfeed": 1,
    "status": 1,
    "changed": 1590467774,
    "created": 1590459686,
}
CATEGORIES = {"status": 200, "categories": [{"id": 136, "name": "⭐ سرویس ", "status": 1}, {"id": "48"}, 5]}


@pytest.fixture
def upstream(http):
    """upstream(*values, status=…, headers=…) starts a server that answers these JSON values; (adapter, server)."""
    servers = []

    def start(*values, status="200 OK", headers=()):
        plays = [http_answer(json.dumps(value), status, headers) for value in values]
        server = RawServer(*plays).__enter__()
        servers.append(server)
        return PanelAppAdapter(Credentials(f"{server.url}/api/v1/", KEY), http, Timeouts(2, 2)), server

    yield start
    for server in servers:
        server.__exit__()


def refuse(status, message):
    return {"status": status, "message": message}


def trouble(call, *args):
    with pytest.raises(AdapterError) as caught:
        call(*args)
    return type(caught.value), caught.value.reason


def sent(server):
    return [(request.method, request.target) for request in server.requests]


def test_an_order_goes_out_as_json_with_its_token_and_idempotency_key(upstream):
    adapter, server = upstream(PLACED)
    placed = adapter.place(ORDER)
    assert (placed.upstream_id, placed.charge) == ("1527", Decimal(50))
    assert placed.excerpt.startswith('{"status": 201')
    [request] = server.requests
    assert (request.method, request.target) == ("POST", "/api/v1/order")
    assert json.loads(request.body) == {
        "service_id": "1816",
        "category_id": "50",
        "link": LINK,
        "quantity": 100,
    }
    names = ("authorization", "content-type", "accept", "idempotency-key")
    headers = [request.headers[name] for name in names]
    assert headers == [f"Bearer {KEY}", "application/json", "application/json", "order-1-1"]


def test_a_plain_service_is_sent_without_a_category(upstream):
    adapter, server = upstream(PLACED)
    adapter.place(replace(ORDER, service="1816"))
    body = json.loads(server.requests[0].body)
    assert body == {"service_id": "1816", "link": LINK, "quantity": 100}


@pytest.mark.parametrize(
    ("type_", "quantity", "told"),
    [
        ("default", 100, {"quantity": 100}),
        ("watch_time", 5, {"quantity": 5}),
        ("package", None, {"quantity": 1}),
        ("mentions", 100, {"quantity": 100, "usernames": "<a\nb>"}),
        ("custom_comments", None, {"quantity": 3, "comments": "one\n\ntwo\nthree"}),
        ("Custom Comments Package", None, {"quantity": 1, "comments_custom_package": "one\n\ntwo\nthree"}),
        (
            "mentions_with_hashtags",
            100,
            {"quantity": 100, "usernames": "<a\nb>", "hashtags": "<hashtags>"},
        ),
        ("mentions_custom_list", None, {"quantity": 2, "usernames_custom": "<a\nb>"}),
        ("mentions_hashtag", 100, {"quantity": 100, "hashtag": "<hashtag>"}),
        ("mentions_user_followers", 100, {"quantity": 100, "username": "<username>"}),
        ("mentions_media_likers", 100, {"quantity": 100, "media_url": "<media>"}),
        ("comment_likes", 100, {"quantity": 100, "username": "<username>"}),
        (
            "comment_replies",
            None,
            {"quantity": 3, "username": "<username>", "comments": "one\n\ntwo\nthree"},
        ),
        ("poll", 100, {"quantity": 100, "answer_number": "<answer>"}),
        ("invites_from_groups", 100, {"quantity": 100, "groups": "<groups>"}),
        (
            "web_traffic",
            100,
            {
                "quantity": 100,
                "country": "<country>",
                "device": "<device>",
                "type_of_traffic": "<traffic>",
                "google_keyword": "<keyword>",
                "referring_url": "<url>",
            },
        ),
    ],
)
def test_a_type_sends_its_fields_by_the_contracts_names(upstream, type_, quantity, told):
    adapter, server = upstream(PLACED)
    adapter.place(replace(ORDER, type=type_, quantity=quantity, fields=FIELDS))
    body = json.loads(server.requests[0].body)
    assert body == {"service_id": "1816", "category_id": "50", "link": LINK} | told


@pytest.mark.parametrize(
    ("type_", "fields", "reason"),
    [
        ("seo", {"keywords": "a"}, "the dialect has no place for keywords"),
        ("ads", {"description": "a"}, "the dialect has no place for description"),
        ("subscriptions", {"username": "a", "min": "1", "max": "2"}, "the dialect has no place for min"),
        ("default", {"runs": "2", "interval": "5"}, "the dialect has no place for runs"),
        ("poll", {}, "the order has no answer_number"),
        ("telepathy", {}, "no type telepathy is known"),
    ],
)
def test_what_the_contract_cannot_say_is_rejected_without_a_call(upstream, type_, fields, reason):
    adapter, server = upstream(PLACED)
    assert trouble(adapter.place, replace(ORDER, type=type_, fields=fields)) == (Rejected, reason)
    assert server.connections == 0


@pytest.mark.parametrize(
    ("http_status", "body", "outcome"),
    [
        ("200 OK", refuse(400, "خطا"), (Rejected, "خطا")),
        ("200 OK", refuse("400", "خطا"), (Rejected, "خطا")),
        ("200 OK", refuse(400, None), (Rejected, "refused without a reason")),
        ("200 OK", refuse(400, {"link": ["bad"]}), (Rejected, "{'link': ['bad']}")),
        ("200 OK", refuse(404, "سرویس یافت نشد"), (Rejected, "سرویس یافت نشد")),
        ("200 OK", refuse(400, "موجودی کافی نیست"), (AccountProblem, "موجودی کافی نیست")),
        ("200 OK", refuse(401, "anything"), (AccountProblem, "anything")),
        ("200 OK", refuse(403, "منع دسترسی"), (AccountProblem, "منع دسترسی")),
        ("200 OK", refuse(429, "محدودیت"), (Unavailable, "too many calls (HTTP 429)")),
        ("200 OK", refuse(500, "Server Error"), (Unclear, "HTTP 500")),
        ("200 OK", refuse(302, "moved"), (Unclear, "HTTP 302")),
        ("200 OK", refuse(0, "no"), (Unclear, "the body's status is 0")),
        ("200 OK", refuse("error", "no"), (Unclear, "the answer names no order")),
        ("200 OK", {"message": "خطا"}, (Unclear, "the answer names no order")),
        ("200 OK", {"status": 201, "order": []}, (Unclear, "the answer names no order")),
        ("200 OK", {"status": 201, "order": {"id": 0}}, (Unclear, "the answer names no order")),
        ("200 OK", DETAIL, (Unclear, "the answer names no order")),
        ("200 OK", PLACED | {"status": "failed"}, (Unclear, "the answer names no order")),
        ("200 OK", PLACED | {"status": 400}, (Unclear, "an order beside an error (HTTP 400)")),
        ("200 OK", PLACED | {"status": 429}, (Unclear, "an order beside an error (HTTP 429)")),
        ("400 Bad Request", refuse(400, "خطا"), (Rejected, "خطا")),
        ("400 Bad Request", refuse(500, "Server Error"), (Unclear, "HTTP 400")),
        ("400 Bad Request", refuse(200, "fine"), (Unclear, "HTTP 400")),
        ("404 Not Found", {"message": ""}, (Rejected, "refused without a reason")),
        ("401 Unauthorized", {"message": "Unauthenticated."}, (AccountProblem, "Unauthenticated.")),
        ("401 Unauthorized", refuse(401, "توکن"), (AccountProblem, "توکن")),
        ("429 Too Many Requests", refuse(429, "محدودیت"), (Unavailable, "too many calls (HTTP 429)")),
        ("500 Internal Server Error", {"message": "Server Error"}, (Unclear, "HTTP 500")),
        ("500 Internal Server Error", refuse(400, "خطا"), (Unclear, "HTTP 500")),
        ("503 Service Unavailable", refuse(503, "در دسترس نیست"), (Unclear, "HTTP 503")),
    ],
)
def test_an_answer_to_an_order_ends_in_its_class(upstream, http_status, body, outcome):
    adapter, server = upstream(body, status=http_status)
    assert trouble(adapter.place, ORDER) == outcome
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("body", "placed"),
    [
        ({"status": "201", "order": {"id": "1527", "charge": "50.5"}}, ("1527", Decimal("50.5"))),
        ({"status": 200, "order": {"id": 1527, "charge": None}}, ("1527", None)),
        ({"status": None, "order": {"id": 1527}}, ("1527", None)),
        ({"order": {"id": 1527, "charge": "many"}}, ("1527", None)),
    ],
)
def test_an_accepted_order_is_read_leniently(upstream, body, placed):
    adapter, _server = upstream(body)
    assert adapter.place(ORDER) == Placed(*placed, json.dumps(body))


def test_too_many_calls_told_in_the_body_keep_the_wish_of_the_header(upstream):
    adapter, _server = upstream(refuse(429, "محدودیت"), headers=["Retry-After: 7"])
    for call in ((adapter.place, ORDER), (adapter.statuses, ["9"]), (adapter.services,), (adapter.balance,)):
        with pytest.raises(Unavailable) as caught:
            call[0](*call[1:])
        assert caught.value.retry_after_seconds == 7


def test_a_bare_order_is_read_whole(upstream):
    done = DETAIL | {"status": "completed", "start_counter": "46", "remains": "0", "charge": "250"}
    adapter, server = upstream(done)
    assert adapter.statuses(["1528"]) == {
        "1528": UpstreamStatus("1528", Status.COMPLETED, "completed", 46, 0, Decimal(250), None, None)
    }
    assert sent(server) == [("GET", "/api/v1/order/1528")]
    assert (server.requests[0].headers["authorization"], server.requests[0].body) == (f"Bearer {KEY}", b"")


def test_an_order_in_an_envelope_is_read_too(upstream):
    adapter, _server = upstream({"status": 200, "order": DETAIL | {"status": "partial", "remains": 40}})
    told = adapter.statuses(["1528"])["1528"]
    assert (told.status, told.remains) == (Status.PARTIAL, 40)


@pytest.mark.parametrize(
    ("word", "remains"),
    [
        ("pending", None),
        ("awaiting", None),
        ("processing", None),
        ("inprogress", 0),
        ("completed", 0),
        ("partial", None),
        ("canceled", None),
        ("refunded", None),
        ("error", None),
    ],
)
def test_a_zero_is_told_only_where_it_can_be_nothing_else(upstream, word, remains):
    adapter, _server = upstream(DETAIL | {"status": word})
    told = adapter.statuses(["1528"])["1528"]
    assert (told.start_count, told.remains) == (None, remains)


def test_unreadable_numbers_of_an_order_are_none_and_never_zero(upstream):
    odd = DETAIL | {"status": "partial", "start_counter": "", "remains": None, "charge": "many"}
    adapter, _server = upstream(odd)
    assert adapter.statuses(["1528"])["1528"] == UpstreamStatus(
        "1528", Status.PARTIAL, "partial", None, None, None, None, None
    )


@pytest.mark.parametrize(
    "body", [refuse(404, "سفارش مورد نظر یافت نشد"), refuse(403, "منع دسترسی"), refuse("404", "gone")]
)
def test_an_order_that_is_not_ours_is_no_exception(upstream, body):
    adapter, _server = upstream(body)
    assert adapter.statuses(["9"]) == {
        "9": UpstreamStatus("9", None, "", None, None, None, None, body["message"])
    }


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"status": 200, "message": "fine"}, "the answer tells no status"),
        ({"id": 1528}, "the answer tells no status"),
        (DETAIL | {"id": 1529}, "the answer tells of another order"),
    ],
)
def test_an_answer_that_is_not_the_order_is_unclear(upstream, body, reason):
    adapter, _server = upstream(body)
    assert trouble(adapter.statuses, ["1528"]) == (Unclear, reason)


@pytest.mark.parametrize(("status", "problem"), [(401, True), (403, True), (404, False)])
def test_a_refused_list_or_balance_is_unavailable(upstream, status, problem):
    adapter, _server = upstream(refuse(status, "no"))
    for call in (adapter.services, adapter.balance):
        with pytest.raises(Unavailable) as caught:
            call()
        assert (caught.value.reason, caught.value.account_problem) == ("no", problem)


def test_services_are_read_with_their_categories(upstream):
    rows = [
        SERVICE,
        {"id": "7", "cate_id": "48", "name": 5, "price": "1.5", "min": "x", "dripfeed": "0", "status": "1"},
        {"id": 8},
        SERVICE | {"id": 9, "status": 0},
        SERVICE | {"id": 10, "status": "0"},
        SERVICE | {"id": 11, "status": False},
        {"name": "no id"},
        5,
    ]
    adapter, server = upstream({"status": 200, "services": rows}, CATEGORIES)
    description = "استارت بین 1 ساعت instagram 1 < 2"
    assert adapter.services() == [
        UpstreamService(
            "136/1904",
            "ویو استوری اینستاگرام",
            "",
            "⭐ سرویس",
            Decimal(8000),
            100,
            500,
            False,
            False,
            True,
            description,
        ),
        UpstreamService("48/7", "5", "", "", Decimal("1.5"), None, None, False, False, False, ""),
        UpstreamService("8", "", "", "", None, None, None, False, False, False, ""),
    ]
    assert sent(server) == [("GET", "/api/v1/services"), ("GET", "/api/v1/categories")]


def test_a_list_with_gaps_that_php_wrote_as_an_object_is_a_list(upstream):
    adapter, _server = upstream({"status": 200, "services": {"0": SERVICE, "5": {"id": 2}}}, CATEGORIES)
    assert [service.id for service in adapter.services()] == ["136/1904", "2"]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([{"status": 200}], "the answer is no list of services"),
        ([{"status": 200, "services": [5]}], "the answer is no list of services"),
        ([{"status": 200, "services": [SERVICE]}, {"status": 200}], "the answer is no list of categories"),
        ([{"status": 200, "services": [SERVICE]}, [5]], "the answer is not the JSON that is due"),
    ],
)
def test_half_a_list_is_unclear(upstream, answers, reason):
    adapter, _server = upstream(*answers)
    assert trouble(adapter.services) == (Unclear, reason)


def test_the_balance_is_the_users(upstream):
    adapter, server = upstream({"status": 200, "user": {"id": 176, "balance": "352", "spent": None}})
    assert adapter.balance() == Balance(Decimal(352), "")
    assert sent(server) == [("GET", "/api/v1/user")]


@pytest.mark.parametrize("user", [None, [], {}, {"balance": None}, {"balance": "much"}, {"balance": True}])
def test_an_unreadable_balance_is_unclear_and_never_zero(upstream, user):
    adapter, _server = upstream({"status": 200, "user": user})
    assert trouble(adapter.balance) == (Unclear, "the answer names no balance")


def test_what_the_contract_has_not_is_rejected_without_a_call(upstream):
    adapter, server = upstream(PLACED)
    for call, words in (
        (adapter.cancel, "cancel"),
        (adapter.refill, "refill"),
        (adapter.refill_statuses, "refill status"),
    ):
        assert trouble(call, ["1"]) == (Rejected, f"the panel_app dialect has no {words}")
    assert server.connections == 0
