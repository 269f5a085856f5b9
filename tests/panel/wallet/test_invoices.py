"""Invoices of payments, the words of documents, and who sells."""

import pytest
from django.test import override_settings
from django.utils import translation

from panel.wallet.checks import check_seller
from panel.wallet.invoices import (
    NoInvoice,
    draw_invoice,
    list_customer_facts,
    list_seller_facts,
    make_invoice,
)
from panel.wallet.models import BonusStep
from panel.wallet.monthly_statements import make_statement, name_month, word_entry
from panel.wallet.months import Month, read_month
from panel.wallet.payments.verifying import settle_payment
from panel.wallet.statement import find_wallet, list_all
from tests.factories import make_customer
from tests.panel.dashboard.conftest import open_browser
from tests.panel.wallet.payments.conftest import bank as bank
from tests.panel.wallet.payments.steps import begin, make_coupon, pay_at_bank, reread

SELLER = {
    "INVOICE_SELLER_NAME": "Shop",
    "INVOICE_SELLER_ADDRESS": "",
    "INVOICE_SELLER_TAX_ID": "1400",
    "INVOICE_SELLER_PHONE": "",
}


@pytest.fixture
def payer(db):
    return make_customer()


@pytest.fixture
def paid(bank, payer):
    """A payment of 50,000 toman with a bonus of 5,000 and a coupon's 1,000 on top."""
    BonusStep.objects.create(amount_from=50_000, percent=10)
    payment = begin(payer, coupon=make_coupon(value=2).code)
    pay_at_bank(payment)
    return settle_payment(reread(payment))


def test_an_invoice_has_what_the_ledger_says(paid):
    invoice = make_invoice(paid)
    assert (invoice.paid, invoice.credited) == (50_000, 56_000)
    assert invoice.lines == [("payment", 50_000), ("bonus", 5_000), ("bonus", 1_000)]


def test_without_a_confirmed_payment_there_is_no_invoice(bank, payer):
    with pytest.raises(NoInvoice):
        make_invoice(begin(payer))


@pytest.mark.parametrize("language", ["fa", "en"])
def test_an_invoice_is_one_page(paid, language):
    content = draw_invoice(make_invoice(paid), language)
    assert (content[:5], content.count(b"/Type /Page\n"), content.count(b"/FontFile2")) == (b"%PDF-", 1, 2)


def test_its_customer_downloads_it_and_nobody_else(paid, payer):
    path = f"/wallet/payments/{paid.pk}/invoice.pdf"
    page = open_browser(payer).get(path)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "application/pdf")
    assert page.headers["Content-Disposition"] == f'attachment; filename="invoice-{paid.pk}.pdf"'
    assert open_browser(make_customer()).get(path).status_code == 404


def test_what_is_not_set_of_the_seller_is_left_out(db):
    with override_settings(**SELLER), translation.override("en"):
        assert list_seller_facts() == [("Seller", "Shop"), ("Tax id", "1400")]
    customer = make_customer(first_name="Sara", last_name="Ahmadi")
    with translation.override("en"):
        assert list_customer_facts(customer) == [("Customer", "Sara Ahmadi"), ("Mobile", customer.mobile)]


def test_a_seller_without_a_name_is_told_of_outside_debug():
    with override_settings(DEBUG=False, INVOICE_SELLER_NAME=""):
        assert [fault.id for fault in check_seller(None)] == ["panel.W007"]
    with override_settings(DEBUG=False, INVOICE_SELLER_NAME="Shop"):
        assert check_seller(None) == []
    with override_settings(DEBUG=True, INVOICE_SELLER_NAME=""):
        assert check_seller(None) == []


def test_a_statement_s_balances_agree_with_its_lines(paid, payer):
    wallet = find_wallet(payer.pk)
    now = paid.paid_at
    statement = make_statement(wallet, Month(now.year, now.month))
    assert (statement.opening, statement.gained, statement.spent, statement.closing) == (0, 56_000, 0, 56_000)
    later = make_statement(wallet, Month(now.year, now.month).step(1))
    assert (later.opening, later.closing) == (56_000, 56_000)
    with translation.override("en"):
        words = [word_entry(entry) for entry in list_all(wallet)]
    assert words == [f"Bonus {paid.pk} (SUMMER)", f"Bonus {paid.pk}", f"Payment {paid.pk} ({paid.reference})"]


@pytest.mark.parametrize(
    ("month", "begin", "end", "persian", "english"),
    [
        (Month(1405, 9), "2026-11-22", "2026-12-22", "آذر ۱۴۰۵", "Azar 1405"),
        (Month(1405, 12), "2027-02-20", "2027-03-21", "اسفند ۱۴۰۵", "Esfand 1405"),
        (Month(2026, 12), "2026-12-01", "2027-01-01", "December 2026", "December 2026"),
    ],
)
def test_months_of_both_calendars(month, begin, end, persian, english):
    assert (month.begin.date().isoformat(), month.end.date().isoformat()) == (begin, end)
    assert (name_month(month, "fa"), name_month(month, "en")) == (persian, english)
    assert month.step(12).step(-12) == month


@pytest.mark.parametrize(("year", "month"), [(1405, 13), (1405, 0), (1700, 1), (0, 0)])
def test_there_are_no_other_months(year, month):
    with pytest.raises(ValueError, match="no month"):
        read_month(year, month)
