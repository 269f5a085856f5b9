"""The gateway client against raw answers: what is sent, and which trouble means that a text may be out."""

import json
import time
from decimal import Decimal

import pytest

from panel.lib.http import HttpClient
from sms.gateway import (
    AccountError,
    Credit,
    DeliveryState,
    GatewayError,
    NotSent,
    Refused,
    ReportError,
    RestGateway,
    SentMessage,
    ServerError,
    Unclear,
)
from sms.gateway.codes import SendState, UserState
from sms.gateway.errors import SendingRefused, SendingUnclear
from tests.panel.lib.raw_server import RawServer, free_port, hang_up, http_answer, play_and_hang_up, reset

TOKEN = "topsecrettoken0123"
HTML = b"<html>502</html>"


@pytest.fixture
def client():
    client = HttpClient(["127.0.0.0/8"])
    yield client
    client.close()


def gateway_at(url, client, **options):
    return RestGateway(f"{url}/api/v1/rest/", client, **{"token": TOKEN, "total_seconds": 0.3, **options})


def result(value):
    """The raw answer whose envelope holds this result."""
    return http_answer(json.dumps({"status": 200, "result": value}))


def failure(client, play, call):
    """The error that `call(gateway)` raises when the gateway answers so; it was asked once."""
    with RawServer(play) as server, pytest.raises(GatewayError) as caught:
        call(gateway_at(server.url, client))
    assert len(server.requests) == 1
    return caught.value


def send(gateway):
    return gateway.send("3000", ["09120000000"], "سلام")


def test_a_message_goes_out_as_the_document_says(client):
    with RawServer(result({"status": 0, "id": 77})) as server:
        sent = gateway_at(server.url, client).send("3000", ("09120000000", "09130000000"), "سلام", flash=True)
    [request] = server.requests
    assert sent == SentMessage("77")
    assert (request.method, request.target) == ("POST", "/api/v1/rest/sms/send")
    assert (request.headers["token"], request.headers["content-type"]) == (TOKEN, "application/json")
    assert json.loads(request.body) == {
        "from": "3000",
        "recipients": ["09120000000", "09130000000"],
        "message": "سلام",
        "type": 1,
    }


def test_a_username_and_password_are_sent_in_their_headers(client):
    with RawServer(result({"status": 0, "id": "78"})) as server:
        gateway = gateway_at(server.url, client, token="", username="me", password="word")
        assert send(gateway) == SentMessage("78")
    [request] = server.requests
    sent = {name: request.headers.get(name) for name in ("username", "password", "token")}
    assert (sent, json.loads(request.body)["type"]) == (
        {"username": "me", "password": "word", "token": None},
        0,
    )


def test_a_gateway_without_credentials_is_refused_at_once(client):
    with pytest.raises(ValueError, match="needs a token"):
        RestGateway("http://127.0.0.1", client, username="me")


@pytest.mark.parametrize(
    ("number", "kind"),
    [(number, SendingRefused) for number in (21, 22, 23, 24, 25, 26, 28, 29)]
    + [(number, AccountError) for number in (1, 2, 3, 4, 5, 6)]
    + [(27, SendingUnclear), (1000, ServerError), (2000, ServerError), (99, Unclear), ("22", SendingRefused)],
)
def test_a_code_in_the_result_raises_its_family(client, number, kind):
    error = failure(client, result({"status": number, "id": 0}), send)
    assert (type(error), error.code) == (kind, None if number == 99 else int(number))


def test_an_error_carries_its_code_and_words(client):
    error = failure(client, result({"status": 22, "id": 0}), send)
    assert (error.code, error.reason) == (SendState.NO_CREDIT, "not enough credit")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, AccountError),
        (403, AccountError),
        (400, Refused),
        (404, Refused),
        (429, NotSent),
        (500, ServerError),
    ],
)
@pytest.mark.parametrize("http_status", ["200 OK", None])
def test_a_failed_envelope_is_read_by_its_status(client, status, kind, http_status):
    body = json.dumps({"status": status, "message": "خطا"})
    error = failure(client, http_answer(body, http_status or f"{status} X"), send)
    assert type(error) is kind


@pytest.mark.parametrize(
    "play",
    [
        reset,
        hang_up,
        lambda sock, _request: time.sleep(1),
        play_and_hang_up(b'HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"st'),
        http_answer(b""),
        http_answer(HTML),
        http_answer(b'{"status": 200'),
        http_answer(b"[]"),
        http_answer(b'{"status": 200}'),
        http_answer(b'{"result": {"status": 0, "id": 5}}'),
        result(None),
        result([]),
        result({}),
        result({"id": 5}),
        result({"status": None, "id": 5}),
        result({"status": True, "id": 5}),
        result({"status": 0}),
        result({"status": 0, "id": 0}),
        result({"status": 0, "id": None}),
        http_answer(HTML, "401 Unauthorized"),
        http_answer(HTML, "404 Not Found"),
        http_answer(b"", "302 Found", ["Location: /x"]),
        http_answer(b'{"status": 200, "result": {"status": 0, "id": 5}}', "404 Not Found"),
    ],
)
def test_an_answer_that_does_not_say_is_unclear(client, play):
    assert type(failure(client, play, send)) is Unclear


@pytest.mark.parametrize("body", [HTML, b'{"status": 200, "result": {"status": 0, "id": 5}}'])
def test_a_failing_server_may_have_sent_it(client, body):
    assert type(failure(client, http_answer(body, "502 Bad Gateway"), send)) is ServerError


def test_a_throttled_call_was_not_sent_and_may_be_tried_later(client):
    error = failure(client, http_answer(HTML, "429 Too Many Requests", ["Retry-After: 7"]), send)
    assert (type(error), error.retry_after_seconds) == (NotSent, 7)


def test_a_gateway_that_is_not_there_was_not_reached(client):
    with pytest.raises(NotSent) as caught:
        send(gateway_at(f"http://127.0.0.1:{free_port()}", client))
    assert type(caught.value) is NotSent


def test_the_token_is_in_no_error(client):
    body = json.dumps({"status": 401, "message": f"bad token {TOKEN}"})
    error = failure(client, http_answer(body), send)
    assert TOKEN not in f"{error!r} {error.reason} {error.excerpt}"
    assert error.reason == "bad token ***"
    assert TOKEN not in repr(gateway_at("http://127.0.0.1", client))


def test_delivery_is_asked_with_a_body_and_told_in_the_order_asked(client):
    with RawServer(result({"status": 0, "result": [4, "0", 14, 77, None]})) as server:
        told = gateway_at(server.url, client).status(["11", 12, "13", "14", "a-15"])
    [request] = server.requests
    assert told == {
        "11": DeliveryState.DELIVERED,
        "12": DeliveryState.UNREPORTED,
        "13": DeliveryState.INVALID,
    }
    assert (request.method, request.target) == ("GET", "/api/v1/rest/sms/status")
    assert json.loads(request.body) == {"idArray": [11, 12, 13, 14, "a-15"]}


def test_no_messages_make_no_call(client):
    with RawServer(reset) as server:
        assert gateway_at(server.url, client).status([]) == {}
    assert server.connections == 0


@pytest.mark.parametrize("states", [[4], [4, 4, 4], None, {"1": 4}, 4])
def test_states_that_do_not_fit_the_question_are_unclear(client, states):
    error = failure(client, result({"status": 0, "result": states}), lambda gateway: gateway.status([1, 2]))
    assert type(error) is Unclear


def test_a_report_code_raises_its_family(client):
    error = failure(client, result({"status": 32, "result": []}), lambda gateway: gateway.status([1]))
    assert type(error) is ReportError


@pytest.mark.parametrize(
    ("told", "credit"),
    [
        ({"status": 0, "value": 1234}, Credit(Decimal(1234), UserState.ACTIVE)),
        ({"status": "0", "value": "12.5"}, Credit(Decimal("12.5"), UserState.ACTIVE)),
        ({"status": 2, "value": 9}, Credit(Decimal(9), UserState.TRIAL)),
    ],
)
def test_credit_is_read(client, told, credit):
    with RawServer(result(told)) as server:
        assert gateway_at(server.url, client).credit() == credit
    assert (server.requests[0].method, server.requests[0].target) == ("GET", "/api/v1/rest/my/credit")


@pytest.mark.parametrize("value", [None, "", "much", True])
def test_an_unreadable_credit_is_unclear_and_never_zero(client, value):
    play = result({"status": 0, "value": value})
    assert type(failure(client, play, lambda gateway: gateway.credit())) is Unclear


def test_the_credit_of_a_locked_account_is_its_state(client):
    error = failure(client, result({"status": 3, "value": 0}), lambda gateway: gateway.credit())
    assert (type(error), error.code) == (AccountError, UserState.LOCKED)
