"""The standard API's error table: each text with its meaning and what to do, for the reference."""

from django.utils.translation import gettext as _

from orders.refusals import OrderRefused, Refusal
from panel.api.docs.documents import ErrorRow
from panel.api.standard.errors import INCORRECT_REQUEST, TOO_MANY, UNAVAILABLE, word

_ADD = ("add", "orders")
_CHANGE = ("add", "orders", "cancel", "refill")
_BY_ORDER = ("status", "cancel", "refill")
# Refusals that never leave this contract.
UNUSED = frozenset({Refusal.RECHECK_SOON})


def list_errors():
    """The rows of the table in the active language; `calls` names the actions, empty for all of them."""
    rows = [
        ErrorRow(200, _word(refusals[0]), meaning, advice, calls)
        for refusals, calls, meaning, advice in (*_list_key_errors(), *_list_order_errors())
    ]
    return [*_list_call_errors(), *rows, *_list_transport_errors()]


def list_refusals():
    """The engine's refusals that each row stands for, in the table's order."""
    return [refusals for refusals, *_rest in (*_list_key_errors(), *_list_order_errors())]


def _word(refusal):
    return word(OrderRefused(refusal, limit="N"))


def _list_call_errors():
    return [
        ErrorRow(
            200,
            INCORRECT_REQUEST,
            _(
                "The action is unknown, a field is missing or can't be read, or a text has a word not allowed."
            ),
            _("Compare the call with this page. The same call will be refused again."),
        )
    ]


def _list_transport_errors():
    return [
        ErrorRow(
            413,
            INCORRECT_REQUEST,
            _("The call is larger than 2 MB or has more fields than are read."),
            _("Split it into several calls."),
        ),
        ErrorRow(
            429,
            TOO_MANY,
            _("This key made more calls in a minute than your price level has."),
            _("Wait as many seconds as the header Retry-After says, then go on."),
        ),
        ErrorRow(
            503,
            UNAVAILABLE,
            _("The panel can't answer for the moment. An order may or may not have been placed."),
            _("Try again with the same Idempotency-Key: it can't order twice."),
        ),
    ]


def _list_key_errors():
    return [
        (
            (Refusal.KEY_INVALID, Refusal.CUSTOMER_LOCKED),
            (),
            _("The key is wrong, ended, of another contract, or not allowed from this address."),
            _("Take a living key of this contract from the page API keys, and check its networks."),
        ),
        (
            (Refusal.READ_ONLY,),
            _CHANGE,
            _("The key may only read."),
            _("Use a key that may place orders."),
        ),
        (
            (Refusal.CUSTOMER_BLOCKED,),
            _CHANGE,
            _("Ordering is switched off for your account."),
            _("Write to support."),
        ),
    ]


def _list_order_errors():
    return [*_list_add_errors(), *_list_link_errors(), *_list_later_errors()]


def _list_add_errors():
    return [
        (
            (Refusal.SERVICE_UNKNOWN,),
            _ADD,
            _("There is no such service, or it is paused."),
            _("Read services again and choose another one."),
        ),
        (
            (Refusal.QUANTITY_LOW,),
            _ADD,
            _("The quantity is below the minimum N of the service."),
            _("Order at least N."),
        ),
        (
            (Refusal.QUANTITY_HIGH,),
            _ADD,
            _("The quantity is above the maximum N of the service."),
            _("Order at most N, or place several orders."),
        ),
        (
            (Refusal.FUNDS,),
            _ADD,
            _("The wallet holds less than the order costs. Nothing was charged."),
            _("Add funds and try again."),
        ),
        (
            (Refusal.KEY_REUSED,),
            _ADD,
            _("This Idempotency-Key was used for another order within 24 hours."),
            _("Make a new Idempotency-Key for each new order."),
        ),
        (
            (Refusal.FIELD_MISSING, Refusal.FIELD_BAD, Refusal.WORD_BLOCKED),
            _ADD,
            _("A field of the service's type is missing or can't be read."),
            _("Send the fields that the table of types names."),
        ),
    ]


def _list_link_errors():
    return [
        (
            (
                Refusal.LINK_BAD,
                Refusal.LINK_RULE,
                Refusal.LINK_BLOCKED,
                Refusal.VIDEO_SHORT,
                Refusal.VIDEO_UNKNOWN,
            ),
            _ADD,
            _("The link is missing, is none, or is not one that this service takes; an example may follow."),
            _("Send the whole address, beginning with https://."),
        ),
        (
            (Refusal.LINK_TAKEN,),
            _ADD,
            _("Another order for this link is running, and the service takes one at a time."),
            _("Wait until that order ends."),
        ),
    ]


def _list_later_errors():
    return [
        (
            (Refusal.ORDER_UNKNOWN,),
            _BY_ORDER,
            _("There is no such order, or it is not yours."),
            _("Check the number."),
        ),
        (
            (Refusal.NOT_CANCELABLE,),
            ("cancel",),
            _("The order has ended, or its service can't be canceled."),
            _("Wait for its end; what is not delivered is refunded."),
        ),
        (
            (Refusal.REFILL_OFF,),
            ("refill",),
            _("The service has no refill."),
            _("Choose services whose refill is true."),
        ),
        (
            (Refusal.REFILL_NOT_NOW,),
            ("refill",),
            _("The order hasn't ended, or its last refill is open."),
            _("Try again later."),
        ),
        (
            (Refusal.REFILL_UNKNOWN,),
            ("refill_status",),
            _("There is no such refill, or it is not yours."),
            _("Check the number."),
        ),
    ]
