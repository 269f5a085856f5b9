"""Asking the bank about payments: what its answer means, without touching the database."""

import enum
from dataclasses import dataclass

from panel.wallet.gateways.base import AmountMismatch, GatewayError, NotPaid, Paid
from panel.wallet.gateways.opening import GatewayMissing, open_gateway


class Outcome(enum.Enum):
    """What a bank may say of a payment."""

    PAID = "paid"
    MISMATCH = "mismatch"  # money came, but not this amount
    NOT_PAID = "not_paid"  # and it may still be
    NEVER = "never"  # not paid, and it never will be
    UNCLEAR = "unclear"  # the bank did not answer, or nothing that can be understood


@dataclass(frozen=True, slots=True)
class Answer:
    """`reason` is for operators, without secrets; `paid` the bank's word with outcome PAID."""

    outcome: Outcome
    reason: str = ""
    paid: Paid | None = None


def ask_bank(payment):
    """The Answer to whether the `amount` of our own row was paid under its authority. One HTTP call."""
    try:
        paid = open_gateway(payment.gateway).verify(payment.authority, payment.amount)
    except AmountMismatch as error:
        return Answer(Outcome.MISMATCH, error.reason)
    except NotPaid as error:
        return Answer(Outcome.NEVER if error.final else Outcome.NOT_PAID, error.reason)
    except GatewayError as error:
        return Answer(Outcome.UNCLEAR, error.reason)
    except GatewayMissing:
        return Answer(Outcome.UNCLEAR, "this gateway is not set up any more")
    if paid.amount is not None and paid.amount != payment.amount:
        return Answer(Outcome.MISMATCH, f"the bank tells of {paid.amount} toman", paid)
    return Answer(Outcome.PAID, "", paid)
