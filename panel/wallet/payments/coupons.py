"""Coupon codes: what they give, and using them within their limits. Amounts are whole toman.

A use is counted under the lock of its coupon's row, in the transaction that moves its money: however many ask at
once, a coupon is used as often as it may be and each use has its transfer.
"""

from django.db import transaction
from django.utils import timezone

from panel.lib.dates import to_latin_digits
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account, Transfer, WalletEvent
from panel.wallet.payments.bonuses import find_bonus
from panel.wallet.payments.models import Coupon, CouponUse
from panel.wallet.payments.refusals import CouponRefused, Refusal

MAX_CODE = 32


def check_payment_coupon(customer_id, code, amount):
    """The coupon of this code, good for a payment of `amount` by the customer now. Raises CouponRefused."""
    coupon = _find(code)
    if coupon.kind == Coupon.Kind.CREDIT:
        raise CouponRefused(Refusal.COUPON_FOR_CREDIT)
    _check_dates(coupon)
    if amount < coupon.min_payment:
        raise CouponRefused(Refusal.COUPON_SMALL, limit=coupon.min_payment)
    _check_uses(coupon, customer_id)
    return coupon


def redeem_coupon(customer_id, code):
    """Give the customer what a coupon of kind `credit` holds, and return its CouponUse. Raises CouponRefused."""
    with transaction.atomic():
        coupon = _find(code, lock=True)
        if coupon.kind != Coupon.Kind.CREDIT:
            raise CouponRefused(Refusal.COUPON_FOR_PAYMENTS)
        _check_dates(coupon)
        _check_uses(coupon, customer_id)
        use = CouponUse.objects.create(coupon=coupon, customer_id=customer_id, amount=coupon.value)
        moved = _give(customer_id, coupon, use.amount, key=f"coupon:{use.pk}")
        told = {"amount": use.amount, "currency": moved.currency, "transfer": moved.pk, "code": coupon.code}
        WalletEvent.objects.create(customer_id=customer_id, kind="coupon", data=told)
    return use


def lock_coupon(payment):
    """The payment's coupon, its row locked, or None."""
    return Coupon.objects.select_for_update().filter(pk=payment.coupon_id).first()


def take_payment_coupon(payment, coupon):
    """Give what the payment's locked coupon adds and return the toman; the payment's row is locked too.

    Its dates counted when the payment was started. Raises CouponRefused when it was used up or switched off since,
    or made one that gives credit at once.
    """
    if not coupon.active or coupon.kind == Coupon.Kind.CREDIT:
        raise CouponRefused(Refusal.COUPON_UNKNOWN)
    _check_uses(coupon, payment.customer_id)
    amount = count_coupon(coupon, payment.amount)
    if amount:
        CouponUse.objects.create(
            coupon=coupon, customer_id=payment.customer_id, payment=payment, amount=amount
        )
        _give(payment.customer_id, coupon, amount, key=f"payment:{payment.pk}:coupon")
    return amount


def preview_bonus(payment):
    """What an unpaid payment would get on top, as things are: its step and its coupon."""
    bonus = find_bonus(payment.amount)
    return bonus + count_coupon(payment.coupon, payment.amount) if payment.coupon_id else bonus


def count_coupon(coupon, amount):
    """What the coupon adds to a payment of `amount`, in toman; percentages are rounded down."""
    if coupon.kind == Coupon.Kind.CREDIT:
        return 0
    if coupon.kind == Coupon.Kind.FIXED:
        return coupon.value
    added = amount * coupon.value // 100
    return added if coupon.max_bonus is None else min(added, coupon.max_bonus)


def read_code(text):
    """The code that a person typed, as it is stored: without spaces around it, in Latin digits; "" for none."""
    code = to_latin_digits(text).strip()
    return code if len(code) <= MAX_CODE and code.isprintable() else ""


def _find(text, lock=False):
    code = read_code(text)
    rows = Coupon.objects.select_for_update() if lock else Coupon.objects
    coupon = rows.filter(code__iexact=code, active=True).first() if code else None
    if coupon is None:
        raise CouponRefused(Refusal.COUPON_UNKNOWN)
    return coupon


def _check_dates(coupon):
    now = timezone.now()
    if coupon.starts_at and now < coupon.starts_at:
        raise CouponRefused(Refusal.COUPON_EARLY)
    if coupon.ends_at and now >= coupon.ends_at:
        raise CouponRefused(Refusal.COUPON_OVER)


def _check_uses(coupon, customer_id):
    uses = CouponUse.objects.filter(coupon=coupon)
    if uses.filter(customer_id=customer_id).count() >= coupon.uses_per_customer:
        raise CouponRefused(Refusal.COUPON_USED)
    if coupon.uses_limit is not None and uses.count() >= coupon.uses_limit:
        raise CouponRefused(Refusal.COUPON_USED_UP)


def _give(customer_id, coupon, amount, key):
    return transfer(
        debit_id=house_id(Account.Kind.PROMOTIONS),
        credit_id=open_wallet(customer_id).pk,
        amount=amount,
        kind=Transfer.Kind.BONUS,
        key=key,
        reference=coupon.code,
    )
