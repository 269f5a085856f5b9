"""Payments over panel-app: every documented answer, who gets which, and that nobody learns another's."""

import json
from urllib.parse import urlsplit

import pytest
from django.test import Client
from rest_framework.test import APIClient

from panel.accounts.models import ApiToken
from panel.accounts.tokens import issue_token
from panel.wallet.ledger import read_balance
from panel.wallet.models import Payment, Transfer
from panel.wallet.payments.results import find_result
from tests.factories import make_customer, make_key
from tests.panel.wallet.payments.conftest import bank as bank
from tests.panel.wallet.payments.steps import begin, make_coupon, pay_at_bank, reread
from tests.together import run_together

PAY, VERIFY, TEST = "/api/v1/user/payment", "/api/v1/user/payment/verify", "/api/v1/user/payment/test"
LOW = "مبلغ وارد شده از حداقل مبلغ قابل پرداخت کمتر است"
HIGH = "مبلغ وارد شده از حداکثر مبلغ قابل پرداخت (50000000 تومان) بیشتر است"
BAD_AMOUNT, NO_AMOUNT = "مقدار فیلد amount نامعتبر است", "فیلد amount الزامی است"
DONE, NOT_DONE = "پرداخت با موفقیت انجام شد", "پرداخت انجام نشد"
UNKNOWN_YET = "نتیجه پرداخت هنوز مشخص نیست؛ از بانک دوباره پرسیده می‌شود"
MISMATCH = "مبلغ پرداخت شده با مبلغ درخواستی یکی نیست؛ پشتیبانی آن را بررسی می‌کند"
NO_PAYMENT = "پرداخت مورد نظر یافت نشد"
JSON = {"Accept": "application/json"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(db):
    return make_customer()


@pytest.fixture
def key(customer):
    return make_key(customer, ApiToken.Contract.PANEL_APP)


def post(key, body, accept="application/json", **fields):
    headers = {"Authorization": f"Bearer {key}", "Accept": accept}
    body = body if isinstance(body, bytes | str) else json.dumps(body)
    return Client().post(PAY, body, content_type="application/json", headers=headers, **fields)


def pay(key, body):
    """`(HTTP status, JSON)`."""
    response = post(key, body)
    return response.status_code, response.json()


def verify(payment, status="OK", **headers):
    authority = payment if isinstance(payment, str) else payment.authority
    return Client().get(VERIFY, {"Authority": authority, "Status": status}, headers=headers)


def told(response):
    return response.status_code, response.json()


def test_a_program_gets_the_bank_s_address(bank, customer, key):
    status, body = pay(key, {"amount": 12_000})
    payment = Payment.objects.get()
    assert (status, body) == (
        200,
        {
            "status": 201,
            "url": f"{bank.url}/bank/pg/StartPay/{payment.authority}",
            "authority": payment.authority,
        },
    )
    assert (payment.customer, payment.amount, payment.channel) == (customer, 12_000, "panel_app")


def test_a_browser_is_sent_to_the_bank(bank, key):
    response = post(key, {"amount": 12_000}, accept="text/html,*/*;q=0.8")
    authority = Payment.objects.get().authority
    assert (response.status_code, response.headers["Location"], response.content) == (
        302,
        f"{bank.url}/bank/pg/StartPay/{authority}",
        b"",
    )
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [PAY, f"{PAY}/"])
@pytest.mark.parametrize("amount", [1_000, "1000", " 1000 "])
def test_amounts_are_taken_from_forms_too(bank, key, amount, path):
    headers = {"Authorization": f"Bearer {key}"} | JSON
    form = Client().post(path, {"amount": amount}, headers=headers)
    json_body = APIClient().post(path, {"amount": amount}, format="json", headers=headers)
    assert [form.status_code, json_body.json()["status"]] == [415, 201]  # multipart is not spoken here
    urlencoded = Client().post(
        path, f"amount={amount}", content_type="application/x-www-form-urlencoded", headers=headers
    )
    assert urlencoded.json()["status"] == 201
    assert set(Payment.objects.values_list("amount", flat=True)) == {1_000}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, NO_AMOUNT),
        ({"amount": None}, NO_AMOUNT),
        ({"amount": ""}, NO_AMOUNT),
        ({"amount": 7}, LOW),
        ({"amount": 999}, LOW),
        ({"amount": "۱۰۰۰"}, BAD_AMOUNT),
        ({"amount": "١٠٠٠"}, BAD_AMOUNT),
        ({"amount": 0}, LOW),
        ({"amount": -1_000_000}, LOW),
        ({"amount": 50_000_001}, HIGH),
        ({"amount": 10**38}, HIGH),
        ({"amount": "many"}, BAD_AMOUNT),
        ({"amount": "1000.5"}, BAD_AMOUNT),
        ({"amount": 1000.5}, BAD_AMOUNT),
        ({"amount": True}, BAD_AMOUNT),
        ({"amount": [1000]}, BAD_AMOUNT),
        ({"amount": {"a": 1000}}, BAD_AMOUNT),
        ({"amount": "9" * 1_000_000}, BAD_AMOUNT),
        ({"amount": 5_000, "coupon": ["A"]}, "مقدار فیلد coupon نامعتبر است"),
        ({"amount": 5_000, "coupon": "A" * 1_000_000}, "مقدار فیلد coupon نامعتبر است"),
        ({"amount": 5_000, "coupon": "NONE"}, "کد تخفیف (coupon) وجود ندارد"),
        ({"amount": 5_000, "coupon": "\0"}, "کد تخفیف (coupon) وجود ندارد"),
    ],
)
def test_bad_input_is_refused_by_name(bank, key, body, words):
    assert pay(key, body) == (200, {"status": 400, "message": words})
    assert Payment.objects.count() == 0


@pytest.mark.parametrize(
    "body", ["amount", "[1]", '{"amount":', '{"a":' * 5_000 + "1" + "}" * 5_000, b"\xff"]
)
def test_bodies_that_are_no_json_are_refused(bank, key, body):
    status, answer = pay(key, body)
    assert (status, answer["status"], Payment.objects.count()) == (200, 400, 0)


def test_a_coupon_is_kept_with_the_payment(bank, key):
    coupon = make_coupon()
    assert pay(key, {"amount": 5_000, "coupon": "summer"})[1]["status"] == 201
    assert Payment.objects.get().coupon == coupon


def test_a_coupon_used_before_is_refused(bank, customer, key):
    make_coupon()
    payment = begin(customer, coupon="SUMMER")
    pay_at_bank(payment)
    verify(payment)
    words = "پیش‌تر از این کد تخفیف (coupon) استفاده کرده‌اید"
    assert pay(key, {"amount": 5_000, "coupon": "SUMMER"}) == (200, {"status": 400, "message": words})


def test_without_a_good_token_nobody_pays(bank, customer):
    standard = make_key(customer)
    answers = [pay(token, {"amount": 5_000}) for token in ("", "nobody", standard)]
    assert [(status, body["status"]) for status, body in answers] == [(401, 401)] * 3
    read_only = issue_token(customer, ApiToken.Contract.PANEL_APP, scopes=["read"])[1]
    assert pay(read_only, {"amount": 5_000}) == (200, {"status": 403, "message": "منع دسترسی"})
    assert Payment.objects.count() == 0


def test_a_bank_that_is_away_or_off_is_told(bank, settings, key):
    settings.ZARINPAL_URL = "http://127.0.0.1:9/bank"
    away = pay(key, {"amount": 5_000})
    settings.ZARINPAL_URL = ""
    off = pay(key, {"amount": 5_000})
    assert [(status, body["status"]) for status, body in (away, off)] == [(503, 503)] * 2
    assert away[1]["message"] != off[1]["message"]


def test_too_many_in_an_hour_are_refused(bank, settings, key):
    settings.PAYMENTS_PER_HOUR = 1
    pay(key, {"amount": 5_000})
    assert pay(key, {"amount": 5_000}) == (200, {"status": 429, "message": "محدودیت ارسال درخواست"})


def test_the_callback_credits_and_leads_to_the_wallet_page(bank, customer):
    payment = begin(customer)
    pay_at_bank(payment)
    response = verify(payment)
    place = urlsplit(response.headers["Location"])
    assert (response.status_code, place.path, read_balance(customer.pk)) == (303, "/wallet/", 50_000)
    mark = place.query.removeprefix("payment=")
    assert find_result(mark, customer.pk) == payment
    assert find_result(mark, make_customer().pk) is None
    assert find_result(f"{mark}x", customer.pk) is None


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [
        ("pay", 200, DONE),
        ("twice", 200, DONE),
        ("close", 200, DONE),
        ("fail", 400, NOT_DONE),
        ("cancel", 400, NOT_DONE),
        ("mismatch", 400, MISMATCH),
        ("nonsense", 400, UNKNOWN_YET),
    ],
)
def test_a_program_hears_how_it_went_and_nothing_else(bank, customer, outcome, status, words):
    payment = begin(customer)
    query = pay_at_bank(payment, outcome)
    answer = verify(payment, query.get("Status", "OK"), **JSON)
    assert told(answer) == (200, {"status": status, "message": words})


def test_an_answer_that_comes_twice_is_the_same(bank, customer):
    payment = begin(customer)
    pay_at_bank(payment)
    assert [told(verify(payment, **JSON)) for _ in range(3)] == [(200, {"status": 200, "message": DONE})] * 3
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize("query", [{}, {"Authority": ""}, {"Authority": "S" + "0" * 35}, {"Authority": "\0"}])
def test_an_unknown_authority_is_404_and_leads_to_the_wallet_page(bank, customer, query):
    begin(customer)
    assert told(Client().get(VERIFY, query, headers=JSON)) == (200, {"status": 404, "message": NO_PAYMENT})
    response = Client().get(VERIFY, query)
    assert (response.status_code, response.headers["Location"]) == (303, "/wallet/?payment=")


def test_the_bank_may_post(bank, customer):
    payment = begin(customer)
    pay_at_bank(payment)
    form = f"Authority={payment.authority}&Status=OK"
    response = Client().post(VERIFY, form, content_type="application/x-www-form-urlencoded", headers=JSON)
    assert (told(response)[1]["status"], read_balance(customer.pk)) == (200, 50_000)


def test_head_asks_nobody(bank, customer):
    payment = begin(customer)
    pay_at_bank(payment)
    response = Client().head(f"{VERIFY}?Authority={payment.authority}&Status=OK")
    assert (response.status_code, reread(payment).state) == (405, "pending")


@pytest.mark.django_db(transaction=True)
def test_twenty_callbacks_at_once_are_one_credit(bank, customer):
    payment = begin(customer)
    pay_at_bank(payment)
    answers = run_together(*[lambda: told(verify(payment, **JSON))] * 20)
    assert answers == [(200, {"status": 200, "message": DONE})] * 20
    assert (read_balance(customer.pk), Transfer.objects.count()) == (50_000, 1)


def test_the_rehearsal_walks_one_round_and_credits_nothing(bank, settings):
    settings.DEBUG = True
    status, body = told(Client().get(TEST))
    session = bank.state.bank.find(body.pop("authority"))
    assert (status, body) == (200, {"status": 200, "reference": str(session.ref_id), "amount": 1_000})
    assert (session.verified, Payment.objects.count(), Transfer.objects.count()) == (True, 0, 0)


@pytest.mark.parametrize(
    "change",
    [{"DEBUG": False}, {"SANDBOX_URL": "http://127.0.0.1:1"}, {"ZARINPAL_MERCHANT_ID": ""}],
)
def test_the_rehearsal_is_nowhere_else(bank, settings, change):
    settings.DEBUG = True
    for name, value in change.items():
        setattr(settings, name, value)
    assert told(Client().get(TEST)) == (200, {"status": 404, "message": "نشانی درخواست یافت نشد"})


def test_a_rehearsal_without_its_bank_says_so(bank, settings):
    settings.DEBUG = True
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    settings.ZARINPAL_URL = "http://127.0.0.1:9/bank"
    assert told(Client().get(TEST))[0] == 503
