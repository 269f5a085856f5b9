"""Coupons: what they give, to whom, how often, and that many at once get no more."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from panel.wallet.house import house_balance
from panel.wallet.ledger import read_balance
from panel.wallet.models import BonusStep, Coupon, CouponUse, WalletEvent
from panel.wallet.payments.bonuses import find_bonus
from panel.wallet.payments.coupons import check_payment_coupon, count_coupon, preview_bonus, redeem_coupon
from panel.wallet.payments.refusals import CouponRefused, Refusal, describe
from panel.wallet.payments.verifying import settle_payment
from tests.factories import make_customer
from tests.panel.wallet.payments.steps import begin, make_coupon, moved, pay_at_bank, reread
from tests.together import run_together

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


def refusal(work, *args):
    with pytest.raises(CouponRefused) as refused:
        work(*args)
    return refused.value.code


def test_a_credit_coupon_gives_once_and_tells(customer):
    coupon = make_coupon("GIFT", kind="credit", value=5_000)
    use = redeem_coupon(customer.pk, " gift ")
    assert moved(customer) == [(f"coupon:{use.pk}", 5_000, "bonus")]
    assert (use.coupon, use.amount, house_balance("promotions")) == (coupon, 5_000, -5_000)
    event = WalletEvent.objects.get()
    assert (event.kind, event.data["amount"], event.data["code"]) == ("coupon", 5_000, "GIFT")
    assert refusal(redeem_coupon, customer.pk, "GIFT") is Refusal.COUPON_USED
    assert (read_balance(customer.pk), CouponUse.objects.count()) == (5_000, 1)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"active": False}, Refusal.COUPON_UNKNOWN),
        ({"starts_at": NOW + DAY}, Refusal.COUPON_EARLY),
        ({"ends_at": NOW - DAY}, Refusal.COUPON_OVER),
        ({"uses_limit": 0}, Refusal.COUPON_USED_UP),
        ({"kind": "percent", "value": 10}, Refusal.COUPON_FOR_PAYMENTS),
    ],
)
def test_a_credit_coupon_that_is_not_good_gives_nothing(customer, fields, code):
    make_coupon("GIFT", **({"kind": "credit", "value": 5_000} | fields))
    assert refusal(redeem_coupon, customer.pk, "GIFT") is code
    assert (moved(customer), CouponUse.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"active": False}, Refusal.COUPON_UNKNOWN),
        ({"starts_at": NOW + DAY}, Refusal.COUPON_EARLY),
        ({"ends_at": NOW - DAY}, Refusal.COUPON_OVER),
        ({"uses_limit": 0}, Refusal.COUPON_USED_UP),
        ({"min_payment": 50_001}, Refusal.COUPON_SMALL),
        ({"kind": "credit"}, Refusal.COUPON_FOR_CREDIT),
    ],
)
def test_a_payment_coupon_that_is_not_good_is_refused(customer, fields, code):
    make_coupon(**fields)
    assert refusal(check_payment_coupon, customer.pk, "SUMMER", 50_000) is code


@pytest.mark.parametrize("code", ["", "  ", "NONE", "a\0b", "\ud800", "x" * 1_000_000, "SUMMER'--"])
def test_codes_that_nobody_made_are_unknown(customer, code):
    make_coupon()
    assert refusal(redeem_coupon, customer.pk, code) is Refusal.COUPON_UNKNOWN


def test_codes_are_read_with_the_digits_of_any_keyboard(customer):
    make_coupon("nowruz1405", kind="credit", value=10)
    assert redeem_coupon(customer.pk, "NOWRUZ۱۴۰۵").amount == 10


@pytest.mark.parametrize(
    ("fields", "amount", "added"),
    [
        ({"value": 10}, 50_009, 5_000),
        ({"value": 100}, 1_000, 1_000),
        ({"value": 10, "max_bonus": 3_000}, 50_000, 3_000),
        ({"value": 10, "max_bonus": 3_000}, 29_000, 2_900),
        ({"kind": "fixed", "value": 700, "max_bonus": 5}, 1_000, 700),
    ],
)
def test_what_a_coupon_adds(fields, amount, added):
    assert count_coupon(Coupon(**({"kind": "percent"} | fields)), amount) == added


def test_the_highest_step_that_fits_counts():
    for amount_from, percent, active in [(10_000, 5, True), (100_000, 10, True), (500_000, 99, False)]:
        BonusStep.objects.create(amount_from=amount_from, percent=percent, active=active)
    amounts = (9_999, 10_000, 99_999, 100_000, 900_009)
    assert [find_bonus(amount) for amount in amounts] == [0, 500, 4_999, 10_000, 90_000]


def test_a_coupon_that_ends_while_the_customer_pays_is_honoured(bank, customer):
    coupon = make_coupon()
    payment = begin(customer, coupon="SUMMER")
    Coupon.objects.filter(pk=coupon.pk).update(ends_at=NOW - DAY)
    pay_at_bank(payment)
    settle_payment(payment)
    assert (read_balance(customer.pk), reread(payment).bonus) == (55_000, 5_000)


def test_a_coupon_that_is_switched_off_meanwhile_gives_nothing_and_the_customer_is_told(bank, customer):
    coupon = make_coupon()
    payment = begin(customer, coupon="SUMMER")
    Coupon.objects.filter(pk=coupon.pk).update(active=False)
    pay_at_bank(payment)
    settle_payment(payment)
    assert (read_balance(customer.pk), reread(payment).bonus) == (50_000, 0)
    assert WalletEvent.objects.get(kind="paid").data["lost_coupon"] == "SUMMER"


def test_a_coupon_that_gives_credit_since_the_payment_was_started_adds_nothing(bank, customer):
    coupon = make_coupon()
    payment = begin(customer, coupon="SUMMER")
    Coupon.objects.filter(pk=coupon.pk).update(kind="credit", value=5_000)
    pay_at_bank(payment)
    assert preview_bonus(reread(payment)) == 0
    settle_payment(payment)
    assert (read_balance(customer.pk), reread(payment).bonus, CouponUse.objects.count()) == (50_000, 0, 0)
    assert WalletEvent.objects.get(kind="paid").data["lost_coupon"] == "SUMMER"


@pytest.mark.django_db(transaction=True)
def test_twenty_redeems_of_a_coupon_for_one_are_one(customer):
    make_coupon("GIFT", kind="credit", value=5_000, uses_limit=1)
    people = [customer] * 10 + [make_customer() for _ in range(10)]
    answers = run_together(*[lambda who=who: redeem_coupon(who.pk, "GIFT") for who in people])
    refused = [answer.code for answer in answers if isinstance(answer, CouponRefused)]
    assert (len(refused), CouponUse.objects.count(), house_balance("promotions")) == (19, 1, -5_000)
    assert set(refused) <= {Refusal.COUPON_USED, Refusal.COUPON_USED_UP}
    call_command("audit_ledger")


@pytest.mark.django_db(transaction=True)
def test_twenty_payments_at_once_with_a_coupon_for_one_use_it_once(bank, customer):
    make_coupon(uses_limit=1, uses_per_customer=5)
    people = [customer] * 4 + [make_customer() for _ in range(16)]
    payments = [begin(who, 10_000, coupon="SUMMER") for who in people]
    for payment in payments:
        pay_at_bank(payment)
    run_together(*[lambda one=one: settle_payment(one) for one in payments])
    told = [event.data["lost_coupon"] for event in WalletEvent.objects.filter(kind="paid")]
    assert sorted(told) == [""] + ["SUMMER"] * 19
    assert sorted(reread(payment).bonus for payment in payments) == [0] * 19 + [1_000]
    assert sum(read_balance(who.pk) for who in {customer, *people}) == 20 * 10_000 + 1_000
    call_command("audit_ledger")


def test_every_refusal_has_a_sentence():
    sentences = {describe(CouponRefused(code, limit=1_000)) for code in Refusal}
    assert (len(sentences), any("%" in sentence for sentence in sentences)) == (len(Refusal), False)
