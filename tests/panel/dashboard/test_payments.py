"""Adding funds, the payment's own page, coming back from the bank, and coupons."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from panel.wallet.ledger import read_balance
from panel.wallet.models import BonusStep, Payment
from panel.wallet.payments.results import sign_result
from panel.wallet.payments.verifying import FREE_ASKS
from tests.factories import make_customer
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts
from tests.panel.wallet.payments.conftest import bank as bank
from tests.panel.wallet.payments.steps import begin, make_coupon, pay_at_bank, reread

CALLBACK = "/api/v1/user/payment/verify"


@pytest.fixture
def payer(db):
    """A customer with an empty wallet."""
    return make_customer()


@pytest.fixture
def browser(payer):
    return open_browser(payer)


def start(browser, **form):
    return browser.post("/wallet/pay/", form)


def come_back(browser, payment, outcome="pay"):
    """The page after the bank has sent the browser back."""
    query = pay_at_bank(payment, outcome) or {"Authority": payment.authority, "Status": "OK"}
    return follow_bank(browser, query)


def follow_bank(browser, query):
    """The page that the callback leads to, and a login page where that asks for one."""
    response = browser.get(CALLBACK, query)
    assert response.status_code == 303
    return browser.get(response.headers["Location"], follow=True)


def read_banner(page):
    (banner,) = find_all(page, "p", class_="alert")
    return read_attributes(banner)["class"], read_text(banner)


@pytest.mark.parametrize("form", [{"amount": "۵۰٬۰۰۰"}, {"amount": "", "preset": "50000"}])
def test_a_started_payment_has_its_page_with_a_link_to_the_bank(bank, browser, form):
    BonusStep.objects.create(amount_from=50_000, percent=10)
    response = start(browser, **form)
    payment = Payment.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, f"/wallet/payments/{payment.pk}/")
    page = browser.get(response.headers["Location"])
    link = find_one(page, "a", rel="noopener noreferrer")
    assert read_attributes(link)["href"] == f"{bank.url}/bank/pg/StartPay/{payment.authority}"
    assert (payment.amount, payment.channel) == (50_000, "dashboard")
    facts = dict(zip(read_texts(page, "dt"), read_texts(page, "dd"), strict=True))
    assert (facts["Amount"], facts["You get on top"]) == ("50,000 toman", "5,000 toman")


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"amount": ""}, "amount", "Write the amount in digits, in whole toman."),
        ({"amount": "many"}, "amount", "Write the amount in digits, in whole toman."),
        ({"amount": "9" * 5_000}, "amount", "Write the amount in digits, in whole toman."),
        ({"amount": "999"}, "amount", "Enter an amount of at least 1,000 toman."),
        ({"amount": "50000001"}, "amount", "Enter an amount of at most 50,000,000 toman."),
        ({"amount": "5000", "coupon": "NO"}, "coupon", "There is no such coupon. Check the code."),
    ],
)
def test_an_error_stands_beneath_its_field_and_what_was_typed_stays(bank, browser, form, field, words):
    page = start(browser, **form)
    assert (page.status_code, Payment.objects.count()) == (422, 0)
    assert read_text(find_one(page, "p", id=f"error-{field}")) == words
    box = read_attributes(find_one(page, "input", name=field))
    assert (box["value"], box["aria-describedby"]) == (form[field], f"error-{field}")


def test_a_bank_that_is_away_is_told_on_the_page(bank, browser, settings):
    settings.ZARINPAL_URL = "http://127.0.0.1:9/bank"
    page = start(browser, amount="5000")
    words = "The bank does not answer at the moment; no money moved. Try again in a minute."
    assert (page.status_code, read_banner(page)) == (422, ("alert alert-error", words))


def test_without_a_bank_there_is_no_form(browser, settings):
    settings.ZARINPAL_MERCHANT_ID = ""
    page = browser.get("/wallet/")
    assert find_all(page, "input", name="amount") == []
    assert "Payments by card are switched off at the moment." in page.content.decode()


def test_the_wallet_page_says_what_comes_on_top(bank, browser):
    BonusStep.objects.create(amount_from=100_000, percent=10)
    BonusStep.objects.create(amount_from=5_000, percent=99, active=False)
    items = [read_text(one) for one in find_all(browser.get("/wallet/"), "li")]
    assert [item for item in items if "percent" in item] == ["from 100,000 toman on: 10 percent"]


@pytest.mark.parametrize(
    ("outcome", "tone", "begins"),
    [
        ("pay", "success", "Your payment of 50,000 toman is in your wallet. You got 5,000 toman on top."),
        ("twice", "success", "Your payment of 50,000 toman is in your wallet."),
        ("cancel", "error", "The payment was not made."),
        ("fail", "error", "The payment was not made."),
        ("mismatch", "warning", "The bank tells of another amount"),
        ("nonsense", "info", "The bank has not confirmed this payment yet."),
    ],
)
def test_whoever_comes_back_reads_how_it_went(bank, browser, payer, outcome, tone, begins):
    BonusStep.objects.create(amount_from=50_000, percent=10)
    page = come_back(browser, begin(payer), outcome)
    kind, words = read_banner(page)
    assert page.request["PATH_INFO"] == "/wallet/"
    assert (kind, words[: len(begins)]) == (f"alert alert-{tone}", begins)


def test_another_customer_s_result_is_not_shown(bank, payer):
    payment = begin(payer, 43_210)
    pay_at_bank(payment)
    other = open_browser(make_customer())
    page = follow_bank(other, {"Authority": payment.authority, "Status": "OK"})
    words = "This payment is not known, or it is not yours."
    assert (read_banner(page), "43,210" in page.content.decode()) == (("alert alert-error", words), False)
    assert read_balance(payer.pk) == 43_210


def test_whoever_is_not_logged_in_lands_at_the_login_page(bank, payer):
    payment = begin(payer)
    pay_at_bank(payment)
    page = follow_bank(Client(), {"Authority": payment.authority, "Status": "OK"})
    assert (page.request["PATH_INFO"], read_balance(payer.pk)) == ("/login/", 50_000)


def test_a_payment_s_pages_are_its_customer_s_alone(bank, payer):
    payment = begin(payer)
    pay_at_bank(payment)
    other = open_browser(make_customer())
    path = f"/wallet/payments/{payment.pk}/"
    assert [other.get(path).status_code, other.post(f"{path}ask/").status_code] == [404, 404]
    assert (reread(payment).state, read_rows(other.get("/wallet/payments/"))) == ("pending", [])


def test_payments_are_listed_with_their_states(bank, browser, payer):
    first, second = begin(payer), begin(payer, 7_000)
    come_back(browser, first)
    rows = [[row[0], *row[2:]] for row in read_rows(browser.get("/wallet/payments/"))]
    assert rows == [
        [f"#{second.pk}", "Waiting for the bank", "7,000", "0", "—"],
        [f"#{first.pk}", "Paid", "50,000", "0", f"PDF of #{first.pk}"],
    ]
    shown = [row[0] for row in read_rows(browser.get("/wallet/")) if len(row) == 6]
    assert shown == [f"#{second.pk}", f"#{first.pk}"]


def test_the_statement_leads_from_money_to_its_payment(bank, browser, payer):
    BonusStep.objects.create(amount_from=50_000, percent=10)
    payment = begin(payer, coupon=make_coupon(value=2).code)
    come_back(browser, payment)
    page = browser.get("/wallet/")
    table = [row[1:] for row in read_rows(page) if len(row) == 4]
    bank_number = reread(payment).reference
    assert table == [
        [f"Bonus Payment #{payment.pk} SUMMER", "1,000", "56,000"],
        [f"Bonus Payment #{payment.pk}", "5,000", "55,000"],
        [f"Payment #{payment.pk} {bank_number}", "50,000", "50,000"],
    ]
    assert len(find_all(page, "a", href=f"/wallet/payments/{payment.pk}/")) == 4


def test_no_payments_say_so(browser):
    assert find_all(browser.get("/wallet/payments/"), "div", class_="empty") != []


def test_a_paid_payment_shows_its_receipt(bank, browser, payer):
    payment = begin(payer, coupon=make_coupon().code)
    come_back(browser, payment)
    page = browser.get(f"/wallet/payments/{payment.pk}/")
    facts = dict(zip(read_texts(page, "dt"), read_texts(page, "dd"), strict=True))
    del facts["Started"], facts["Paid at"]
    assert facts == {
        "Amount": "50,000 toman",
        "On top": "5,000 toman",
        "Coupon": "SUMMER",
        "The bank's number": reread(payment).reference,
        "Card": "502229******5995",
    }
    assert find_all(page, "button", data_once=None) == []
    assert find_all(page, "a", rel="noopener noreferrer") == []


def test_the_bank_is_asked_again_by_a_button(bank, browser, payer):
    payment = begin(payer)
    path = f"/wallet/payments/{payment.pk}/ask/"
    page = browser.post(path, follow=True)
    assert read_banner(page) == ("alert alert-info", "The bank was asked: waiting for the bank.")
    pay_at_bank(payment, "close")
    page = browser.post(path, follow=True)
    assert read_banner(page) == ("alert alert-success", "The payment is in your wallet.")
    assert read_balance(payer.pk) == 50_000


def test_the_button_asks_only_so_often(bank, browser, payer):
    payment = begin(payer)
    Payment.objects.update(asks=FREE_ASKS)
    pay_at_bank(payment, "close")
    browser.post(f"/wallet/payments/{payment.pk}/ask/")
    assert reread(payment).state == "pending"


def test_a_coupon_is_redeemed_once(browser, payer):
    make_coupon("GIFT", kind="credit", value=5_000)
    page = browser.post("/wallet/coupon/", {"code": "gift"}, follow=True)
    assert read_banner(page) == ("alert alert-success", "Your coupon gave your wallet 5,000 toman.")
    again = browser.post("/wallet/coupon/", {"code": "gift"})
    assert (again.status_code, read_text(find_one(again, "p", id="error-code"))) == (
        422,
        "You have used this coupon already.",
    )
    assert read_balance(payer.pk) == 5_000


def test_what_a_form_answered_is_the_wallet_when_it_is_reloaded(browser):
    places = [browser.get(path).headers["Location"] for path in ("/wallet/pay/", "/wallet/coupon/")]
    assert places == ["/wallet/", "/wallet/"]


def test_marks_that_nobody_signed_are_not_known(browser, payer):
    for mark in ("", "x", "\0", sign_result(Payment(pk=10**9))):
        page = browser.get("/wallet/", {"payment": mark})
        assert read_banner(page)[0] == "alert alert-error"


def test_forms_stay_at_home_as_the_content_policy_asks(bank, browser):
    page = browser.get("/wallet/")
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    actions = {urlsplit(read_attributes(form).get("action", "")).netloc for form in find_all(page, "form")}
    assert actions == {""}
