"""Referrals: who brought whom, and the referrer's share of the first payments of whom they brought."""

import secrets
from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from panel.rewards.models import Referral, ReferralCode, ReferralReward
from panel.rewards.rules import read_rules, shares_payments
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account, Payment, Transfer, WalletEvent

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are mistaken for each other
CODE_LENGTH = 8
COOKIE = "referral"  # in which a visitor's browser keeps the code until they sign up
NEW_FOR = timedelta(days=1)


def find_code(customer_id):
    """The code of the customer's referral link, made when it is asked for first."""
    while True:
        code = ReferralCode.objects.filter(customer_id=customer_id).values_list("code", flat=True).first()
        if code is not None:
            return code
        fresh = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        # A conflict is either this customer's own, made at the same moment, or somebody's same code.
        ReferralCode.objects.bulk_create(
            [ReferralCode(customer_id=customer_id, code=fresh)], ignore_conflicts=True
        )


def is_code(code):
    """Whether the text is the code of somebody who may still refer."""
    return _find_holders(code).exists()


def note_referral(customer, code):
    """Write down that the holder of `code` brought `customer`, who has just signed up; True when that was news.

    Never for oneself, never twice, never for an account older than a day, and only by accounts that were there
    first, so that nobody refers in a circle. Anything else is no error: a sign-up doesn't fail by its link.
    """
    if not code or customer.created < timezone.now() - NEW_FOR:
        return False
    holder = _find_holders(code).filter(customer__created__lt=customer.created).first()
    if holder is None or holder.customer_id == customer.pk:
        return False
    made = Referral.objects.get_or_create(customer=customer, defaults={"referrer_id": holder.customer_id})[1]
    return made


def _find_holders(code):
    fits = isinstance(code, str) and len(code) <= 16 and code.isascii() and code.isalnum()
    return ReferralCode.objects.filter(code=code.lower() if fits else "", customer__is_active=True)


def share_payment(payment_id):
    """Give the referrer of who paid a share, `floor(amount × percent ÷ 100)` toman, once for each payment.

    Only the first payments count, as many as the rules say. Inside the caller's transaction; the referral's row is
    locked, so payments of one customer are judged one after the other.
    """
    rules = read_rules()
    payment = Payment.objects.filter(pk=payment_id, state=Payment.State.PAID).first()
    if payment is None or not shares_payments(rules):
        return
    referral = (
        Referral.objects.select_for_update(of=("self",))
        .filter(customer_id=payment.customer_id, referrer__is_active=True)
        .first()
    )
    amount = payment.amount * rules.referral_percent // 100
    if referral is None or amount == 0 or not _counts(referral, payment, rules.referral_payments):
        return
    _pay(referral, payment, amount)


def _counts(referral, payment, first):
    """Whether the payment is one of the `first` ones and has no share yet."""
    rewards = ReferralReward.objects.filter(referral=referral)
    if rewards.filter(payment=payment).exists() or rewards.count() >= first:
        return False
    earlier = Q(paid_at__lt=payment.paid_at) | Q(paid_at=payment.paid_at, pk__lt=payment.pk)
    paid = Payment.objects.filter(customer_id=payment.customer_id, state=Payment.State.PAID)
    return paid.filter(earlier).count() < first


def _pay(referral, payment, amount):
    ReferralReward.objects.create(referral=referral, payment=payment, amount=amount)
    moved = transfer(
        debit_id=house_id(Account.Kind.PROMOTIONS),
        credit_id=open_wallet(referral.referrer_id).pk,
        amount=amount,
        kind=Transfer.Kind.REFERRAL,
        key=f"referral:payment:{payment.pk}",
    )
    told = {"amount": amount, "currency": moved.currency, "transfer": moved.pk}
    WalletEvent.objects.create(customer_id=referral.referrer_id, kind="referral", data=told)


def sum_earnings(customer_id):
    """`(customers brought, toman earned)` of the referrer."""
    sums = Referral.objects.filter(referrer_id=customer_id).aggregate(
        brought=Count("pk", distinct=True), earned=Sum("rewards__amount", default=0)
    )
    return sums["brought"], int(sums["earned"])
