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
    ORDER_UNKNOWN = "order_unknown"
    NOT_CANCELABLE = "not_cancelable"


class OrderRefused(Exception):
    """Nothing was charged and nothing stored. `field` names a bad field, `limit` the bound that was crossed."""

    def __init__(self, code, *, field="", limit=None):
        super().__init__(code.value)
        self.code = code
        self.field = field
        self.limit = limit


def describe(refused):
    """The refusal as a sentence for people: what happened and what to do, in the active language."""
    return _sentences()[refused.code] % {"field": refused.field, "limit": refused.limit}


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
        Refusal.ORDER_UNKNOWN: _("There is no such order. Check its number."),
        Refusal.NOT_CANCELABLE: _("This order can't be canceled any more."),
    }
