"""What opens the gateway, and where it may never be seen."""

import traceback

import pytest

from sms.gateway import AccountError, NotSent, RestGateway, SentMessage
from tests.panel.lib.raw_server import RawServer, free_port, http_answer
from tests.sms.gateway.rest.serving import TOKEN, failure, gateway_at, result


def send(gateway):
    return gateway.send("3000", ["09120000000"], "سلام")


def read_credentials(request):
    return {name: request.headers.get(name) for name in ("token", "username", "password")}


def test_a_token_is_sent_in_its_header(client):
    with RawServer(result({"status": 0, "id": 77})) as server:
        assert send(gateway_at(server.url, client)) == SentMessage("77")
    [request] = server.requests
    assert read_credentials(request) == {"token": TOKEN, "username": None, "password": None}
    assert request.headers["content-type"] == "application/json"


def test_a_username_and_password_are_sent_in_their_headers(client):
    with RawServer(result({"status": 0, "id": "78"})) as server:
        gateway = gateway_at(server.url, client, token="", username="me", password="word")
        assert send(gateway) == SentMessage("78")
    assert read_credentials(server.requests[0]) == {"token": None, "username": "me", "password": "word"}


@pytest.mark.parametrize("credentials", [{}, {"username": "me"}, {"password": "word"}])
def test_a_gateway_without_credentials_is_refused_at_once(client, credentials):
    with pytest.raises(ValueError, match="needs a token"):
        RestGateway("http://127.0.0.1", client, **credentials)


def test_the_token_is_in_no_error(client):
    body = f'{{"status": 401, "message": "bad token {TOKEN}"}}'
    error = failure(client, http_answer(body), send)
    assert (type(error), error.reason) == (AccountError, "bad token ***")
    assert TOKEN not in f"{error!r} {error.excerpt} {gateway_at('http://127.0.0.1', client)!r}"


def test_an_error_of_the_wire_leaves_no_trace_of_the_call(client):
    with pytest.raises(NotSent) as caught:
        send(gateway_at(f"http://127.0.0.1:{free_port()}", client))
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
