"""panel-app's words about orders, payments and rewards, with their meaning and what to do, for the reference."""

from django.utils.translation import gettext as _

from orders.refusals import OrderRefused, Refusal
from panel.api.docs.panel_app_words import NAME, tell_refusal
from panel.api.panel_app import errors as words
from panel.api.panel_app import gifts, payments, rewards
from panel.rewards.refusals import Refusal as RewardRefusal
from panel.wallet.payments.models import Payment
from panel.wallet.payments.refusals import Refusal as PaymentRefusal

PLACING, USING = ("order_create",), ("gift_use",)
WITH_LINK = PLACING + USING


def list_order_errors():
    """What placing and looking up an order are refused with, in the active language."""
    told = _tell_fields() | _tell_links() | _tell_money()
    told[Refusal.ORDER_UNKNOWN] = _("There is no such order."), _("Check the number."), ("order",)
    return [
        *(
            tell_refusal(*_word(code), meaning, advice, *calls)
            for code, (meaning, advice, calls) in told.items()
        ),
        tell_refusal(
            403, words.FORBIDDEN, _("It is another customer's order."), _("Check the number."), "order"
        ),
    ]


def _word(refusal):
    return words.word(OrderRefused(refusal, field=NAME, limit="N"))


def _tell_fields():
    unknown = _("There is no such service, or it can't be ordered now.")
    return {
        Refusal.SERVICE_UNKNOWN: (unknown, _("Read services again and choose another one."), PLACING),
        Refusal.QUANTITY_LOW: (
            _("The quantity is below the minimum N of the service; NAME is the field that it came from."),
            _("Order at least N."),
            PLACING,
        ),
        Refusal.QUANTITY_HIGH: (
            _("The quantity is above the maximum N of the service; NAME is the field that it came from."),
            _("Order at most N, or place several orders."),
            PLACING,
        ),
        Refusal.WORD_BLOCKED: (
            _("The field NAME has a word that isn't allowed."),
            _("Take the word out."),
            PLACING,
        ),
    }


def _tell_links():
    whole = _("Send the whole address, beginning with https://.")
    return {
        Refusal.LINK_BAD: (_("The link is none."), whole, PLACING),
        Refusal.LINK_RULE: (
            _("The service doesn't take such links; an example may follow."),
            _("Send a link of the right kind."),
            WITH_LINK,
        ),
        Refusal.LINK_BLOCKED: (
            _("Orders for this link are not taken."),
            _("Use another link or write to support."),
            WITH_LINK,
        ),
        Refusal.LINK_TAKEN: (
            _("Another order for this link is running, and the service takes one at a time."),
            _("Wait until that order ends."),
            WITH_LINK,
        ),
        Refusal.VIDEO_SHORT: (
            _("The video is too short for the service."),
            _("Choose a video longer than N seconds."),
            WITH_LINK,
        ),
        Refusal.VIDEO_UNKNOWN: (
            _("The video's length could not be read in time. Nothing was charged."),
            _("Check the link, or try again later."),
            WITH_LINK,
        ),
    }


def _tell_money():
    return {
        Refusal.FUNDS: (
            _("The wallet holds less than the order costs. Nothing was charged."),
            _("Add funds and try again."),
            PLACING,
        ),
        Refusal.KEY_REUSED: (
            _("This Idempotency-Key was used for another order within 24 hours."),
            _("Make a new Idempotency-Key for each new order."),
            PLACING,
        ),
    }


def list_payment_errors():
    """What starting and verifying a payment are refused with, in the active language."""
    told = _tell_starts() | _tell_coupons()
    return [
        *(
            tell_refusal(status, text.format(limit="N"), *told[code], "payment")
            for code, (status, text) in payments.REFUSALS.items()
            if code is not PaymentRefusal.BANK_AWAY
        ),
        tell_refusal(
            503,
            payments.BANK_AWAY,
            _("The bank didn't answer in time. No money moved."),
            _("Try again a little later."),
            *("payment", "payment_test"),
        ),
        *_list_results(),
        tell_refusal(
            404,
            words.FAULTS[404],
            _("This panel has a real bank, where nothing can be played."),
            _("Try it on a panel with the sandbox's bank."),
            "payment_test",
        ),
    ]


def _tell_starts():
    later = _("Try again a little later.")
    return {
        PaymentRefusal.OFF: (_("Payments are switched off."), _("Ask support how to add funds.")),
        PaymentRefusal.AMOUNT_LOW: (_("The amount is below the least."), _("Pay more at once.")),
        PaymentRefusal.AMOUNT_HIGH: (_("The amount is above N toman."), _("Pay in several parts.")),
        PaymentRefusal.TOO_MANY: (_("You started many payments in the last hour."), later),
        PaymentRefusal.BANK_REFUSED: (
            _("The bank doesn't take this payment."),
            _("Try another amount, or tell support."),
        ),
    }


def _tell_coupons():
    another = _("Use another coupon, or none.")
    return {
        PaymentRefusal.COUPON_UNKNOWN: (_("There is no such coupon."), _("Check the code.")),
        PaymentRefusal.COUPON_EARLY: (_("The coupon isn't good yet."), another),
        PaymentRefusal.COUPON_OVER: (_("The coupon is over."), another),
        PaymentRefusal.COUPON_USED_UP: (_("The coupon is used up."), another),
        PaymentRefusal.COUPON_USED: (_("You have used this coupon already."), another),
        PaymentRefusal.COUPON_SMALL: (
            _("The coupon is for payments from N toman on."),
            _("Pay more at once."),
        ),
        PaymentRefusal.COUPON_FOR_PAYMENTS: (_("The coupon is for payments."), another),
        PaymentRefusal.COUPON_FOR_CREDIT: (
            _("The coupon gives credit by itself and adds nothing to a payment."),
            _("Redeem it on the wallet page."),
        ),
    }


def _list_results():
    told = (
        (
            payments.RESULTS[Payment.State.FAILED],
            _("It was canceled, or the bank refused it. Nothing was credited."),
            _("Start a new payment."),
        ),
        (
            payments.RESULTS[Payment.State.MISMATCH],
            _("The bank took another amount. Nothing was credited."),
            _("Wait for support, or write to it."),
        ),
        (
            payments.UNKNOWN_YET,
            _("The bank doesn't say yet. It is asked again by itself."),
            _("Ask again a little later."),
        ),
        (
            (404, payments.NO_PAYMENT),
            _("There is no payment with this Authority."),
            _("Send the Authority as the bank sent it."),
        ),
    )
    return [
        tell_refusal(status, text, meaning, advice, "payment_verify")
        for (status, text), meaning, advice in told
    ]


def list_reward_errors():
    """What free credit, the wheel and gifts are refused with, in the active language."""
    return [*_list_reward_limits(), *_list_gift_errors()]


def _list_reward_limits():
    wait, months = _("Wait that long."), _("You have had all you can get this month.")
    tomorrow, later = _("Come back tomorrow."), _("Come back next month.")
    both = ("free_credit", "wheel")
    told = (
        (rewards.OFF, _("The reward is switched off."), _("Watch out for it later."), both),
        (rewards.HOUSE_CAP, _("Today's rewards are all given away."), tomorrow, both),
        (rewards.CREDIT_SOON, _("The last one was given less than the wait ago."), wait, ("free_credit",)),
        (rewards.CREDIT_MONTHLY, months, later, ("free_credit",)),
        (rewards.WHEEL_SOON_DAYS, _("One gift in N days."), wait, ("wheel",)),
        (rewards.WHEEL_SOON_HOURS, _("One gift in N hours."), wait, ("wheel",)),
        (rewards.WHEEL_MONTHLY, months, later, ("wheel",)),
    )
    return [
        tell_refusal(429, text.format(seconds="N", hours="N", days="N"), meaning, advice, *calls)
        for text, meaning, advice, calls in told
    ]


def _list_gift_errors():
    told = {
        RewardRefusal.GIFT_ENDED: (
            _("You won this gift, and each one is used or has expired."),
            _("Spin the wheel again."),
        ),
        RewardRefusal.GIFT_UNKNOWN: (_("You never won this gift."), _("Read the list of gifts.")),
        RewardRefusal.GIFT_UNSOLD: (
            _("The service of the gift isn't sold any more."),
            _("Write to support."),
        ),
    }
    return [
        tell_refusal(
            400,
            gifts.BAD_GIFT,
            _("gift_id is missing or is no whole number."),
            _("Read the list of gifts."),
            *USING,
        ),
        tell_refusal(
            400,
            gifts.BAD_LINK,
            _("The link is missing or is none."),
            _("Send the whole address, beginning with https://."),
            *USING,
        ),
        *(tell_refusal(*gifts.REFUSALS[code], *row, *USING) for code, row in told.items()),
    ]
