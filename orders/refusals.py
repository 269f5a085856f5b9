"""Why an order or a cancel was refused: one closed list that every contract words in its own way."""

from enum import Enum

from django.utils.translation import gettext as _


class Refusal(Enum):
    """Reasons of OrderRefused."""

    KEY_INVALID = "key_invalid"  # the token is unknown, ended, or of another contract
    SERVICE_UNKNOWN = "service_unknown"  # no such service, or paused, or its type is not sold here
    FIELD_MISSING = "field_missing"
    FIELD_BAD = "field_bad"
    LINK_BAD = "link_bad"
    QUANTITY_LOW = "quantity_low"
    QUANTITY_HIGH = "quantity_high"
    FUNDS = "funds"
    KEY_REUSED = "key_reused"  # the same Idempotency-Key with another body
    CUSTOMER_LOCKED = "customer_locked"
    CUSTOMER_BLOCKED = "customer_blocked"  # may look, may not order
    READ_ONLY = "read_only"  # the key's scope
    LINK_RULE = "link_rule"  # not a link this service takes
    LINK_BLOCKED = "link_blocked"
    LINK_TAKEN = "link_taken"  # another order runs on it, and the service refuses a second
    WORD_BLOCKED = "word_blocked"
    VIDEO_SHORT = "video_short"
    VIDEO_UNKNOWN = "video_unknown"  # its length couldn't be had
    ORDER_UNKNOWN = "order_unknown"
    NOT_CANCELABLE = "not_cancelable"
    REFILL_OFF = "refill_off"  # the service has none
    REFILL_NOT_NOW = "refill_not_now"  # the order hasn't ended, or its last refill is open
    REFILL_UNKNOWN = "refill_unknown"
    RECHECK_SOON = "recheck_soon"


# What placing_sql calls a customer's standing.
STANDINGS = {
    "locked": Refusal.CUSTOMER_LOCKED,
    "blocked": Refusal.CUSTOMER_BLOCKED,
    "read_only": Refusal.READ_ONLY,
}


class OrderRefused(Exception):
    """Nothing was charged and nothing stored.

    `field` names a bad field, `limit` the bound that was crossed, `example` what would be right; `charge` is what
    it would have cost (toman), where it was refused for want of funds.
    """

    def __init__(self, code, *, field="", limit=None, example="", charge=None):
        super().__init__(code.value)
        self.code = code
        self.field = field
        self.limit = limit
        self.example = example
        self.charge = charge


class PriceRose(Exception):
    """What was asked for costs `charge` toman by now, more than was agreed to. Nothing was charged or stored.

    No Refusal: only who names the most that an order may cost can meet it, and no contract does.
    """

    def __init__(self, charge):
        super().__init__(f"costs {charge} toman by now")
        self.charge = charge


def describe(refused):
    """The refusal as a sentence for people: what happened and what to do, in the active language."""
    words = {"field": refused.field, "limit": refused.limit, "example": refused.example}
    if refused.code is Refusal.LINK_RULE and not refused.example:
        return _("This service doesn't take such links. Read its description for the right kind.")
    return _sentences()[refused.code] % words


def _sentences():
    return {
        Refusal.KEY_INVALID: _("This API key is not valid. Make a new one in the dashboard."),
        Refusal.SERVICE_UNKNOWN: _("This service can't be ordered now. Choose another one."),
        Refusal.FIELD_MISSING: _("The field “%(field)s” is missing. Fill it in."),
        Refusal.FIELD_BAD: _("The field “%(field)s” can't be read. Correct it."),
        Refusal.LINK_BAD: _("This link can't be used. Copy the whole address, beginning with https://."),
        Refusal.QUANTITY_LOW: _("The quantity is too small. Order at least %(limit)s."),
        Refusal.QUANTITY_HIGH: _("The quantity is too large. Order at most %(limit)s."),
        Refusal.FUNDS: _("Your balance is not enough for this order. Add funds or order less."),
        Refusal.KEY_REUSED: _(
            "This form was already sent with other contents. Reload the page and try again."
        ),
        Refusal.CUSTOMER_LOCKED: _("Your account is locked. Write to support."),
        Refusal.CUSTOMER_BLOCKED: _("You can't place orders at the moment. Write to support."),
        Refusal.READ_ONLY: _("This API key may only read. Use one that may place orders."),
        Refusal.LINK_RULE: _("This service takes links such as %(example)s. Copy yours in that form."),
        Refusal.LINK_BLOCKED: _("Orders for this link aren't taken. Use another one or write to support."),
        Refusal.LINK_TAKEN: _("Another order for this link is still running. Wait until it ends."),
        Refusal.WORD_BLOCKED: _("The field “%(field)s” has a word that isn't allowed. Take it out."),
        Refusal.VIDEO_SHORT: _("The video has to be longer than %(limit)s seconds. Choose another one."),
        Refusal.VIDEO_UNKNOWN: _("The video's length couldn't be read. Check the link, or try again later."),
        Refusal.REFILL_OFF: _("This service has no refill."),
        Refusal.REFILL_NOT_NOW: _("A refill can be asked for when the order and its last refill have ended."),
        Refusal.REFILL_UNKNOWN: _("There is no such refill. Check its number."),
        Refusal.RECHECK_SOON: _("This order was checked just now. Try again in %(limit)s seconds."),
        Refusal.ORDER_UNKNOWN: _("There is no such order. Check its number."),
        Refusal.NOT_CANCELABLE: _("This order can't be canceled any more."),
    }
