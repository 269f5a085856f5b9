"""What becomes of a payment by the bank's answer: one short transaction that locks its row.

Whoever asked (a callback, a customer, an operator, the sweep) and in whatever order their answers are recorded:
`paid` is credited once, under the transfer key `payment:ID`, and nothing undoes it. `mismatch` stays as it is until a
person settles it. `canceled`, `failed` and `expired` are only what was last heard, and a later `paid` is believed.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account, Transfer, WalletEvent
from panel.wallet.payments.asking import Outcome
from panel.wallet.payments.bonuses import find_bonus
from panel.wallet.payments.coupons import lock_coupon, take_payment_coupon
from panel.wallet.payments.models import Payment
from panel.wallet.payments.refusals import CouponRefused

State = Payment.State
SETTLED = (State.PAID, State.MISMATCH)
OPEN = (State.PENDING, State.CANCELED)  # the bank is asked about these by itself
WAIT_MINUTES = (1, 2, 5, 10, 20, 40, 60)
MOST_ASKS = 1_000  # counted no further


def record_answer(payment_id, answer, left=False):
    """Record the bank's Answer and return the payment as it is then; `left`: the customer came back unpaid."""
    with transaction.atomic():
        payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
        if payment.state in SETTLED:
            return payment
        payment.asks = min(payment.asks + 1, MOST_ASKS)
        if answer.outcome is Outcome.PAID:
            _credit(payment, answer.paid)
        elif answer.outcome is Outcome.MISMATCH:
            _set_apart(payment, answer)
        else:
            _keep(payment, answer, left)
        payment.save()
    return payment


def wait_before_ask(asks):
    """How long to wait before a bank that was asked `asks` times, once or more, is asked again."""
    return timedelta(minutes=WAIT_MINUTES[min(asks, len(WAIT_MINUTES)) - 1]) * settings.WAIT_SCALE


def is_given_up(payment, now):
    """Whether the payment is older than settings.PAYMENT_GIVE_UP_HOURS."""
    return now - payment.created >= timedelta(hours=settings.PAYMENT_GIVE_UP_HOURS)


def _credit(payment, paid):
    """Money, bonus, coupon and event; the caller holds the row's lock and saves it.

    The coupon's row is locked before the wallet, as it is where a coupon is redeemed.
    """
    coupon = lock_coupon(payment)
    moved = _move(
        payment, Account.Kind.GATEWAY, payment.amount, Transfer.Kind.PAYMENT, reference=paid.reference
    )
    bonus = find_bonus(payment.amount)
    if bonus:
        _move(payment, Account.Kind.PROMOTIONS, bonus, Transfer.Kind.BONUS, ":bonus", str(payment.pk))
    lost_coupon = ""
    if coupon:
        try:
            bonus += take_payment_coupon(payment, coupon)
        except CouponRefused:
            lost_coupon = coupon.code
    payment.state, payment.reason, payment.next_ask_at = State.PAID, "", None
    payment.bonus, payment.paid_at = bonus, timezone.now()
    payment.reference, payment.card = paid.reference[:64], paid.card[:32]
    told = {"payment": payment.pk, "amount": payment.amount, "bonus": bonus, "currency": moved.currency}
    told |= {"transfer": moved.pk, "lost_coupon": lost_coupon}
    WalletEvent.objects.create(customer_id=payment.customer_id, kind="paid", data=told)


def _move(payment, house, amount, kind, suffix="", reference=""):
    return transfer(
        debit_id=house_id(house),
        credit_id=open_wallet(payment.customer_id).pk,
        amount=amount,
        kind=kind,
        key=f"payment:{payment.pk}{suffix}",
        reference=reference[:128],
    )


def _set_apart(payment, answer):
    payment.state, payment.reason, payment.next_ask_at = State.MISMATCH, answer.reason[:300], None
    if answer.paid is not None:
        payment.card = answer.paid.card[:32]
    _tell_operators(payment, "mismatch")


def _keep(payment, answer, left):
    """Not paid, or not known: asked again later unless it is over."""
    now = timezone.now()
    payment.reason = answer.reason[:300]
    unclear = answer.outcome is Outcome.UNCLEAR
    if answer.outcome is Outcome.NEVER:
        payment.state = State.FAILED
    elif left and payment.state == State.PENDING and not unclear:
        payment.state = State.CANCELED
    if payment.state not in OPEN:
        payment.next_ask_at = None
    elif not is_given_up(payment, now):
        payment.next_ask_at = now + wait_before_ask(payment.asks)
    else:
        payment.next_ask_at = None
        if unclear or payment.state == State.PENDING:
            payment.state = State.EXPIRED
        if unclear:
            _tell_operators(payment, "payment_unclear")


def _tell_operators(payment, kind):
    told = {"payment": payment.pk, "amount": payment.amount}
    WalletEvent.objects.create(customer_id=payment.customer_id, kind=kind, data=told)
