"""Referral links, and the referrer's share of payments."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F

from panel.accounts.models import Customer
from panel.lib.events import handle_events
from panel.rewards.models import Referral, ReferralCode, ReferralReward
from panel.rewards.referrals import find_code, is_code, note_referral, share_payment, sum_earnings
from panel.wallet.gateways.base import Paid
from panel.wallet.house import house_balance
from panel.wallet.ledger import read_balance
from panel.wallet.models import Account, Payment, Transfer, WalletEvent
from panel.wallet.payments.asking import Answer, Outcome
from panel.wallet.payments.recording import record_answer
from panel.wallet.signals import wallet_event
from panel.wallet.tasks import handle_batch
from tests.factories import make_customer
from tests.panel.rewards.conftest import change
from tests.together import run_together

pytestmark = pytest.mark.django_db


def make_pair():
    """A referrer and whom they brought."""
    referrer, brought = make_customer(), make_customer()
    assert note_referral(brought, find_code(referrer.pk)) is True
    return referrer, brought


def pay(customer, amount=10_000):
    """A payment that the bank confirmed just now."""
    payment = Payment.objects.create(
        customer=customer, gateway="zarinpal", amount=amount, state=Payment.State.PENDING
    )
    return record_answer(payment.pk, Answer(Outcome.PAID, paid=Paid("201", amount, "")))


def tell():
    while handle_events(WalletEvent, wallet_event):
        pass


def shares():
    return list(ReferralReward.objects.order_by("payment").values_list("payment", "amount"))


@pytest.mark.django_db(transaction=True)
def test_a_code_is_made_once_however_many_ask():
    customer = make_customer()
    codes = set(run_together(*[lambda: find_code(customer.pk)] * 8))
    assert codes == set(ReferralCode.objects.values_list("code", flat=True))
    (code,) = codes
    assert (len(code), is_code(code), is_code(code.upper()), is_code(code + "x")) == (8, True, True, False)


@pytest.mark.parametrize("text", ["", None, 7, "a" * 17, "\x00", "ثثثثثثثث", ["x"]])
def test_what_is_no_code_is_nobody_s(text):
    assert (is_code(text), note_referral(make_customer(), text)) == (False, False)


@pytest.mark.django_db(transaction=True)
def test_a_referral_is_written_once_and_stays():
    first, second, brought = make_customer(), make_customer(), make_customer()
    works = [lambda one=one: note_referral(brought, find_code(one.pk)) for one in (first, second) * 4]
    assert sorted(run_together(*works)) == [False] * 7 + [True]
    referrer_id = Referral.objects.get().referrer_id
    assert note_referral(brought, find_code(second.pk)) is False
    assert list(Referral.objects.values_list("customer_id", "referrer_id")) == [(brought.pk, referrer_id)]


def test_nobody_refers_themselves_the_old_or_those_before_them():
    first, second = make_customer(), make_customer()
    assert note_referral(first, find_code(first.pk)) is False
    assert note_referral(first, find_code(second.pk)) is False  # in a circle with the next line
    Customer.objects.update(created=F("created") - timedelta(days=2))
    second.refresh_from_db()
    assert note_referral(second, find_code(first.pk)) is False
    assert Referral.objects.count() == 0


def test_a_locked_referrer_brings_nobody():
    referrer = make_customer(is_active=False)
    assert note_referral(make_customer(), find_code(referrer.pk)) is False


@pytest.mark.django_db(transaction=True)
def test_the_share_of_a_payment_is_a_transfer_from_promotions(rules):
    referrer, brought = make_pair()
    payment = pay(brought, 12_345)
    tell()
    row = Transfer.objects.get(key=f"referral:payment:{payment.pk}")
    told = WalletEvent.objects.get(kind="referral")
    assert (row.amount, row.kind, shares()) == (1_234, "referral", [(payment.pk, 1_234)])
    assert (read_balance(referrer.pk), read_balance(brought.pk)) == (1_234, 12_345)
    assert house_balance(Account.Kind.PROMOTIONS) == -1_234
    assert (told.customer_id, told.data) == (
        referrer.pk,
        {"amount": 1_234, "currency": "toman", "transfer": row.pk},
    )
    assert sum_earnings(referrer.pk) == (1, 1_234)
    assert WalletEvent.objects.filter(handled_at=None).count() == 0
    call_command("audit_ledger")


def test_only_the_first_payments_count(rules):
    referrer, brought = make_pair()
    payments = [pay(brought, 1_000 * n) for n in (1, 2, 3)]
    tell()
    assert shares() == [(payments[0].pk, 100), (payments[1].pk, 200)]
    assert read_balance(referrer.pk) == 300


def test_a_later_payment_is_no_first_one_though_its_event_comes_before(rules):
    change(rules, referral_payments=1)
    brought = make_pair()[1]
    first, second = pay(brought, 1_000), pay(brought, 2_000)
    _share(second.pk)
    _share(first.pk)
    assert shares() == [(first.pk, 100)]


@pytest.mark.django_db(transaction=True)
def test_an_event_handled_twice_and_at_once_gives_once(rules):
    referrer, brought = make_pair()
    payment = pay(brought)
    again = WalletEvent.objects.get(kind="paid").data
    WalletEvent.objects.create(customer=brought, kind="paid", data=again)
    run_together(*[tell] * 8)
    assert shares() == [(payment.pk, 1_000)]
    assert read_balance(referrer.pk) == 1_000
    assert WalletEvent.objects.filter(kind="referral").count() == 1
    assert WalletEvent.objects.filter(failures__gt=0).count() == 0


@pytest.mark.django_db(transaction=True)
def test_payments_at_once_are_not_more_than_the_rules_say(rules):
    referrer, brought = make_pair()
    payments = [pay(brought) for _ in range(6)]
    run_together(*[lambda one=one: _share(one.pk) for one in payments])
    assert shares() == [(payment.pk, 1_000) for payment in payments[:2]]
    assert read_balance(referrer.pk) == 2_000


@pytest.mark.django_db(transaction=True)
def test_workers_that_share_payments_at_once_do_not_wait_for_each_other(rules):
    change(rules, referral_payments=1_000)
    pairs = [make_pair(), make_pair()]
    for turn in range(60):  # batches of three meet the two referrers in either order
        pay(pairs[turn // 2 % 2][1])
    run_together(*[_tell_by_threes] * 4)
    assert [read_balance(referrer.pk) for referrer, _ in pairs] == [30_000, 30_000]
    assert WalletEvent.objects.exclude(failures=0).count() == 0


def _tell_by_threes():
    while handle_batch(3):
        pass


def _share(payment_id):
    with transaction.atomic():
        share_payment(payment_id)


@pytest.mark.parametrize(
    ("off", "amount"), [({"referral_percent": 0}, 10_000), ({"referral_payments": 0}, 10_000), ({}, 9)]
)
def test_what_brings_no_share_leaves_nothing(rules, off, amount):
    change(rules, **off)
    referrer, brought = make_pair()
    pay(brought, amount)
    tell()
    assert (shares(), read_balance(referrer.pk)) == ([], 0)
    assert WalletEvent.objects.filter(handled_at=None).count() == 0


def test_a_payment_that_is_not_paid_brings_no_share(rules):
    brought = make_pair()[1]
    payment = Payment.objects.create(customer=brought, gateway="zarinpal", amount=10_000)
    _share(payment.pk)
    assert (shares(), Transfer.objects.count()) == ([], 0)


def test_a_customer_nobody_brought_pays_in_peace(rules):
    pay(make_customer())
    tell()
    assert (shares(), Transfer.objects.filter(kind="referral").count()) == ([], 0)
    assert WalletEvent.objects.filter(handled_at=None).count() == 0
