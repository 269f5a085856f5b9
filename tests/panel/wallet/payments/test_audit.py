"""The audit of payments and coupons: each way in which the rows and the transfers can differ is told."""

import pytest

from panel.wallet.audit import find_drifts, list_added_checks
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import BonusStep, CouponUse, Payment
from panel.wallet.payments.audit import PAYMENT_CHECKS
from panel.wallet.payments.coupons import redeem_coupon
from panel.wallet.payments.verifying import settle_payment
from tests.factories import make_customer
from tests.panel.wallet.payments.steps import begin, make_coupon, pay_at_bank

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(bank, customer):
    """A payment with everything on top of it, beside a redeemed coupon."""
    BonusStep.objects.create(amount_from=1, percent=1)
    make_coupon()
    make_coupon("GIFT", kind="credit", value=300)
    redeem_coupon(customer.pk, "GIFT")
    payment = begin(customer, coupon="SUMMER")
    pay_at_bank(payment)
    return settle_payment(payment)


@pytest.fixture
def drifts():
    """drifts() gives the lines that tell of a drift."""

    return lambda: [line for check in PAYMENT_CHECKS for line in find_drifts(check)]


def give(customer, amount, kind, key, house="gateway"):
    return transfer(
        debit_id=house_id(house),
        credit_id=open_wallet(customer.pk).pk,
        amount=amount,
        kind=kind,
        key=key,
    ).pk


def test_they_are_part_of_the_audit():
    assert set(PAYMENT_CHECKS) <= set(list_added_checks())


def test_a_clean_book_passes(paid, drifts):
    assert drifts() == []


def test_a_payment_that_is_not_paid_has_no_transfer(paid, drifts):
    Payment.objects.filter(pk=paid.pk).update(state="canceled", bonus=0)
    assert drifts() == [
        f"transfer {_last(f'payment:{paid.pk}')} (payment:{paid.pk}): no paid payment stands behind it",
        f"payment {paid.pk}: 0 toman on top, its transfers say 5500",
    ]


def test_a_paid_payment_has_its_transfer(customer, drifts):
    row = Payment.objects.create(customer=customer, gateway="zarinpal", amount=7, state="paid")
    assert drifts() == [f"payment {row.pk}: 7 toman without a transfer"]


def test_amount_and_owner_are_those_of_the_payment(paid, customer, drifts):
    other = make_customer()
    Payment.objects.filter(pk=paid.pk).update(amount=50_001)
    assert drifts() == [
        f"payment {paid.pk}: 50001 toman of customer {customer.pk}, its transfer gives 50000 to {customer.pk}"
    ]
    Payment.objects.filter(pk=paid.pk).update(amount=50_000, customer=other)
    CouponUse.objects.filter(payment=paid).update(customer=other)
    assert len(drifts()) == 3


def test_what_is_on_top_sums_up(paid, drifts):
    Payment.objects.filter(pk=paid.pk).update(bonus=5_499)
    assert drifts() == [f"payment {paid.pk}: 5499 toman on top, its transfers say 5500"]


def test_a_use_of_a_coupon_has_its_transfer_and_the_other_way_round(paid, customer, drifts):
    use = CouponUse.objects.create(coupon=paid.coupon, customer=customer, amount=9)
    moved = give(customer, 8, "bonus", "coupon:999999", house="promotions")
    assert sorted(drifts()) == [
        f"transfer {moved} (coupon:999999): no use of a coupon stands behind it",
        f"use of a coupon {use.pk}: 9 toman without a transfer",
    ]


@pytest.mark.parametrize("key", ["payment:x:bonus", "payment:1:2:bonus", f"payment:{10**18}:bonus"])
def test_a_bonus_belongs_to_a_payment_whatever_its_key_looks_like(paid, customer, drifts, key):
    moved = give(customer, 8, "bonus", key, house="promotions")
    assert drifts() == [f"transfer {moved} ({key}): no use of a coupon stands behind it"]


def test_money_for_a_payment_comes_from_nowhere_else(paid, customer, drifts):
    row = Payment.objects.create(customer=customer, gateway="zarinpal", amount=7, state="paid")
    give(customer, 7, "payment", f"payment:{row.pk}", house="adjustments")
    assert len(drifts()) == 1


def _last(key):
    return open_wallet(Payment.objects.get().customer_id).credits.get(key=key).pk
