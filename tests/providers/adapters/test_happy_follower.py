"""The happy_follower dialect's own wire: tokens, what is sent, and how its answers are read."""

import json
import time
from dataclasses import replace
from decimal import Decimal

import pytest

from providers.adapters.base import (
    AccountProblem,
    AdapterError,
    Balance,
    CancelResult,
    Credentials,
    OutboundOrder,
    Placed,
    RefillResult,
    Rejected,
    Session,
    Status,
    Timeouts,
    Unavailable,
    Unclear,
    UpstreamService,
    UpstreamStatus,
)
from providers.adapters.happy_follower import HappyFollowerAdapter
from providers.adapters.sessions import LocalSessions
from tests.panel.lib.raw_server import hang_up, http_answer
from tests.providers.adapters.token_server import TokenServer, json_answer
from tests.together import run_together

KEY = "topsecretkey0123"
ORDER = OutboundOrder("10", "default", "https://example.com/پ?a=1", 100, {}, "order-1-1")
PLACED = json_answer({"operation": "success", "orderId": 1})
DONE = json_answer({"operation": "success"})


def refuse(message, status="400 Bad Request", headers=()):
    return json_answer({"operation": "error", "message": message}, status, headers)


@pytest.fixture
def start(http):
    """start(*plays) starts a TokenServer; gives (adapter, server)."""
    servers = []

    def run(*plays, key=KEY, sessions=None):
        server = TokenServer(KEY, *plays).__enter__()
        servers.append(server)
        return HappyFollowerAdapter(Credentials(server.url, key), http, Timeouts(2, 2), sessions), server

    yield run
    for server in servers:
        server.__exit__()


def trouble(call, *args):
    with pytest.raises(AdapterError) as caught:
        call(*args)
    return type(caught.value), caught.value.reason


def make_old(adapter, **changes):
    """The adapter's session with other times, as if it had been made earlier."""
    adapter.sessions._session = replace(adapter.sessions.read(), **changes)


def test_the_key_is_exchanged_once_and_its_token_opens_every_call(start):
    adapter, server = start(PLACED)
    for _ in range(3):
        assert adapter.place(ORDER) == Placed("1", None, '{"operation": "success", "orderId": 1}')
    assert server.paths == ["auth", "order", "order", "order"]
    auth, order = server.requests[:2]
    assert (auth.method, auth.headers["authorization"], auth.body) == ("GET", f"Bearer {KEY}", b"")
    assert (order.method, order.target) == ("POST", "/api/v1/order")
    assert json.loads(order.body) == {"serviceId": 10, "link": "https://example.com/پ?a=1", "count": 100}
    names = ("authorization", "content-type", "accept", "idempotency-key")
    sent = [order.headers[name] for name in names]
    assert sent == ["Bearer token-secret-0001", "application/json", "application/json", "order-1-1"]


def test_a_token_is_used_for_55_minutes_and_its_refresh_token_for_29_days(start):
    adapter, _server = start(PLACED)
    now = time.time()
    adapter.place(ORDER)
    session = adapter.sessions.read()
    assert (session.token, session.refresh_token) == ("token-secret-0001", "refresh-secret-0002")
    assert session.token_until - now == pytest.approx(55 * 60, abs=5)
    assert session.refresh_until - now == pytest.approx(29 * 86_400, abs=5)


def test_a_token_about_to_end_is_replaced_before_the_call(start):
    adapter, server = start(PLACED)
    adapter.place(ORDER)
    make_old(adapter, token_until=time.time() - 1)
    assert adapter.place(ORDER).upstream_id == "1"
    assert server.paths == ["auth", "order", "ref-auth", "order"]
    refresh = server.requests[2]
    given = (refresh.method, refresh.headers["refresh-token"], refresh.headers["old-token"])
    assert given == ("GET", "Bearer refresh-secret-0002", "Bearer token-secret-0001")
    assert server.requests[3].headers["authorization"] == "Bearer token-secret-0003"


def test_a_refused_token_is_replaced_once_and_the_call_made_again_once(start):
    adapter, server = start(PLACED)
    adapter.place(ORDER)
    server.kill_tokens()
    assert adapter.place(ORDER).upstream_id == "1"
    assert server.paths == ["auth", "order", "order", "ref-auth", "order"]


@pytest.mark.parametrize(
    "play", [refuse("gone", "400 Bad Request"), http_answer(b"<html>", "404 Not Found"), http_answer(b"{}")]
)
def test_a_refresh_token_that_gives_nothing_is_replaced_by_the_key(start, play):
    adapter, server = start(PLACED)
    adapter.place(ORDER)
    server.kill_tokens()
    server.spoil["ref-auth"] = play
    assert adapter.place(ORDER).upstream_id == "1"
    assert server.paths == ["auth", "order", "order", "ref-auth", "auth", "order"]


def test_a_revoked_refresh_token_is_replaced_by_the_key(start):
    adapter, server = start(PLACED)
    adapter.place(ORDER)
    server.revoke()
    assert adapter.place(ORDER).upstream_id == "1"
    assert server.paths == ["auth", "order", "order", "ref-auth", "auth", "order"]


def test_a_refresh_token_near_its_end_is_not_asked(start):
    adapter, server = start(PLACED)
    adapter.place(ORDER)
    make_old(adapter, token_until=time.time() - 1, refresh_until=time.time() - 1)
    adapter.place(ORDER)
    assert server.paths == ["auth", "order", "auth", "order"]


@pytest.mark.parametrize("body", [b'{"operation": "error", "message": "Invalid token"}', b"", b"<html>"])
def test_a_new_token_that_is_refused_is_trouble_with_our_account(start, body):
    adapter, server = start(http_answer(body, "401 Unauthorized"))
    kind, reason = trouble(adapter.place, ORDER)
    assert (kind, reason.startswith("a new token was refused: ")) == (AccountProblem, True)
    assert server.paths == ["auth", "order", "ref-auth", "order"]
    with pytest.raises(Unavailable) as caught:
        adapter.statuses(["1"])
    assert caught.value.account_problem is True


def test_a_401_that_names_an_order_is_not_sent_again(start):
    adapter, server = start(json_answer({"operation": "success", "orderId": 5}, "401 Unauthorized"))
    assert trouble(adapter.place, ORDER) == (Unclear, "an order beside an error (HTTP 401)")
    assert server.count("order") == 1


def test_a_refused_key_is_trouble_with_our_account_in_every_call(start):
    adapter, server = start(PLACED, key="wrong-key-0123")
    for call in ((adapter.place, ORDER), (adapter.cancel, ["1"]), (adapter.refill, ["1"])):
        assert trouble(*call) == (AccountProblem, "کلید API نامعتبر است")
    for call in ((adapter.statuses, ["1"]), (adapter.services,), (adapter.balance,)):
        with pytest.raises(Unavailable) as caught:
            call[0](*call[1:])
        assert caught.value.account_problem is True
    assert set(server.paths) == {"auth"}


@pytest.mark.parametrize("path", ["auth", "ref-auth"])
@pytest.mark.parametrize(
    ("play", "wait"),
    [
        (hang_up, None),
        (http_answer(b"oops", "502 Bad Gateway"), None),
        (refuse("slow down", "429 Too Many Requests", ["Retry-After: 7"]), 7),
    ],
)
def test_trouble_on_the_way_to_a_token_is_unavailable_since_nothing_was_sent(start, path, play, wait):
    adapter, server = start(PLACED)
    if path == "ref-auth":
        adapter.place(ORDER)
        make_old(adapter, token_until=time.time() - 1)
    before = server.count("order")
    server.spoil[path] = play
    with pytest.raises(Unavailable) as caught:
        adapter.place(ORDER)
    told = (caught.value.retry_after_seconds, caught.value.account_problem, server.count("order") - before)
    assert told == (wait, False, 0)


@pytest.mark.parametrize(
    "content",
    [{"operation": "success", "token": "t\r\nX: 1", "refreshToken": "r"}, {"token": "only"}, {}, []],
)
def test_an_auth_without_tokens_fit_for_a_header_is_unavailable(start, content):
    adapter, server = start(PLACED)
    server.spoil["auth"] = json_answer(content)
    assert trouble(adapter.place, ORDER) == (Unavailable, "auth gave no tokens (HTTP 200)")


def test_twenty_threads_renew_once(start):
    adapter, server = start(PLACED)
    adapter.place(ORDER)
    server.kill_tokens()
    placed = run_together(*[lambda: adapter.place(ORDER).upstream_id] * 20)
    assert (placed, server.count("auth"), server.count("ref-auth")) == (["1"] * 20, 1, 1)


def test_a_thread_waits_for_a_renewal_only_so_long():
    sessions, made = LocalSessions(), Session("t", "r", time.time() + 60, time.time() + 60)
    seen = []

    def make(_known):
        seen.extend(run_together(lambda: sessions.renew(None, pytest.fail, 0.01)))
        return made

    assert sessions.renew(None, make, 1) is made
    assert [(type(error), error.retry_after_seconds) for error in seen] == [(Unavailable, 1)]


def test_tokens_and_the_key_are_in_no_reason_excerpt_or_repr(start):
    def echo(sock, request):
        token = request.headers["authorization"].removeprefix("Bearer ")
        text = f"bad {KEY} {token} refresh-secret-0002"
        sock.sendall(refuse(text))

    adapter, _server = start(echo)
    with pytest.raises(Rejected) as caught:
        adapter.place(ORDER)
    error = caught.value
    assert error.reason == "bad *** *** ***"
    shown = f"{error!r} {error.excerpt} {adapter!r} {adapter.sessions.read()!r}"
    assert [secret in shown for secret in (KEY, "token-secret", "refresh-secret")] == [False] * 3


def test_a_package_is_one_piece_and_watch_time_is_counted(start):
    adapter, server = start(PLACED)
    adapter.place(replace(ORDER, type="package", quantity=None))
    adapter.place(replace(ORDER, type="watch_time", quantity=3))
    assert [json.loads(request.body)["count"] for request in server.requests[1:]] == [1, 3]


@pytest.mark.parametrize(
    ("type_", "fields", "reason"),
    [
        ("custom_comments", {"comments": "a"}, "the dialect has no place for comments"),
        ("poll", {"answer_number": "1"}, "the dialect has no place for answer_number"),
        ("default", {"runs": "2", "interval": "5"}, "the dialect has no place for runs"),
        ("ads", {"description": "a"}, "the dialect has no place for description"),
        ("telepathy", {}, "no type telepathy is known"),
    ],
)
def test_what_needs_more_than_link_and_count_is_rejected_without_a_call(start, type_, fields, reason):
    adapter, server = start(PLACED)
    assert trouble(adapter.place, replace(ORDER, type=type_, fields=fields)) == (Rejected, reason)
    assert server.requests == []


@pytest.mark.parametrize(
    ("play", "outcome"),
    [
        (refuse("Bad link"), (Rejected, "Bad link")),
        (refuse("Bad link", "200 OK"), (Rejected, "Bad link")),
        (refuse("", "200 OK"), (Rejected, "refused without a reason")),
        (refuse("Unknown service", "404 Not Found"), (Rejected, "Unknown service")),
        (refuse("Too late", "409 Conflict"), (Rejected, "Too late")),
        (json_answer({"message": "count"}, "422 Unprocessable Content"), (Rejected, "count")),
        (refuse("anything", "403 Forbidden"), (AccountProblem, "anything")),
        (refuse("اعتبار کافی نیست"), (AccountProblem, "اعتبار کافی نیست")),
        (refuse("slow down", "429 Too Many Requests"), (Unavailable, "too many calls (HTTP 429)")),
        (refuse("oops", "500 Internal Server Error"), (Unclear, "HTTP 500")),
        (json_answer({"operation": "success"}), (Unclear, "the answer names no order")),
        (json_answer({"operation": "error", "orderId": 5}), (Unclear, "an order beside an error (HTTP 200)")),
    ],
)
def test_an_answer_ends_in_its_class(start, play, outcome):
    adapter, server = start(play)
    assert trouble(adapter.place, ORDER) == outcome
    assert server.count("order") == 1


def test_a_status_is_read_whole(start):
    adapter, server = start(
        json_answer(
            {
                "operation": "success",
                "status": "done",
                "remain": "0",
                "oldCount": 577,
                "count": 100,
                "cost": "200",
            }
        )
    )
    assert adapter.statuses(["9"]) == {
        "9": UpstreamStatus("9", Status.COMPLETED, "done", 577, 0, Decimal(200), None, None)
    }
    assert server.requests[1].target == "/api/v1/status/9/"


def test_unreadable_numbers_of_a_status_are_none_and_never_zero(start):
    answer = {"operation": "success", "status": "partial", "remain": None, "oldCount": "", "cost": "many"}
    adapter, _server = start(json_answer(answer))
    assert adapter.statuses(["9"])["9"] == UpstreamStatus(
        "9", Status.PARTIAL, "partial", None, None, None, None, None
    )


def test_an_order_that_is_not_ours_is_no_exception(start):
    adapter, _server = start(refuse("یافت نشد", "404 Not Found"))
    assert adapter.statuses(["9"])["9"].error == "یافت نشد"


def test_cancel_and_recheck_name_the_order(start):
    adapter, server = start(DONE, DONE, refuse("Too late", "409 Conflict"))
    assert adapter.cancel(["9"]) == {"9": CancelResult("9", True, None)}
    assert adapter.refill(["9"]) == {"9": RefillResult("9", True, None, None)}
    assert adapter.cancel(["9"]) == {"9": CancelResult("9", False, "Too late")}
    sent = [(request.method, request.target, request.body) for request in server.requests[1:]]
    assert sent[:2] == [
        ("POST", "/api/v1/cancel", b'{"orderId": 9}'),
        ("POST", "/api/v1/recheck", b'{"orderId": 9}'),
    ]
    assert trouble(adapter.refill_statuses, ["1"]) == (
        Rejected,
        "the happy_follower dialect has no refill status",
    )


def test_services_and_credit_are_read(start):
    rows = [{"serviceId": 10, "name": " لایک"}, {"name": "no id"}, 5]
    services = json_answer({"operation": "success", "services": rows})
    adapter, server = start(services, json_answer({"operation": "success", "credit": 598}))
    assert adapter.services() == [
        UpstreamService("10", "لایک", "", "", None, None, None, False, False, False, "")
    ]
    assert adapter.balance() == Balance(Decimal(598), "")
    assert server.paths == ["auth", "services", "credit/"]


@pytest.mark.parametrize("credit", [None, "", "much", True])
def test_an_unreadable_credit_is_unclear_and_never_zero(start, credit):
    adapter, _server = start(json_answer({"operation": "success", "credit": credit}))
    assert trouble(adapter.balance) == (Unclear, "the answer names no balance")
