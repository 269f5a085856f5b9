"""Starting a payment: the row, the bank, and what may refuse it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from panel.api.panel_app.payments import VerifyPaymentView
from panel.wallet.gateways.base import Begun
from panel.wallet.gateways.zarinpal import ZarinpalGateway
from panel.wallet.models import Payment
from panel.wallet.payments.refusals import CouponRefused, PaymentRefused, Refusal
from panel.wallet.payments.starting import CALLBACK_PATH, start_payment
from panel.wallet.payments.verifying import sweep_payments
from tests.factories import make_customer
from tests.panel.wallet.payments.steps import begin, make_coupon, moved, reread

pytestmark = pytest.mark.django_db


def test_a_payment_waits_for_its_customer_at_the_bank(bank, customer):
    payment, url = start_payment(customer.pk, 1_000, "dashboard")
    row = reread(payment)
    assert (row.state, row.amount, row.gateway, row.channel) == ("pending", 1_000, "zarinpal", "dashboard")
    assert url == f"{bank.url}/bank/pg/StartPay/{row.authority}"
    session = bank.state.bank.find(row.authority)
    assert (session.amount, session.currency) == (10_000, "IRR")
    assert session.callback_url == "http://127.0.0.1:9/api/v1/user/payment/verify"
    assert session.description == f"Adding funds, payment {row.pk}"
    assert timedelta(0) < row.next_ask_at - timezone.now() < timedelta(seconds=61)
    assert moved(customer) == []


def test_the_callback_is_where_the_contract_answers(client):
    assert client.get(CALLBACK_PATH).resolver_match.func.view_class is VerifyPaymentView


@pytest.mark.django_db(transaction=True)
def test_the_row_is_committed_before_the_bank_is_asked(bank, customer, monkeypatch):
    seen = []

    def look(self, payment_id, *args, **kwargs):
        seen.append((connection.in_atomic_block, Payment.objects.get(pk=payment_id).state))
        raise KeyboardInterrupt  # as a process that is stopped here

    monkeypatch.setattr(ZarinpalGateway, "begin", look)
    with pytest.raises(KeyboardInterrupt):
        begin(customer)
    assert seen == [(False, "new")]
    Payment.objects.update(next_ask_at=timezone.now())
    sweep_payments()
    row = Payment.objects.get()
    assert (row.state, row.next_ask_at, row.authority) == ("failed", None, None)


def test_one_that_is_just_being_started_is_left_alone_by_the_sweep(bank, customer):
    now = timezone.now()
    row = Payment.objects.create(
        customer=customer, gateway="zarinpal", amount=1, next_ask_at=now + timedelta(minutes=1)
    )
    sweep_payments()
    assert reread(row).state == "new"


@pytest.mark.parametrize(
    ("amount", "code", "limit"),
    [
        (999, Refusal.AMOUNT_LOW, 1_000),
        (0, Refusal.AMOUNT_LOW, 1_000),
        (-5, Refusal.AMOUNT_LOW, 1_000),
        (50_000_001, Refusal.AMOUNT_HIGH, 50_000_000),
        (10**30, Refusal.AMOUNT_HIGH, 50_000_000),
    ],
)
def test_amounts_out_of_bounds_are_refused(bank, customer, amount, code, limit):
    with pytest.raises(PaymentRefused) as refused:
        begin(customer, amount)
    assert (refused.value.code, refused.value.limit) == (code, limit)
    assert Payment.objects.count() == 0


def test_without_a_bank_nobody_pays(settings, customer):
    settings.ZARINPAL_MERCHANT_ID = ""
    with pytest.raises(PaymentRefused) as refused:
        begin(customer)
    assert refused.value.code is Refusal.OFF


def test_a_bank_that_refuses_fails_the_payment(bank, settings, customer):
    settings.ZARINPAL_MERCHANT_ID = "unknown-merchant-0000000000000000000"
    with pytest.raises(PaymentRefused) as refused:
        begin(customer)
    row = Payment.objects.get()
    assert refused.value.code is Refusal.BANK_REFUSED
    assert (row.state, row.reason, row.next_ask_at) == (
        "failed",
        "the merchant or our address is not known to the bank (-10)",
        None,
    )


def test_a_bank_that_is_away_fails_the_payment(bank, settings, customer):
    settings.ZARINPAL_URL = "http://127.0.0.1:9/bank"
    with pytest.raises(PaymentRefused) as refused:
        begin(customer)
    assert (refused.value.code, Payment.objects.get().state) == (Refusal.BANK_AWAY, "failed")


def test_an_authority_that_another_payment_has_fails_this_one(bank, customer, monkeypatch):
    first = begin(customer)
    begun = Begun(first.authority, "http://127.0.0.1:9/")
    monkeypatch.setattr(ZarinpalGateway, "begin", lambda *args, **fields: begun)
    with pytest.raises(PaymentRefused) as refused:
        begin(customer)
    states = list(Payment.objects.order_by("pk").values_list("state", flat=True))
    assert (refused.value.code, states) == (Refusal.BANK_AWAY, ["pending", "failed"])


def test_a_customer_starts_so_many_in_an_hour(bank, settings, customer):
    settings.PAYMENTS_PER_HOUR = 2
    begin(customer)
    begin(customer)
    with pytest.raises(PaymentRefused) as refused:
        begin(customer)
    assert refused.value.code is Refusal.TOO_MANY
    begin(make_customer())
    Payment.objects.filter(customer=customer).update(state="paid")  # paid ones don't count
    begin(customer)


def test_a_bad_coupon_is_refused_before_the_bank_is_asked(bank, customer):
    make_coupon(min_payment=60_000)
    with pytest.raises(CouponRefused) as refused:
        begin(customer, 59_999, coupon="summer")
    assert (refused.value.code, refused.value.limit) == (Refusal.COUPON_SMALL, 60_000)
    assert Payment.objects.count() == 0


def test_a_good_coupon_is_kept_with_the_payment(bank, customer):
    coupon = make_coupon()
    assert begin(customer, coupon=" summer ").coupon == coupon
