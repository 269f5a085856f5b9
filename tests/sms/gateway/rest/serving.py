"""A REST gateway that gives one answer, and what our client made of it."""

import json

import pytest

from sms.gateway import GatewayError, RestGateway
from tests.panel.lib.raw_server import RawServer, http_answer

TOKEN = "topsecrettoken0123"


def gateway_at(url, client, **options):
    return RestGateway(f"{url}/api/v1/rest/", client, **{"token": TOKEN, "total_seconds": 0.3, **options})


def result(value):
    """The raw answer whose envelope holds this result."""
    return http_answer(json.dumps({"status": 200, "result": value}))


def ask(client, value, call):
    """(what `call(gateway)` gives back when the gateway answers this result, the one request it made)."""
    with RawServer(result(value)) as server:
        told = call(gateway_at(server.url, client))
    [request] = server.requests
    return told, request


def failure(client, play, call):
    """The error that `call(gateway)` raises when the gateway answers so; it was asked once."""
    with RawServer(play) as server, pytest.raises(GatewayError) as caught:
        call(gateway_at(server.url, client))
    assert len(server.requests) == 1
    return caught.value


def describe(request):
    """(method, path without the base, content) of a request that carries JSON or nothing."""
    return (
        request.method,
        request.target.removeprefix("/api/v1/rest/"),
        json.loads(request.body) if request.body else None,
    )
