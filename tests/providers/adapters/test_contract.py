"""What every adapter must do, whatever its dialect: a new one adds its wire to wires.WIRES and passes."""

import time
from decimal import Decimal

import pytest

from providers.adapters import ADAPTERS
from providers.adapters.base import (
    AccountProblem,
    AdapterError,
    CancelResult,
    Credentials,
    RefillResult,
    RefillStatus,
    Rejected,
    Status,
    Timeouts,
    Unavailable,
    Unclear,
    UpstreamRefill,
)
from tests.panel.lib.raw_server import RawServer, free_port, hang_up, http_answer, play_and_hang_up, reset
from tests.providers.adapters.wires import KEY, WIRES

ONE_ID = "23501"
HTML = b"<html><body>502 Bad Gateway</body></html>"
UNCLEAR = {
    "reset": reset,
    "hang-up": hang_up,
    "hang": lambda sock, _request: time.sleep(5),
    "cut-body": play_and_hang_up(b'HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"order'),
    "html": http_answer(HTML),
    "empty": http_answer(b""),
    "cut-json": http_answer(b'{"order": 1'),
    "scalar": http_answer(b"5"),
    "null": http_answer(b"null"),
    "text": http_answer(b'"ok"'),
    "list-of-numbers": http_answer(b"[1, 2]"),
    "other-object": http_answer(b'{"ok": "fine"}'),
    "deep": http_answer(b"[" * 100_000),
    "bytes": http_answer(b"\xff\xfe\x00"),
    "huge": http_answer(b"", headers=["X-Pad: 1"]).replace(b"Content-Length: 0", b"Content-Length: 10000000"),
    "http-302": http_answer(b"", "302 Found", ["Location: /elsewhere"]),
    "http-403-html": http_answer(HTML, "403 Forbidden"),
    "http-404-html": http_answer(HTML, "404 Not Found"),
    "http-500": http_answer(b'{"error": "Server Error"}', "500 Internal Server Error"),
    "http-502-html": http_answer(HTML, "502 Bad Gateway"),
    "http-503": http_answer(b'{"error": "Maintenance"}', "503 Service Unavailable", ["Retry-After: 5"]),
}
CANCELING, REFILLING, TRACKING, NEITHER = (
    pytest.mark.parametrize("dialect", names, indirect=True)
    for names in (
        [name for name in WIRES if ADAPTERS[name].can_cancel],
        [name for name in WIRES if ADAPTERS[name].can_refill],
        [name for name in WIRES if ADAPTERS[name].tracks_refills],
        [name for name in WIRES if not ADAPTERS[name].can_cancel and not ADAPTERS[name].can_refill],
    )
)


@pytest.fixture(params=WIRES)
def dialect(request):
    return request.param


@pytest.fixture
def wire(dialect):
    return WIRES[dialect]


@pytest.fixture
def make(dialect, http):
    """make(url) gives the adapter of the dialect for an upstream at that address."""
    return lambda url: ADAPTERS[dialect](Credentials(url, KEY), http, Timeouts(1.5, 1.5))


@pytest.fixture
def serve(wire):
    """serve(*plays) is an upstream that answers the calls in order, and gives tokens where these are due."""
    return lambda *plays: RawServer(*wire.script(*plays))


def list_reads(adapter):
    """The reading calls that the dialect has, each as (function, arguments…)."""
    calls = [(adapter.statuses, [ONE_ID]), (adapter.services,), (adapter.balance,)]
    return calls + ([(adapter.refill_statuses, ["5"])] if adapter.tracks_refills else [])


def list_writes(adapter, order):
    """The calls of the dialect that change something."""
    calls = [(adapter.place, order)]
    calls += [(adapter.cancel, [ONE_ID])] if adapter.can_cancel else []
    return calls + ([(adapter.refill, [ONE_ID])] if adapter.can_refill else [])


def trouble(call, *args):
    with pytest.raises(AdapterError) as caught:
        call(*args)
    return caught.value


def test_every_registered_dialect_has_a_wire_but_the_panels_own():
    own = {name for name, adapter in ADAPTERS.items() if adapter.own_address}
    assert (set(WIRES), own) == (set(ADAPTERS) - own, {"like_exchange"})


def test_an_accepted_order_has_its_id(make, serve, wire):
    with serve(http_answer(wire.accepted)) as server:
        placed = make(server.url).place(wire.order)
    assert (placed.upstream_id, placed.excerpt) == (wire.accepted_id, wire.accepted.decode())


def test_a_clear_refusal_is_rejected_and_no_account_problem(make, serve, wire):
    for status in wire.refusal_statuses:
        with serve(http_answer(wire.refused, status)) as server:
            error = trouble(make(server.url).place, wire.order)
        assert (status, type(error), error.excerpt) == (status, Rejected, wire.refused.decode())


def test_trouble_with_our_account_is_told_apart(make, serve, wire):
    for status in wire.account_statuses:
        with serve(http_answer(wire.account_refused, status)) as server:
            adapter = make(server.url)
            kinds = [type(trouble(*call)) for call in list_writes(adapter, wire.order)]
        assert (status, set(kinds)) == (status, {AccountProblem})


def test_an_unreachable_upstream_is_unavailable(make, wire):
    adapter = make(f"http://127.0.0.1:{free_port()}/")
    calls = list_writes(adapter, wire.order) + list_reads(adapter)
    assert [type(trouble(*call)) for call in calls] == [Unavailable] * len(calls)


@pytest.mark.parametrize("body", [b'{"error": "Too many requests"}', HTML, b"", b"[]", b"5"])
def test_a_throttled_call_is_unavailable_for_as_long_as_told(make, serve, wire, body):
    with serve(http_answer(body, "429 Too Many Requests", ["Retry-After: 30"])) as server:
        adapter = make(server.url)
        calls = list_writes(adapter, wire.order) + list_reads(adapter)
        errors = [trouble(*call) for call in calls]
    assert [(type(error), error.retry_after_seconds) for error in errors] == [(Unavailable, 30)] * len(calls)


@pytest.mark.parametrize("name", UNCLEAR)
def test_placing_with_an_unclear_answer_is_unclear_and_sent_once(make, serve, wire, name):
    with serve(UNCLEAR[name]) as server:
        assert type(trouble(make(server.url).place, wire.order)) is Unclear
        assert len(wire.list_carried(server.requests)) == 1


def test_placing_with_an_answer_that_names_no_order_is_unclear(make, serve, wire):
    with serve(http_answer(wire.without_id)) as server:
        assert type(trouble(make(server.url).place, wire.order)) is Unclear


def test_an_order_in_an_answer_of_another_status_is_unclear(make, serve, wire):
    for status in ("429 Too Many Requests", "400 Bad Request", "500 Internal Server Error", "302 Found"):
        with serve(http_answer(wire.accepted, status)) as server:
            assert type(trouble(make(server.url).place, wire.order)) is Unclear


@CANCELING
@pytest.mark.parametrize("name", UNCLEAR)
def test_canceling_with_an_unclear_answer_is_unclear(make, serve, wire, name):
    with serve(UNCLEAR[name]) as server:
        assert type(trouble(make(server.url).cancel, [ONE_ID])) is Unclear
        assert len(wire.list_carried(server.requests)) == 1


@REFILLING
@pytest.mark.parametrize("name", UNCLEAR)
def test_refilling_with_an_unclear_answer_is_unclear(make, serve, wire, name):
    with serve(UNCLEAR[name]) as server:
        assert type(trouble(make(server.url).refill, [ONE_ID])) is Unclear
        assert len(wire.list_carried(server.requests)) == 1


@CANCELING
def test_a_cancel_that_was_taken_and_one_that_was_not(make, serve, wire):
    with serve(http_answer(wire.cancel_taken), http_answer(wire.cancel_refused)) as server:
        adapter = make(server.url)
        assert adapter.cancel([ONE_ID]) == {ONE_ID: CancelResult(ONE_ID, True, None)}
        assert adapter.cancel([ONE_ID]) == {ONE_ID: CancelResult(ONE_ID, False, "Too late")}


@REFILLING
def test_a_refill_that_was_taken_and_one_that_was_not(make, serve, wire):
    with serve(http_answer(wire.refill_taken), http_answer(wire.refill_refused)) as server:
        adapter = make(server.url)
        assert adapter.refill([ONE_ID]) == {ONE_ID: RefillResult(ONE_ID, True, wire.refill_id, None)}
        assert adapter.refill([ONE_ID]) == {ONE_ID: RefillResult(ONE_ID, False, None, "Too late")}


@TRACKING
def test_a_refill_is_told_of(make, serve, wire):
    with serve(http_answer(wire.refill_completed)) as server:
        told = make(server.url).refill_statuses(["5"])
    assert told == {"5": UpstreamRefill("5", RefillStatus.COMPLETED, "Completed", None)}


@NEITHER
def test_what_a_dialect_has_not_is_rejected_without_a_call(make, serve):
    with serve(reset) as server:
        adapter = make(server.url)
        errors = [trouble(adapter.cancel, [ONE_ID]), trouble(adapter.refill, [ONE_ID])]
        errors.append(trouble(adapter.refill_statuses, ["5"]))
    assert ([type(error) for error in errors], server.connections) == ([Rejected] * 3, 0)


@pytest.mark.parametrize("name", UNCLEAR)
def test_reading_with_an_unclear_answer_tells_nothing(make, serve, name):
    with serve(UNCLEAR[name]) as server:
        errors = [trouble(*call) for call in list_reads(make(server.url))]
    assert [type(error) for error in errors] == [Unclear] * len(errors)


@pytest.mark.parametrize("status", ["302 Found", "404 Not Found", "500 Internal Server Error"])
def test_a_good_body_under_another_status_tells_nothing(make, serve, wire, status):
    plays = [http_answer(body, status) for body in (wire.status("Completed"), wire.services, wire.balance)]
    with serve(*plays) as server:
        adapter = make(server.url)
        errors = [trouble(adapter.statuses, [ONE_ID]), trouble(adapter.services), trouble(adapter.balance)]
    assert [type(error) for error in errors] == [Unclear] * 3


def test_reading_that_is_refused_is_unavailable_and_tells_of_the_account(make, serve, wire):
    for status in wire.account_statuses:
        with serve(http_answer(wire.account_refused, status)) as server:
            errors = [trouble(*call) for call in list_reads(make(server.url))]
        told = {(type(error), error.account_problem) for error in errors}
        assert (status, told) == (status, {(Unavailable, True)})


def test_an_order_that_is_not_told_of_has_its_error(make, serve, wire):
    for status in wire.refusal_statuses:
        with serve(http_answer(wire.refused, status)) as server:
            told = make(server.url).statuses([ONE_ID])[ONE_ID]
        assert (told.upstream_id, told.status, told.error) == (ONE_ID, None, wire.refused_words)


def test_every_status_word_is_read(make, serve, wire):
    for word, status in wire.words.items():
        with serve(http_answer(wire.status(word))) as server:
            told = make(server.url).statuses([ONE_ID])[ONE_ID]
        assert (told.upstream_id, told.status, told.raw_status, told.error) == (ONE_ID, status, word, None)
    assert set(wire.words.values()) == set(Status) - wire.unknown_to_it


def test_an_unknown_status_word_is_kept_and_means_nothing(make, serve, wire):
    with serve(http_answer(wire.status("Teleported"))) as server:
        told = make(server.url).statuses([ONE_ID])[ONE_ID]
    assert (told.status, told.raw_status) == (None, "Teleported")


def test_no_ids_make_no_call_and_too_many_are_refused(make, serve, dialect):
    with serve(reset) as server:
        adapter = make(server.url)
        about_many = (adapter.statuses, adapter.cancel, adapter.refill, adapter.refill_statuses)
        assert [call([]) for call in about_many] == [{}] * 4
        many = [str(number) for number in range(1, ADAPTERS[dialect].status_batch + 2)]
        for call in about_many:
            with pytest.raises(ValueError, match="at most"):
                call(many)
    assert server.connections == 0


def test_services_and_balance_are_read(make, serve, wire):
    with serve(http_answer(wire.services)) as server:
        assert tuple(service.id for service in make(server.url).services()) == wire.service_ids
    with serve(http_answer(wire.balance)) as server:
        assert make(server.url).balance().amount == Decimal(wire.balance_text)


def test_the_key_is_in_no_error_excerpt_or_repr(make, serve, wire):
    with serve(http_answer(wire.echoing_key)) as server:
        adapter = make(server.url)
        error = trouble(adapter.place, wire.order)
    shown = f"{error!r} {error} {error.reason} {error.excerpt} {adapter!r} {adapter.credentials!r}"
    assert (KEY in shown, "***" in error.excerpt) == (False, True)
