"""Settling payments: the bank is asked, outside of any transaction, and its answer is recorded in one.

What a callback says is a hint and never believed: the bank is asked about the amount of our own row in every case.

| the process dies | what is there afterwards |
|---|---|
| before or while the bank is asked | the payment as it was; `next_ask_at` has it asked again |
| after the bank's answer, before it is recorded | the same: the bank then says "verified before", which is paid |
| while it is recorded | one transaction: credit, bonus, coupon, state and event, or none of them |
| in the sweep, after payments were claimed | their lease (`next_ask_at`) runs out and they are asked about again |
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from panel.lib.tracing import carry
from panel.wallet.gateways.zarinpal import ZarinpalGateway
from panel.wallet.payments.asking import Answer, Outcome, ask_bank
from panel.wallet.payments.models import Payment
from panel.wallet.payments.recording import OPEN, SETTLED, record_answer

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2) * settings.WAIT_SCALE
CLAIM_SIZE = 16
POOL_SIZE = 4
RUN_SECONDS = 50
FREE_ASKS = (
    50  # beyond these only the sweep and operators ask: a callback may come as often as somebody likes
)
MAX_AUTHORITY = 64


def settle_payment(payment, left=False):
    """Ask the bank about the payment, credit it where it is paid, and return it as it is then.

    `left`: the customer came back without paying, as the callback has it. Safe to call at any time, by many at once.
    """
    if payment.state in SETTLED or payment.authority is None:
        return payment
    return record_answer(payment.pk, ask_bank(payment), left)


def settle_on_request(payment, left=False):
    """`settle_payment` for callers that anybody may be: a payment that was asked about often enough is left alone."""
    return payment if payment.asks >= FREE_ASKS else settle_payment(payment, left)


def find_callback_payment(authority):
    """The payment that a callback names by its authority, or None."""
    fits = isinstance(authority, str) and authority.isalnum() and len(authority) <= MAX_AUTHORITY
    if not fits:
        return None
    return Payment.objects.filter(gateway=ZarinpalGateway.name, authority=authority).first()


def sweep_payments():
    """Ask about every payment that is due; return how many were asked about. Safe to run many times at once."""
    fail_abandoned()
    stop, asked = monotonic() + RUN_SECONDS, 0
    with ThreadPoolExecutor(POOL_SIZE, thread_name_prefix="bank") as pool:
        while monotonic() < stop and (payments := claim_payments(CLAIM_SIZE)):
            # The threads only call the bank; what it said is recorded here.
            told = [pool.submit(carry(_ask, payment)) for payment in payments]
            for payment, answer in zip(payments, told, strict=True):
                _record(payment, answer.result())
            asked += len(payments)
    return asked


def _ask(payment):
    try:
        return ask_bank(payment)
    except Exception:  # one payment's trouble must not keep the others from being asked about
        log.exception("the bank was not asked about payment %s", payment.pk)
        return Answer(Outcome.UNCLEAR, "asking failed; the log says why")


def _record(payment, answer):
    try:
        record_answer(payment.pk, answer)
    except Exception:  # its lease runs out and it is asked about again
        log.exception("the bank's answer on payment %s was not recorded", payment.pk)


def claim_payments(limit):
    """Lease up to `limit` due payments to this process and return them."""
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Payment.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(next_ask_at__lte=now, state__in=OPEN)
            .order_by("next_ask_at")[:limit]
        )
        Payment.objects.filter(pk__in=[row.pk for row in rows]).update(next_ask_at=now + _find_lease())
    return rows


def fail_abandoned():
    """Close payments that were left behind while they were being started: nobody was sent to the bank."""
    abandoned = Payment.objects.filter(
        next_ask_at__lte=timezone.now(), state=Payment.State.NEW, authority=None
    )
    abandoned.update(
        state=Payment.State.FAILED, next_ask_at=None, reason="left behind before the customer was sent on"
    )


def _find_lease():
    """Longer than a claim's calls can take, so that no other process asks meanwhile."""
    return LEASE + timedelta(seconds=settings.PAYMENT_DEADLINE_SECONDS * CLAIM_SIZE / POOL_SIZE)
