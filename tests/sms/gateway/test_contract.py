"""What every kind of gateway must do: a new one adds its wire to wires.WIRES and passes."""

import time
import traceback
from decimal import Decimal

import pytest

from sms.gateway import (
    Credit,
    DeliveryState,
    GatewayError,
    NotSent,
    Outgoing,
    Refused,
    ServerError,
    Taken,
    Unclear,
)
from sms.gateway.codes import UserState
from sms.gateway.kinds import KINDS, open_transport
from tests.panel.lib.raw_server import RawServer, free_port, hang_up, http_answer, play_and_hang_up, reset
from tests.sms.gateway.wires import TOKEN, TOKEN_IN_A_PATH, WIRES

NUMBERS = ("+989120000001", "+989120000002")
WRITTEN = ["09120000001", "09120000002"]
SAME = Outgoing("3000", NUMBERS, "سلام\n+ & =", flash=True)
ONE = Outgoing("3000", NUMBERS[:1], "سلام")
EACH = [ONE, Outgoing("3001", NUMBERS[1:], "درود", flash=True)]
PATTERN = Outgoing("3000", NUMBERS[:1])
HTML = b"<html><body>502 Bad Gateway</body></html>"
UNCLEAR = {
    "reset": reset,
    "hang-up": hang_up,
    "hang": lambda sock, _request: time.sleep(5),
    "cut-body": play_and_hang_up(b'HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"st'),
    "html": http_answer(HTML),
    "empty": http_answer(b""),
    "cut-json": http_answer(b'{"status": 200, "re'),
    "scalar": http_answer(b"5"),
    "null": http_answer(b"null"),
    "list": http_answer(b"[]"),
    "other-object": http_answer(b'{"ok": "fine"}'),
    "deep": http_answer(b"[" * 100_000),
    "bytes": http_answer(b"\xff\xfe\x00"),
    "huge": http_answer(b"", headers=["X-Pad: 1"]).replace(b"Content-Length: 0", b"Content-Length: 10000000"),
    "http-302": http_answer(b"", "302 Found", ["Location: /elsewhere"]),
    "http-401-html": http_answer(HTML, "401 Unauthorized"),
    "http-404-html": http_answer(HTML, "404 Not Found"),
    "http-418-html": http_answer(HTML, "418 I'm a teapot"),
    "http-500": http_answer(b'{"error": "Server Error"}', "500 Internal Server Error"),
    "http-502-html": http_answer(HTML, "502 Bad Gateway"),
    "http-503": http_answer(b"", "503 Service Unavailable", ["Retry-After: 5"]),
}
CALLS = {
    "same": lambda transport: transport.send_same(SAME),
    "each": lambda transport: transport.send_each(EACH),
    "pattern": lambda transport: transport.send_pattern(PATTERN, "7", {"token": "12345"}),
    "states": lambda transport: transport.states(["11", "12"]),
    "credit": lambda transport: transport.credit(),
}


@pytest.fixture(params=WIRES)
def wire(request):
    return WIRES[request.param]


@pytest.fixture
def open_at(wire, client):
    """open_at(url) gives the transport of the kind for a gateway at that address."""
    return lambda url: open_transport(wire.kind, url + "/", client, token=TOKEN, total_seconds=1.5)


@pytest.fixture
def ask(open_at):
    """ask(body, call): what `call(transport)` gives back on this answer, and the one request it made."""

    def ask(body, call):
        with RawServer(http_answer(body)) as server:
            told = call(open_at(server.url))
        [request] = server.requests
        return told, request

    return ask


@pytest.fixture
def fail(open_at):
    """fail(play, call): the error that `call(transport)` raises on this answer; it was asked once."""

    def fail(play, call):
        with RawServer(play) as server, pytest.raises(GatewayError) as caught:
            call(open_at(server.url))
        assert len(server.requests) == 1
        return caught.value

    return fail


def name_class(error):
    """Refused, NotSent or Unclear: an error is exactly one of them."""
    [kind] = [kind for kind in (Refused, NotSent, Unclear) if isinstance(error, kind)]
    return kind


def test_every_kind_has_a_wire():
    assert set(WIRES) == set(KINDS)


def test_one_text_is_taken_for_each_of_its_numbers(ask, open_at, wire):
    taken, request = ask(wire.same(NUMBERS, ["11", "12"]), CALLS["same"])
    ids, transport = wire.list_taken(["11", "12"]), open_at("http://127.0.0.1")
    costs = [None if cost is None else Decimal(cost) for cost in wire.costs]
    assert taken == tuple(Taken(each, None, cost) for each, cost in zip(ids, costs, strict=True))
    assert transport.shares_ids == (ids[0] == ids[1])
    assert wire.read_same(request) == (wire.paths[0], "3000", WRITTEN, SAME.text, True)


def test_different_texts_are_taken_each_under_its_id(ask, wire):
    taken, request = ask(wire.each(NUMBERS, ["11", "12"]), CALLS["each"])
    costs = [None if cost is None else Decimal(cost) for cost in wire.costs]
    assert taken == [Taken("11", None, costs[0]), Taken("12", None, costs[1])]
    texts, flashes = ["سلام", "درود"], [False, True]
    assert wire.read_each(request) == (wire.paths[1], ["3000", "3001"], WRITTEN, texts, flashes)


def test_one_of_different_texts_may_fail_alone(ask, wire):
    taken, _request = ask(wire.each(NUMBERS, ["0", "12"]), CALLS["each"])
    assert (isinstance(taken[0], GatewayError), taken[1].id) == (True, "12")


def test_a_pattern_is_taken_with_its_values(ask, wire):
    taken, request = ask(wire.same(NUMBERS[:1], ["11"]), CALLS["pattern"])
    assert [each.id for each in taken] == ["11"]
    assert wire.read_pattern(request) == (wire.paths[2], WRITTEN[:1], "7", {"token": "12345"})


def test_a_foreign_number_is_written_as_the_gateway_wants_it(ask, wire):
    outgoing = Outgoing("3000", (wire.foreign_number,), "Hello")
    answer = wire.same([wire.written_foreign], ["11"])
    taken, request = ask(answer, lambda transport: transport.send_same(outgoing))
    assert ([each.id for each in taken], wire.read_same(request)[2]) == (["11"], [wire.written_foreign])


def test_no_texts_and_no_ids_make_no_call(open_at):
    with RawServer(reset) as server:
        transport = open_at(server.url)
        assert (transport.send_each([]), transport.states([])) == ([], {})
    assert server.connections == 0


def test_what_one_call_can_not_carry_is_never_called(open_at):
    with RawServer(reset) as server:
        transport = open_at(server.url)
        for call in (
            lambda: transport.send_same(Outgoing("3000", NUMBERS[:1] * (transport.max_recipients + 1), "x")),
            lambda: transport.send_each([ONE] * (transport.max_recipients + 1)),
            lambda: transport.send_each([SAME]),
            lambda: transport.send_pattern(
                Outgoing("3000", NUMBERS[:1] * (transport.max_pattern_recipients + 1)), "7", {}
            ),
            lambda: transport.states(["1"] * (transport.max_ids + 1)),
        ):
            with pytest.raises(ValueError):
                call()
    assert server.connections == 0


def test_every_state_is_told_for_its_id(ask, wire):
    ids = [str(number) for number in range(11, 11 + len(wire.states))]
    told, _request = ask(wire.told_states(ids, wire.state_numbers), lambda transport: transport.states(ids))
    known = {each: number for each, number in zip(ids, wire.states, strict=True) if number is not None}
    assert told == {each: DeliveryState(number) for each, number in known.items()}


def test_credit_is_told_in_toman(ask, wire):
    credit, _request = ask(wire.credit_answer, CALLS["credit"])
    assert credit == Credit(Decimal("1200.5"), UserState.ACTIVE)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("trouble", UNCLEAR)
def test_an_answer_that_does_not_say_is_unclear(fail, name, trouble):
    error = fail(UNCLEAR[trouble], CALLS[name])
    assert type(error) is (ServerError if trouble.startswith("http-50") else Unclear)


@pytest.mark.parametrize("name", ["same", "each", "pattern"])
def test_a_broken_result_is_never_sent(fail, wire, name):
    for body in wire.broken:
        error = fail(http_answer(body), CALLS[name])
        assert (body, type(error)) == (body, Unclear)


@pytest.mark.parametrize(
    ("numbers", "ids"), [(NUMBERS[:1], ["11"]), ((*NUMBERS, NUMBERS[0]), ["11", "12", "13"])]
)
def test_outcomes_of_another_length_are_unclear(fail, wire, numbers, ids):
    assert type(fail(http_answer(wire.each(numbers, ids)), CALLS["each"])) is Unclear


@pytest.mark.parametrize("name", CALLS)
def test_a_gateway_that_is_not_there_was_not_reached(open_at, name):
    with pytest.raises(NotSent) as caught:
        CALLS[name](open_at(f"http://127.0.0.1:{free_port()}"))
    assert type(caught.value) is NotSent


@pytest.mark.parametrize("name", CALLS)
def test_a_throttled_call_was_not_sent_and_may_be_tried_later(fail, name):
    error = fail(http_answer(HTML, "429 Too Many Requests", ["Retry-After: 7"]), CALLS[name])
    assert (type(error), error.retry_after_seconds) == (NotSent, 7)


@pytest.mark.parametrize("name", CALLS)
def test_every_code_has_its_family_and_class(fail, wire, name):
    skipped = {2} if (wire.kind, name) == ("rest", "credit") else set()  # a trial user's credit is told
    for number, kind in wire.codes.items():
        if number not in skipped:
            error = fail(wire.code(number), CALLS[name])
            assert (number, type(error), error.code) == (number, kind, None if kind is Unclear else number)
            assert issubclass(kind, name_class(error))


def test_the_key_is_in_no_error_and_no_name(fail, open_at, wire):
    transport = open_at(f"http://127.0.0.1:{free_port()}")
    errors = [fail(http_answer(wire.echoing), CALLS["same"]), fail(reset, CALLS["same"])]
    for url in ("http://127.0.0.1:bad", f"http://127.0.0.1:{free_port()}"):
        with pytest.raises(NotSent) as caught:
            CALLS["same"](open_at(url))
        errors.append(caught.value)
    shown = [f"{error!r} {error.reason} {error.excerpt}" for error in errors]
    shown += ["".join(traceback.format_exception(error)) for error in errors]
    shown += [repr(transport), repr(transport.gateway)]
    assert [text for text in shown if TOKEN in text or TOKEN_IN_A_PATH in text] == []
    assert "***" in errors[0].excerpt
