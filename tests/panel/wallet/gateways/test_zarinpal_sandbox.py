"""The client against the bank that the sandbox plays: every way a customer can go."""

import pytest
import requests

from panel.wallet.gateways.base import (
    AmountMismatch,
    GatewayError,
    GatewayRefused,
    GatewayUnavailable,
    GatewayUnclear,
    NotPaid,
    Paid,
)
from panel.wallet.gateways.zarinpal import ZarinpalGateway
from providers.sandbox.server import SandboxServer

MERCHANT = "sandbox-merchant-0000000000000000000"
OTHER = "another-merchant-0000000000000000000"
CALLBACK = "https://panel.example/back"


@pytest.fixture
def sandbox():
    with SandboxServer() as server:
        yield server


@pytest.fixture
def connect(sandbox, http):
    """connect() gives a gateway of the sandbox's bank."""

    def make(merchant=MERCHANT, seconds=5):
        return ZarinpalGateway(merchant, f"{sandbox.url}/bank", http, seconds)

    return make


@pytest.fixture
def begin(connect):
    """begin() gives the authority of a payment of 50,000 toman."""
    return lambda: connect().begin(1, 50_000, CALLBACK, "charge", "+989121234567").authority


def choose(sandbox, authority, outcome):
    url = f"{sandbox.url}/bank/pay/{authority}"
    return requests.post(url, data={"outcome": outcome}, allow_redirects=False, timeout=10)


def ask(gateway, authority, amount=50_000):
    """What verifying gives: "paid" or the class and code of its exception."""
    try:
        paid = gateway.verify(authority, amount)
    except GatewayError as error:
        return type(error), error.code
    return "paid" if isinstance(paid, Paid) else paid


@pytest.mark.parametrize(
    ("outcome", "answers"),
    [
        ("pay", ["paid", "paid", "paid"]),
        ("close", ["paid", "paid", "paid"]),
        ("fail", [(NotPaid, -51)] * 3),
        ("cancel", [(NotPaid, -51)] * 3),
        ("mismatch", [(AmountMismatch, -50)] * 3),
        ("nonsense", [(GatewayUnclear, None), "paid", "paid"]),
    ],
)
def test_every_way_a_customer_can_go(sandbox, connect, begin, outcome, answers):
    authority = begin()
    choose(sandbox, authority, outcome)
    assert [ask(connect(), authority) for _ in answers] == answers


def test_a_paid_payment_keeps_its_reference_and_card(sandbox, connect, begin):
    authority = begin()
    choose(sandbox, authority, "pay")
    first, second = (connect().verify(authority, 50_000) for _ in range(2))
    reference = str(sandbox.state.bank.find(authority).ref_id)
    assert (first, second) == (Paid(reference, None, "502229******5995"),) * 2


def test_a_slow_bank_has_taken_the_money_all_the_same(sandbox, connect, begin):
    authority = begin()
    choose(sandbox, authority, "slow")
    assert ask(connect(seconds=0.5), authority) == (GatewayUnclear, None)
    assert ask(connect(), authority) == "paid"


def test_who_canceled_may_still_pay(sandbox, connect, begin):
    authority = begin()
    assert ask(connect(), authority) == (NotPaid, -51)
    choose(sandbox, authority, "cancel")
    assert ask(connect(), authority) == (NotPaid, -51)
    choose(sandbox, authority, "pay")
    assert ask(connect(), authority) == "paid"


def test_another_amount_another_merchant_and_a_payment_that_is_none(sandbox, connect, begin):
    authority = begin()
    choose(sandbox, authority, "pay")
    assert [
        ask(connect(), authority, 49_999),
        ask(connect(OTHER), authority),
        ask(connect(), "S" + "0" * 35),
        ask(connect(), authority),
    ] == [(AmountMismatch, -50), (GatewayUnclear, -53), (NotPaid, -54), "paid"]


@pytest.mark.parametrize(
    ("merchant", "amount", "code"),
    [(MERCHANT, 999, -9), ("short", 1000, -9), ("unknown-merchant-0000000000000000000", 1000, -10)],
)
def test_a_payment_that_the_bank_refuses(connect, merchant, amount, code):
    with pytest.raises(GatewayRefused) as caught:
        connect(merchant).begin(1, amount, CALLBACK, "charge")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("html", (GatewayUnclear, None)),
        ("truncated", (GatewayUnclear, None)),
        ("list", (GatewayUnclear, None)),
        ("500", (GatewayUnclear, None)),
        ("reset", (GatewayUnclear, None)),
        ("429", (GatewayUnavailable, None)),
    ],
)
def test_a_fault_is_asked_about_again(sandbox, connect, begin, kind, expected):
    authority = begin()
    choose(sandbox, authority, "pay")
    sandbox.set_fault("bank/verify", kind)
    assert [ask(connect(), authority), ask(connect(), authority)] == [expected, "paid"]
