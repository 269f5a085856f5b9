"""happy-follower's error table: the contract's words with their meaning and what to do, for the reference."""

from django.utils.translation import gettext as _

from orders.refusals import OrderRefused, Refusal
from panel.api.docs.documents import ErrorRow
from panel.api.happy_follower import errors as words

ORDER = ("order",)
BY_NUMBER = ("status", "cancel", "recheck")
POSTS = ("order", "cancel", "recheck")


def list_errors():
    """The rows of the real contract's table in the active language."""
    return [
        *_list_access_errors(POSTS),
        *_list_order_errors(),
        *_list_money_errors(),
        *_list_number_errors(),
        *_list_call_errors(POSTS),
    ]


def list_sandbox_errors():
    """The rows of the sandbox's table: no money, nothing to cancel, nobody in the way."""
    return [
        *_list_access_errors(ORDER),
        *_list_order_errors(),
        _row(Refusal.ORDER_UNKNOWN, *_unknown_order(), ("status",)),
        ErrorRow(
            429,
            words.TOO_MANY_TRIALS.format(seconds="N"),
            _("Too many orders of the sandbox are open."),
            _("Wait N seconds: they end by themselves."),
            ORDER,
        ),
        *_list_call_errors(ORDER),
    ]


def _row(refusal, meaning, advice, calls, **told):
    return ErrorRow(*words.word(OrderRefused(refusal, **told)), meaning, advice, calls)


def _list_access_errors(posts):
    return [
        ErrorRow(
            401,
            words.BAD_TOKEN,
            _(
                "The key or token is wrong, ended, replaced, of the other world, or not allowed from this address."
            ),
            _("Get a new token with auth or ref-auth; the sandbox has its own."),
        ),
        _row(Refusal.READ_ONLY, _("The key may only read."), _("Use a key that may place orders."), posts),
        _row(
            Refusal.CUSTOMER_BLOCKED,
            _("Ordering is switched off for your account."),
            _("Write to support."),
            posts,
        ),
    ]


def _list_order_errors():
    missing, unreadable = _("This field is missing."), _("The value of this field can't be read.")
    advice = _("Compare it with the table of fields.")
    return [
        *(ErrorRow(400, words.MISSING.format(field=name), missing, advice, ORDER) for name in _FIELDS),
        *(ErrorRow(400, words.BAD_FIELD.format(field=name), unreadable, advice, ORDER) for name in _FIELDS),
        _row(
            Refusal.LINK_BAD,
            _("The link is none."),
            _("Send the whole address, beginning with https://."),
            ORDER,
        ),
        _row(
            Refusal.LINK_RULE,
            _("The service doesn't take such links; an example may follow."),
            _("Send a link of the right kind."),
            ORDER,
        ),
        _row(
            Refusal.LINK_BLOCKED,
            _("Orders for this link are not taken."),
            _("Use another link or write to support."),
            ORDER,
        ),
        _row(
            Refusal.QUANTITY_LOW,
            _("The quantity is below the minimum N of the service."),
            _("Order at least N."),
            ORDER,
            limit="N",
        ),
        _row(
            Refusal.QUANTITY_HIGH,
            _("The quantity is above the maximum N of the service."),
            _("Order at most N, or place several orders."),
            ORDER,
            limit="N",
        ),
        _row(
            Refusal.SERVICE_UNKNOWN,
            _("There is no such service, it is paused, or it needs more than a link and a count."),
            _("Read services again and choose another one."),
            ORDER,
        ),
    ]


_FIELDS = ("serviceId", "link", "count")


def _list_money_errors():
    return [
        _row(
            Refusal.FUNDS,
            _("The wallet holds less than the order costs. Nothing was charged."),
            _("Add funds and try again."),
            ORDER,
        ),
        _row(
            Refusal.KEY_REUSED,
            _("This Idempotency-Key was used for another order within 24 hours."),
            _("Make a new Idempotency-Key for each new order."),
            ORDER,
        ),
        ErrorRow(
            400,
            words.BAD_FIELD.format(field="Idempotency-Key"),
            _("The Idempotency-Key is too long or not plain text."),
            _("Use at most 255 printable characters."),
            ORDER,
        ),
        _row(
            Refusal.LINK_TAKEN,
            _("Another order for this link is running, and the service takes one at a time."),
            _("Wait until that order ends."),
            ORDER,
        ),
        _row(
            Refusal.VIDEO_SHORT,
            _("The video is too short for the service."),
            _("Choose a video longer than N seconds."),
            ORDER,
            limit="N",
        ),
        _row(
            Refusal.VIDEO_UNKNOWN,
            _("The video's length could not be read in time. Nothing was charged."),
            _("Check the link, or try again later."),
            ORDER,
        ),
    ]


def _list_number_errors():
    wrong = ("cancel", "recheck")
    return [
        ErrorRow(
            400,
            words.MISSING.format(field="orderId"),
            _("This field is missing."),
            _("Send the number that order answered."),
            wrong,
        ),
        ErrorRow(
            400,
            words.BAD_FIELD.format(field="orderId"),
            _("The value of this field can't be read."),
            _("Send the number that order answered."),
            wrong,
        ),
        _row(Refusal.ORDER_UNKNOWN, *_unknown_order(), BY_NUMBER),
        _row(
            Refusal.NOT_CANCELABLE,
            _("The order has ended, or its service can't be canceled."),
            _("Wait for its end; what is not delivered is refunded."),
            ("cancel",),
        ),
        _row(
            Refusal.RECHECK_SOON,
            _("The order was checked within the last ten minutes."),
            _("Wait N seconds."),
            ("recheck",),
            limit="N",
        ),
    ]


def _unknown_order():
    return _("There is no such order, or it is not yours."), _("Check the number.")


def _list_call_errors(posts):
    told = {
        400: (
            _("The body is not what its content type says."),
            _("Send JSON with the header Content-Type: application/json."),
            posts,
        ),
        405: (_("This address doesn't take that method."), _("Use the method that this page names."), ()),
        413: (_("The body is larger than 2 MB."), _("Send less."), posts),
        415: (_("The content type is neither JSON nor a form."), _("Send JSON."), posts),
        429: (
            _("This key made more calls in a minute than your price level has."),
            _("Wait as many seconds as the header Retry-After says, then go on."),
            (),
        ),
        503: (
            _("The panel can't answer for the moment. An order may or may not have been placed."),
            _("Try again with the same Idempotency-Key: it can't order twice."),
            (),
        ),
    }
    return [
        ErrorRow(status, words.FAULTS[status], meaning, advice, calls)
        for status, (meaning, advice, calls) in told.items()
    ]
