"""Whether the bank can be paid at, by the newest payments."""

from datetime import timedelta

import pytest
from django.utils import timezone

from panel.lib.standing import Standing
from panel.wallet.payments.models import Payment
from panel.wallet.payments.refusals import PaymentRefused
from panel.wallet.payments.standing import judge_payments
from panel.wallet.payments.starting import start_payment


def make_payments(customer, *states, **fields):
    for state in states:
        Payment.objects.create(customer=customer, gateway="zarinpal", amount=1000, state=state, **fields)


def test_a_payment_that_got_to_the_bank_and_one_that_did_not(bank, customer, settings):
    assert judge_payments() == Standing.UNKNOWN
    start_payment(customer.pk, 10_000, "dashboard")
    assert judge_payments() == Standing.WORKING
    settings.ZARINPAL_URL = "http://127.0.0.1:9/bank"
    with pytest.raises(PaymentRefused):
        start_payment(customer.pk, 10_000, "dashboard")
    assert judge_payments() == Standing.FAILING


def test_what_customers_do_at_the_bank_is_not_held_against_it(bank, customer):
    for number, state in enumerate(("canceled", "failed", "expired", "pending")):
        make_payments(customer, state, authority=f"A{number}")
    make_payments(customer, "new")
    assert judge_payments() == Standing.WORKING


def test_one_in_ten_that_is_lost_is_trouble(bank, customer):
    for number in range(9):
        make_payments(customer, "paid", authority=f"A{number}")
    make_payments(customer, "failed")
    assert judge_payments() == Standing.TROUBLED


def test_payments_of_the_day_before_tell_nothing(bank, customer):
    make_payments(customer, "failed", created=timezone.now() - timedelta(hours=25))
    assert judge_payments() == Standing.UNKNOWN


def test_nothing_is_known_without_a_gateway(bank, customer, settings):
    make_payments(customer, "failed")
    settings.ZARINPAL_MERCHANT_ID = ""
    assert judge_payments() == Standing.UNKNOWN
