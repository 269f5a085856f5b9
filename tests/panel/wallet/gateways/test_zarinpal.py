"""Zarinpal's own wire: what is sent, and every way in which it is answered."""

import json

import pytest

from panel.lib.http import HttpClient
from panel.wallet.gateways.base import (
    AmountMismatch,
    Begun,
    GatewayError,
    GatewayRefused,
    GatewayUnavailable,
    GatewayUnclear,
    NotPaid,
    Paid,
)
from panel.wallet.gateways.zarinpal import ZarinpalGateway
from tests.panel.lib.raw_server import RawServer, free_port, hang_up, http_answer, play_and_hang_up, reset

MERCHANT = "1344b5d4-0048-11e8-94db-005056a205be"
AUTHORITY = "A00000000000000000000000000217885159"
CUT_SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"
CALLBACK = "https://panel.example/payments/back?x=1"
BEGUN = {
    "data": {
        "code": 100,
        "message": "Success",
        "authority": AUTHORITY,
        "fee_type": "Merchant",
        "fee": 0,
    },
    "errors": [],
}
TAKEN = {
    "code": 100,
    "message": "Verified",
    "card_hash": "1EBE3EBEBE35C7EC0F8D6EE4F2F859107A87822CA179BC9528767EA7B5489B69",
    "card_pan": "502229******5995",
    "ref_id": 201,
    "fee_type": "Merchant",
    "fee": 0,
}


@pytest.fixture
def bank(http):
    """bank(*plays) starts a server that answers them; gives (gateway, server)."""
    servers = []

    def start(*plays, seconds=5):
        server = RawServer(*plays).__enter__()
        servers.append(server)
        return ZarinpalGateway(MERCHANT, f"{server.url}/bank/", http, seconds), server

    yield start
    for server in servers:
        server.__exit__()


def told(value, status="200 OK"):
    return http_answer(json.dumps(value), status)


def refused(code, message="no", status="422 Unprocessable Content", **more):
    return told({"data": [], "errors": {"code": code, "message": message, **more}}, status)


def begin(gateway, mobile="", email=""):
    return gateway.begin(17, 50_000, CALLBACK, "شارژ کیف پول", mobile, email)


def trouble(call, *args):
    """The exception of a call: its class, code and reason, and whether it is final where it can be."""
    with pytest.raises(GatewayError) as caught:
        call(*args)
    error = caught.value
    return (type(error), error.code, error.reason, *([error.final] if isinstance(error, NotPaid) else []))


def test_a_payment_is_begun_in_rial(bank):
    gateway, server = bank(told(BEGUN))
    begun = begin(gateway, "+989121234567", "a@example.com")
    assert begun == Begun(AUTHORITY, f"{server.url}/bank/pg/StartPay/{AUTHORITY}")
    [request] = server.requests
    assert (request.method, request.target) == ("POST", "/bank/pg/v4/payment/request.json")
    assert (request.headers["content-type"], json.loads(request.body)) == (
        "application/json",
        {
            "merchant_id": MERCHANT,
            "amount": 500_000,
            "currency": "IRR",
            "callback_url": CALLBACK,
            "description": "شارژ کیف پول",
            "metadata": {"order_id": "17", "mobile": "09121234567", "email": "a@example.com"},
        },
    )


def test_only_what_the_bank_would_take_of_a_customer_is_sent(bank):
    gateway, server = bank(told(BEGUN))
    gateway.begin(17, 1000, CALLBACK, "x" * 501, "+447700900123")
    sent = json.loads(server.requests[0].body)
    assert (sent["metadata"], sent["description"]) == ({"order_id": "17"}, "x" * 500)


@pytest.mark.parametrize(
    ("answer", "kind", "code", "reason"),
    [
        (
            refused(-9, validations=[{"amount": f"too low {MERCHANT}"}]),
            GatewayRefused,
            -9,
            'the request is not valid (-9): [{"amount": "too low ***"}]',
        ),
        (
            refused(-10, f"merchant {MERCHANT}", status="401 Unauthorized"),
            GatewayRefused,
            -10,
            "the merchant or our address is not known to the bank (-10)",
        ),
        (refused(-11, status="200 OK"), GatewayRefused, -11, "the merchant is not active (-11)"),
        (refused("-15"), GatewayRefused, -15, "the merchant is suspended (-15)"),
        (
            refused(-77, f"کد {MERCHANT} و 09121234567 و a@example.com"),
            GatewayRefused,
            -77,
            "refused by the bank (-77): کد *** و *** و ***",
        ),
        (
            told({"data": {}, "errors": [{"code": -13}]}, "400 Bad Request"),
            GatewayRefused,
            -13,
            "the merchant's limit is reached (-13)",
        ),
        (refused(-12), GatewayUnavailable, -12, "too many calls (-12)"),
        (refused(-52), GatewayUnclear, -52, "unexpected trouble at the bank (-52)"),
        (
            told({"data": {"code": 101, "authority": AUTHORITY}, "errors": []}),
            GatewayUnclear,
            101,
            "the answer names no authority",
        ),
    ],
)
def test_a_payment_that_is_not_begun(bank, answer, kind, code, reason):
    gateway, server = bank(answer)
    assert trouble(begin, gateway, "+989121234567", "a@example.com") == (kind, code, reason)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "authority",
    [None, "", 12345678, "A123456", "A" * 65, "A0000000/../x", "A0000000?x=1", "A0000000\n", ["A"]],
)
def test_an_authority_that_cannot_stand_in_an_address(bank, authority):
    gateway, _server = bank(told({"data": BEGUN["data"] | {"authority": authority}, "errors": []}))
    assert trouble(begin, gateway) == (GatewayUnclear, 100, "the answer names no authority")


@pytest.mark.parametrize("code", [100, 101])
def test_a_paid_payment(bank, code):
    gateway, server = bank(told({"data": TAKEN | {"code": code}, "errors": []}))
    assert gateway.verify(AUTHORITY, 50_000) == Paid("201", None, "502229******5995")
    [request] = server.requests
    assert (request.method, request.target) == ("POST", "/bank/pg/v4/payment/verify.json")
    assert json.loads(request.body) == {
        "merchant_id": MERCHANT,
        "amount": 500_000,
        "currency": "IRR",
        "authority": AUTHORITY,
    }


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (-50, (AmountMismatch, -50, "the bank has another amount (-50)")),
        (-51, (NotPaid, -51, "not paid (-51)", False)),
        (-54, (NotPaid, -54, "the payment is over or was never begun (-54)", True)),
        (-55, (NotPaid, -55, "the payment is not found (-55)", False)),
        (-12, (GatewayUnavailable, -12, "too many calls (-12)")),
        (-52, (GatewayUnclear, -52, "unexpected trouble at the bank (-52)")),
        # The customer may have paid whatever became of our merchant, so nothing is closed by these.
        (-9, (GatewayUnclear, -9, "the request is not valid (-9)")),
        (
            -10,
            (GatewayUnclear, -10, "the merchant or our address is not known to the bank (-10)"),
        ),
        (-53, (GatewayUnclear, -53, "the payment is another merchant's (-53)")),
        (-99, (GatewayUnclear, -99, "refused by the bank (-99): for *** of ***")),
    ],
)
@pytest.mark.parametrize("status", ["200 OK", "422 Unprocessable Content"])
def test_what_is_not_paid_and_what_is_not_known(bank, status, code, expected):
    gateway, _server = bank(refused(code, f"for {AUTHORITY} of {MERCHANT}", status))
    assert trouble(gateway.verify, AUTHORITY, 50_000) == expected


@pytest.mark.parametrize(
    "answer",
    [
        http_answer("<html>We will be back soon</html>"),
        http_answer(""),
        http_answer("{"),
        http_answer("[" * 100_000),
        told([]),
        told({}),
        told({"data": [], "errors": []}),
        told({"data": None, "errors": None}),
        told({"data": [TAKEN], "errors": []}),
        told({"data": {"message": "Verified", "ref_id": 201}, "errors": []}),
        told({"data": TAKEN | {"code": True}, "errors": []}),
        told({"data": TAKEN | {"code": -51}, "errors": []}),
        told({"data": TAKEN, "errors": {"code": -51}}),
        told({"data": TAKEN, "errors": []}, "400 Bad Request"),
        told({"data": TAKEN, "errors": []}, "302 Found"),
        told({"data": TAKEN, "errors": []}, "500 Internal Server Error"),
        told({"data": [], "errors": {"code": 100}}),
        told({"data": [], "errors": "no"}, "400 Bad Request"),
        told({"data": [], "errors": {"message": "no"}}, "400 Bad Request"),
        told({"data": [], "errors": [{"code": -51}, {"code": -54}]}),
        refused(-51, status="500 Internal Server Error"),
        refused(-54, status="503 Service Unavailable"),
        http_answer("<html>403</html>", "403 Forbidden"),
    ],
)
def test_nothing_is_known_after_an_answer_that_is_none(bank, answer):
    for ask in (begin, lambda gateway: gateway.verify(AUTHORITY, 50_000)):
        gateway, _server = bank(answer)
        kind, code, reason = trouble(ask, gateway)
        assert (kind, code, reason.partition(" (")[0]) == (
            GatewayUnclear,
            None,
            "the answer can't be understood",
        )


@pytest.mark.parametrize(
    ("data", "code", "reason"),
    [
        (TAKEN | {"ref_id": None}, 100, "paid, but the answer has no reference"),
        (TAKEN | {"ref_id": 0}, 100, "paid, but the answer has no reference"),
        (TAKEN | {"code": 102}, 102, "a code in no table (102)"),
    ],
)
def test_a_payment_without_a_reference_or_with_a_new_code_stays_open(bank, data, code, reason):
    gateway, _server = bank(told({"data": data, "errors": []}))
    assert trouble(gateway.verify, AUTHORITY, 50_000) == (GatewayUnclear, code, reason)


@pytest.mark.parametrize(
    "play", [reset, hang_up, play_and_hang_up(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")]
)
def test_a_broken_answer_is_unclear_and_not_asked_for_again(bank, play):
    gateway, server = bank(play)
    kind, code, _reason = trouble(gateway.verify, AUTHORITY, 50_000)
    assert (kind, code, len(server.requests)) == (GatewayUnclear, None, 1)


def test_an_answer_after_the_deadline_is_unclear(bank):
    gateway, server = bank(lambda _socket, _request: server.closing.wait(10), seconds=0.2)
    expected = (GatewayUnclear, None, "no complete answer in time")
    assert trouble(gateway.verify, AUTHORITY, 50_000) == expected


def test_many_calls_are_told_apart(bank):
    gateway, _server = bank(http_answer("slow down", "429 Too Many Requests"))
    expected = (GatewayUnavailable, None, "too many calls (HTTP 429)")
    assert (trouble(gateway.verify, AUTHORITY, 1), trouble(begin, gateway)) == (expected, expected)


def test_a_bank_that_is_away_got_nothing(http):
    gateway = ZarinpalGateway(MERCHANT, f"http://127.0.0.1:{free_port()}", http, 5)
    expected = (GatewayUnavailable, None, "the connection was refused")
    assert (trouble(gateway.verify, AUTHORITY, 1), trouble(begin, gateway)) == (expected, expected)


def test_a_private_address_is_not_called(bank):
    _gateway, server = bank(told(BEGUN))
    gateway = ZarinpalGateway(MERCHANT, server.url, HttpClient(), 5)
    assert trouble(begin, gateway) == (GatewayUnavailable, None, "the address is not allowed")
    assert server.connections == 0


def test_no_secret_is_logged(bank, caplog):
    caplog.set_level(0)
    for play in (reset, refused(-9, f"{AUTHORITY} {MERCHANT}"), told({"data": TAKEN, "errors": []})):
        gateway, _server = bank(play)
        for ask in (begin, lambda gateway: gateway.verify(AUTHORITY, 50_000)):
            try:
                ask(gateway)
            except GatewayError as error:
                assert (MERCHANT in str(error), AUTHORITY in str(error)) == (False, False)
    assert (MERCHANT in caplog.text, AUTHORITY in caplog.text, MERCHANT in repr(gateway)) == (False,) * 3
