"""Why a payment was not started or a coupon not taken: a closed list, with its sentences."""

from enum import Enum

from django.utils.translation import gettext as _

from panel.lib.dates import format_number
from panel.lib.language import page_language


class Refusal(Enum):
    """Reasons of PaymentRefused and CouponRefused."""

    OFF = "off"  # no bank is set up
    AMOUNT_LOW = "amount_low"
    AMOUNT_HIGH = "amount_high"
    TOO_MANY = "too_many"
    BANK_REFUSED = "bank_refused"
    BANK_AWAY = "bank_away"
    COUPON_UNKNOWN = "coupon_unknown"  # or switched off
    COUPON_EARLY = "coupon_early"
    COUPON_OVER = "coupon_over"
    COUPON_USED_UP = "coupon_used_up"
    COUPON_USED = "coupon_used"  # by this customer, as often as they may
    COUPON_SMALL = "coupon_small"
    COUPON_FOR_PAYMENTS = "coupon_for_payments"
    COUPON_FOR_CREDIT = "coupon_for_credit"


class PaymentRefused(Exception):
    """Nobody was sent to a bank. `limit` is the bound that was crossed."""

    def __init__(self, code, limit=None):
        super().__init__(code.value)
        self.code = code
        self.limit = limit


class CouponRefused(PaymentRefused):
    """The coupon gives nothing here, and nothing was changed."""


def describe(refused):
    """The refusal as a sentence for people: what happened and what to do, in the active language."""
    sentence = {
        Refusal.OFF: _("Payments by card are switched off at the moment."),
        Refusal.AMOUNT_LOW: _("Enter an amount of at least %(limit)s toman."),
        Refusal.AMOUNT_HIGH: _("Enter an amount of at most %(limit)s toman."),
        Refusal.TOO_MANY: _("You started many payments in the last hour. Finish one of them or try later."),
        Refusal.BANK_REFUSED: _("The bank did not accept this payment. Try another amount, or tell support."),
        Refusal.BANK_AWAY: _(
            "The bank does not answer at the moment; no money moved. Try again in a minute."
        ),
        Refusal.COUPON_UNKNOWN: _("There is no such coupon. Check the code."),
        Refusal.COUPON_EARLY: _("This coupon is not good yet."),
        Refusal.COUPON_OVER: _("This coupon is over."),
        Refusal.COUPON_USED_UP: _("This coupon is used up."),
        Refusal.COUPON_USED: _("You have used this coupon already."),
        Refusal.COUPON_SMALL: _("This coupon is for payments from %(limit)s toman on."),
        Refusal.COUPON_FOR_PAYMENTS: _("This coupon adds to a payment: enter it when you add funds."),
        Refusal.COUPON_FOR_CREDIT: _("This coupon gives credit at once: redeem it instead."),
    }[refused.code]
    limit = "" if refused.limit is None else format_number(refused.limit, page_language())
    return sentence % {"limit": limit}
