"""Cafe Bazaar's own wire: what is asked, and every way in which it is answered."""

import json

import pytest

from campaigns.stores.base import Bought, NotBought, StoreError, StoreUnclear
from campaigns.stores.bazaar import BazaarStore
from panel.lib.http import HttpClient
from tests.panel.lib.raw_server import (
    RawServer,
    free_port,
    hang_up,
    http_answer,
    play_and_hang_up,
    reset,
)

SECRET, SKU, TOKEN = "0d5e8a1f/secret", "coins 100/x", "djhs543jcdlfhw452"
PAID = {
    "consumptionState": 1,
    "purchaseState": 0,
    "kind": "androidpublisher#inappPurchase",
    "developerPayload": "something",
    "purchaseTime": 1414181378566,
}
NOT_FOUND = {"error": "not_found", "error_description": "The requested purchase is not found!"}
CUT_SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"


@pytest.fixture
def bazaar(http):
    """bazaar(*plays) starts a server that answers them; gives (store, server)."""
    servers = []

    def start(*plays, seconds=5):
        server = RawServer(*plays).__enter__()
        servers.append(server)
        return BazaarStore(f"{server.url}/api/", "ir.example/app", SECRET, http, seconds), server

    yield start
    for server in servers:
        server.__exit__()


def told(value, status="200 OK"):
    return http_answer(json.dumps(value), status)


def validate(store):
    return store.validate(SKU, TOKEN)


def consume(store):
    return store.consume(TOKEN)


def trouble(ask, store):
    """The exception of a call: its class and reason, in which neither secret nor token ever is."""
    with pytest.raises(StoreError) as caught:
        ask(store)
    error = caught.value
    assert not any(secret in f"{error} {error!r} {error.reason}" for secret in (SECRET, TOKEN))
    return type(error), error.reason


@pytest.mark.parametrize(("state", "consumed"), [(1, False), (0, True)])
def test_a_paid_purchase(bazaar, state, consumed):
    store, server = bazaar(told(PAID | {"consumptionState": state}))
    assert validate(store) == Bought(consumed)
    [request] = server.requests
    path = f"/api/validate/ir.example%2Fapp/inapp/coins%20100%2Fx/purchases/{TOKEN}/"
    assert (request.method, request.target, request.body) == ("GET", path, b"")
    assert request.headers["cafebazaar-pishkhan-api-secret"] == SECRET


@pytest.mark.parametrize("body", ["{}", "", "  \n", '{"status": "ok"}'])
def test_a_purchase_is_consumed(bazaar, body):
    store, server = bazaar(http_answer(body))
    assert consume(store) is None
    [request] = server.requests
    assert (request.method, request.target) == ("POST", "/api/consume/ir.example%2Fapp/purchases/")
    assert (json.loads(request.body), request.headers["content-type"]) == (
        {"token": TOKEN},
        "application/json",
    )
    assert request.headers["cafebazaar-pishkhan-api-secret"] == SECRET


def test_a_token_cannot_leave_its_place_in_the_address(bazaar):
    store, server = bazaar(told(NOT_FOUND, "404 Not Found"))
    with pytest.raises(NotBought):
        store.validate("sku", "../../x?y=1#z")
    assert server.requests[0].target.endswith("/inapp/sku/purchases/..%2F..%2Fx%3Fy%3D1%23z/")


def test_the_store_knows_no_such_purchase(bazaar):
    store, _server = bazaar(told(NOT_FOUND, "404 Not Found"))
    assert [trouble(ask, store) for ask in (validate, consume)] == [
        (NotBought, "the store knows no such purchase")
    ] * 2


@pytest.mark.parametrize("used", [0, 1])
def test_a_purchase_that_was_given_back(bazaar, used):
    store, _server = bazaar(told(PAID | {"purchaseState": 1, "consumptionState": used}))
    assert trouble(validate, store) == (NotBought, "the purchase was refunded")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (http_answer("<html>We will be back soon</html>"), "HTTP 200"),
        (http_answer("{"), "HTTP 200"),
        (http_answer("[" * 100_000), "HTTP 200"),
        (told([PAID]), "HTTP 200"),
        (told(PAID, "302 Found"), "HTTP 302"),
        (told(PAID, "500 Internal Server Error"), "HTTP 500"),
        (told(NOT_FOUND, "400 Bad Request"), "HTTP 400 not_found"),
        (told(NOT_FOUND, "503 Service Unavailable"), "HTTP 503 not_found"),
        (http_answer("<html>404</html>", "404 Not Found"), "HTTP 404"),
        (told({"error": "no_such_app"}, "404 Not Found"), "HTTP 404 no_such_app"),
        (told({"error": ["not_found"]}, "404 Not Found"), "HTTP 404"),
        (told({}, "404 Not Found"), "HTTP 404"),
        (told({"error": "invalid_credentials"}, "401 Unauthorized"), "HTTP 401 invalid_credentials"),
        (told({"error": f"for {TOKEN} {SECRET}"}, "403 Forbidden"), "HTTP 403 for *** ***"),
        (told({"error": "x" * 57 + SECRET}, "403 Forbidden"), "HTTP 403 " + "x" * 57 + "***"),
    ],
)
def test_nothing_is_known_after_an_answer_that_is_none(bazaar, answer, reason):
    for ask in (validate, consume):
        store, _server = bazaar(answer)
        assert trouble(ask, store) == (StoreUnclear, reason)


@pytest.mark.parametrize("name", ["purchaseState", "consumptionState"])
@pytest.mark.parametrize("state", [None, True, False, "0", 0.0, 2, -1, [], {}])
def test_only_the_documents_numbers_are_states(bazaar, name, state):
    store, _server = bazaar(told(PAID | {name: state}))
    assert trouble(validate, store) == (StoreUnclear, "the answer tells no state")


@pytest.mark.parametrize("value", [{}, NOT_FOUND, {"purchaseState": 0}, {"consumptionState": 1}])
def test_a_state_that_is_missing_is_none(bazaar, value):
    store, _server = bazaar(told(value))
    assert trouble(validate, store) == (StoreUnclear, "the answer tells no state")


@pytest.mark.parametrize("play", [reset, hang_up, play_and_hang_up(CUT_SHORT)])
def test_a_broken_answer_is_unclear_and_not_asked_for_again(bazaar, play):
    for ask in (validate, consume):
        store, server = bazaar(play)
        kind, _reason = trouble(ask, store)
        assert (kind, len(server.requests)) == (StoreUnclear, 1)


def test_an_answer_after_the_deadline_is_unclear(bazaar):
    store, server = bazaar(lambda _socket, _request: server.closing.wait(30), seconds=2)
    assert trouble(validate, store) == (StoreUnclear, "no complete answer in time")


def test_an_answer_that_is_too_large_is_unclear(bazaar):
    store, _server = bazaar(http_answer(json.dumps(PAID) + " " * 5_000_000))
    expected = (StoreUnclear, "the answer is larger than 5000000 bytes")
    assert trouble(validate, store) == expected


def test_a_store_that_is_away_or_private(http):
    away = BazaarStore(f"http://127.0.0.1:{free_port()}", "app", SECRET, http, 5)
    with RawServer(told(PAID)) as server:
        private = BazaarStore(server.url, "app", SECRET, HttpClient(), 5)
        reasons = [trouble(validate, store) for store in (away, private)]
        assert server.connections == 0
    assert reasons == [
        (StoreUnclear, "the connection was refused"),
        (StoreUnclear, "the address is not allowed"),
    ]


def test_a_secret_with_a_line_break_is_not_told(http):
    with RawServer(told(PAID)) as server:
        store = BazaarStore(server.url, "app", f"{SECRET}\n", http, 5)
        assert trouble(validate, store)[0] is StoreUnclear
        assert server.requests == []


def test_neither_secret_nor_token_is_logged(bazaar, caplog):
    caplog.set_level(0)
    for play in (reset, told(NOT_FOUND, "404 Not Found"), told({}, "500 Internal Server Error"), told(PAID)):
        for ask in (validate, consume):
            store, _server = bazaar(play)
            try:
                ask(store)
            except StoreError as error:
                assert TOKEN not in str(error)
    assert (SECRET in caplog.text, TOKEN in caplog.text, SECRET in repr(store)) == (False,) * 3
