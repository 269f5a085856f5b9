from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from tests.panel.lib.raw_server import RawServer, http_answer

MERCHANT = "any-merchant-00000000000000000000000"
CALLBACK = "https://panel.example/back?payment=7"
ORDER = {
    "merchant_id": MERCHANT,
    "amount": 500_000,
    "currency": "IRR",
    "callback_url": CALLBACK,
    "description": "شارژ <b>کیف</b> پول",
}


@pytest.fixture
def bank(sandbox):
    """Call the bank: `bank("request", **ORDER)`."""

    def ask(operation, **body):
        return requests.post(f"{sandbox.url}/bank/pg/v4/payment/{operation}.json", json=body, timeout=10)

    return ask


@pytest.fixture
def authority(bank):
    """A payment that waits for its customer."""
    return bank("request", **ORDER).json()["data"]["authority"]


@pytest.fixture
def choose(sandbox):
    """Press a button: `choose(authority, "pay")`."""

    def post(authority, outcome):
        url = f"{sandbox.url}/bank/pay/{authority}"
        return requests.post(url, data={"outcome": outcome}, allow_redirects=False, timeout=10)

    return post


def verify(bank, authority, changes=()):
    """(HTTP status, code) of verifying."""
    body = {"merchant_id": MERCHANT, "authority": authority, "amount": 500_000} | dict(changes)
    answer = bank("verify", **body)
    content = answer.json()
    return answer.status_code, (content["data"] or content["errors"])["code"]


def back(status, authority, base=CALLBACK):
    return f"{base}&Authority={authority}&Status={status}"


def test_a_payment_is_begun(bank):
    content = bank("request", **ORDER).json()
    authority = content["data"].pop("authority")
    assert content == {
        "data": {"code": 100, "message": "Success", "fee_type": "Merchant", "fee": 0},
        "errors": [],
    }
    assert (len(authority), authority[0], authority.isalnum()) == (36, "S", True)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"amount": 9_999}, ["amount"]),
        ({"amount": 999, "currency": "IRT"}, ["amount"]),
        ({"amount": "500000"}, ["amount"]),
        ({"amount": True}, ["amount"]),
        ({"merchant_id": "short"}, ["merchant_id"]),
        ({"merchant_id": None}, ["merchant_id"]),
        ({"currency": "USD"}, ["currency"]),
        ({"currency": []}, ["currency"]),
        ({"callback_url": "javascript:alert(1)"}, ["callback_url"]),
        ({"callback_url": "https://panel.example/\r\nX: y"}, ["callback_url"]),
        ({"callback_url": "https://[x/"}, ["callback_url"]),
        ({"description": ""}, ["description"]),
        ({"description": "x" * 501, "amount": None}, ["amount", "description"]),
    ],
)
def test_a_bad_request_names_its_fields(bank, changes, names):
    answer = bank("request", **(ORDER | changes))
    errors = answer.json()["errors"]
    assert (answer.status_code, errors["code"]) == (422, -9)
    assert [name for trouble in errors["validations"] for name in trouble] == names


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 100_000])
@pytest.mark.parametrize("operation", ["request", "verify"])
def test_a_body_that_is_no_object_is_refused(sandbox, operation, body):
    url = f"{sandbox.url}/bank/pg/v4/payment/{operation}.json"
    answer = requests.post(url, data=body, timeout=10)
    assert (answer.status_code, answer.json()["errors"]["code"]) == (422, -9)


def test_a_merchant_that_is_not_known(bank):
    answer = bank("request", **(ORDER | {"merchant_id": "unknown-merchant-0000000000000000000"}))
    assert (answer.status_code, answer.json()["errors"]["code"]) == (401, -10)


@pytest.mark.parametrize(
    ("outcome", "status", "answers"),
    [
        ("pay", "OK", [(200, 100), (200, 101), (200, 101)]),
        ("fail", "NOK", [(422, -51), (422, -51)]),
        ("cancel", "NOK", [(422, -51), (422, -51)]),
        ("mismatch", "OK", [(422, -50), (422, -50)]),
        ("twice", "OK", [(200, 100), (200, 101)]),
    ],
)
def test_buttons_that_lead_back(bank, authority, choose, outcome, status, answers):
    assert verify(bank, authority) == (422, -51)
    answer = choose(authority, outcome)
    assert (answer.status_code, answer.headers["Location"]) == (302, back(status, authority))
    assert [verify(bank, authority) for _ in answers] == answers


def test_a_closed_page_leads_nowhere_though_it_is_paid(bank, authority, choose):
    answer = choose(authority, "close")
    assert (answer.status_code, "Location" in answer.headers) == (200, False)
    assert "این صفحه را ببندید" in answer.text
    assert verify(bank, authority) == (200, 100)


def test_a_bank_that_talks_nonsense_once(bank, authority, choose):
    assert choose(authority, "nonsense").headers["Location"] == back("OK", authority)
    body = {"merchant_id": MERCHANT, "authority": authority, "amount": 500_000}
    assert bank("verify", **body).text.startswith("<!DOCTYPE html>")
    assert verify(bank, authority) == (200, 101)


def test_a_shop_on_this_machine_is_called_twice(bank, choose):
    with RawServer(http_answer("thanks")) as shop:
        base = f"{shop.url}/back?payment=7"
        order = ORDER | {"callback_url": base}
        authority = bank("request", **order).json()["data"]["authority"]
        answer = choose(authority, "twice")
        [request] = shop.requests
    assert (answer.status_code, answer.headers["Location"]) == (302, back("OK", authority, base))
    assert (request.method, request.target) == ("GET", back("OK", authority, "/back?payment=7"))


def test_a_shop_that_is_away_does_not_keep_the_customer(bank, choose):
    with RawServer(b"") as shop:
        base = f"{shop.url}/back"
    authority = bank("request", **(ORDER | {"callback_url": base})).json()["data"]["authority"]
    location = choose(authority, "twice").headers["Location"]
    assert location == f"{base}?Authority={authority}&Status=OK"


def test_money_that_came_stays(bank, authority, choose):
    assert choose(authority, "cancel").headers["Location"] == back("NOK", authority)
    for outcome in ("pay", "cancel", "mismatch"):
        assert choose(authority, outcome).headers["Location"] == back("OK", authority)
    assert verify(bank, authority) == (200, 100)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"amount": 500_001}, (422, -50)),
        ({"merchant_id": "another-merchant-0000000000000000000"}, (422, -53)),
        ({"authority": "S" + "0" * 35}, (422, -54)),
        ({"authority": None}, (422, -9)),
        ({"amount": "500000"}, (422, -9)),
    ],
)
def test_verifying_something_else(bank, authority, choose, changes, expected):
    choose(authority, "pay")
    assert verify(bank, authority, changes) == expected
    assert verify(bank, authority) == (200, 100)


def test_the_page_offers_every_way_escaped(sandbox, authority):
    answer = requests.get(f"{sandbox.url}/bank/pg/StartPay/{authority}", timeout=10)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    ways = ["pay", "fail", "cancel", "close", "twice", "mismatch", "nonsense", "slow"]
    assert [way for way in ways if f'name="outcome" value="{way}"' in answer.text] == ways
    assert f'action="/bank/pay/{authority}"' in answer.text
    assert "<bdi>50,000</bdi> تومان" in answer.text
    assert "شارژ &lt;b&gt;کیف&lt;/b&gt; پول" in answer.text
    assert "<script" not in answer.text


def test_the_page_of_a_paid_payment_leads_back(sandbox, authority, choose):
    choose(authority, "close")
    page = requests.get(f"{sandbox.url}/bank/pg/StartPay/{authority}", timeout=10).text
    address = unescape(page.partition('<a href="')[2].partition('"')[0])
    assert dict(parse_qsl(urlsplit(address).query)) == {
        "payment": "7",
        "Authority": authority,
        "Status": "OK",
    }
    assert "<button" not in page


def test_what_is_not_there(sandbox, authority, choose):
    unknown = "S" + "0" * 35
    assert requests.get(f"{sandbox.url}/bank/pg/StartPay/{unknown}", timeout=10).status_code == 404
    assert (choose(unknown, "pay").status_code, choose(authority, "steal").status_code) == (404, 400)


def test_a_reset_forgets_payments(sandbox, bank, authority, choose):
    choose(authority, "pay")
    sandbox.reset()
    assert verify(bank, authority) == (422, -54)


def test_faults_can_be_set(sandbox, bank, authority, choose):
    choose(authority, "pay")
    sandbox.set_fault("bank/verify", "429")
    assert verify(bank, authority) == (429, -12)
    assert verify(bank, authority) == (200, 100)
    sandbox.set_fault("bank/request", "500")
    assert bank("request", **ORDER).status_code == 500
