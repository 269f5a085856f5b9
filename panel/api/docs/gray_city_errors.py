"""gray-city's error table: the contract's words with their meaning and what to do, for the reference."""

from django.utils.translation import gettext as _

from orders.refusals import OrderRefused, Refusal
from panel.api.docs.documents import ErrorRow
from panel.api.gray_city import errors as words

CATEGORY_ORDERS = ("create_order_v2", "create_order", "create_watch_time")
PRODUCT_ORDERS = ("create_follower", "create_follower_pro", "create_ads")
ORDERS = (*CATEGORY_ORDERS, *PRODUCT_ORDERS)
LINKED = tuple(name for name in ORDERS if name != "create_ads")
COUNTED = ("create_order_v2", "create_order", "create_watch_time")


def list_errors():
    """The rows of the table in the active language."""
    return [
        *_list_key_errors(),
        *_list_service_errors(),
        *_list_link_errors(),
        *_list_field_errors(),
        *_list_money_errors(),
        *_list_read_errors(),
        *_list_call_errors(),
    ]


def _row(refusal, meaning, advice, calls, service_word="category", **told):
    status, text = words.word_refusal(OrderRefused(refusal, **told), service_word)
    return ErrorRow(status, text, meaning, advice, calls)


def _list_key_errors():
    return [
        ErrorRow(
            403,
            words.NO_TOKEN,
            _("The header Authorization is missing."),
            _("Send it as Token, a space and your key."),
        ),
        ErrorRow(
            403,
            words.BAD_TOKEN,
            _("The key is wrong, ended, of another contract, or not allowed from this address."),
            _("Take a living key of this contract from the page API keys, and check its networks."),
        ),
        _row(Refusal.READ_ONLY, _("The key may only read."), _("Use a key that may place orders."), ORDERS),
        _row(
            Refusal.CUSTOMER_BLOCKED,
            _("Ordering is switched off for your account."),
            _("Write to support."),
            ORDERS,
        ),
    ]


def _list_service_errors():
    rows = []
    for name, calls in (("category", CATEGORY_ORDERS), ("product", PRODUCT_ORDERS)):
        rows += [
            ErrorRow(
                400,
                words.bad_type(name),
                _("The number of the service is missing or is no whole number."),
                _("Send the id from Services."),
                calls,
            ),
            ErrorRow(
                400,
                words.FOREIGN[name],
                _("The service is of a kind that this address doesn't sell."),
                _("Use the address of the service's kind."),
                calls,
            ),
            ErrorRow(
                404,
                words.UNKNOWN[name],
                _("There is no such service, or it is paused."),
                _("Read Services again and choose another one."),
                calls,
            ),
        ]
    return rows


def _list_link_errors():
    return [
        ErrorRow(400, words.NO_LINK, _("The link is missing."), _("Send the whole address."), LINKED),
        ErrorRow(
            400,
            words.BAD_LINK,
            _("The link is none, or is not one that this service takes; an example may follow."),
            _("Send the whole address, beginning with https://."),
            LINKED,
        ),
        _row(
            Refusal.LINK_BLOCKED,
            _("Orders for this link are not taken."),
            _("Use another link or write to support."),
            LINKED,
        ),
        _row(
            Refusal.LINK_TAKEN,
            _("Another order for this link is running, and the service takes one at a time."),
            _("Wait until that order ends."),
            LINKED,
        ),
        _row(
            Refusal.VIDEO_SHORT,
            _("The video is not longer than two minutes."),
            _("Choose a longer video."),
            ("create_watch_time",),
        ),
        _row(
            Refusal.VIDEO_UNKNOWN,
            _("The video's length could not be read in time. Nothing was charged."),
            _("Check the link, or try again later."),
            ("create_watch_time",),
        ),
    ]


def _list_field_errors():
    bad = _("The value of this parameter can't be read.")
    advice = _("Compare it with the table of fields.")
    described = {"count": COUNTED, "comment": CATEGORY_ORDERS, "description": ("create_ads",)}
    return [
        ErrorRow(400, words.NO_COUNT, _("The count is missing."), _("Send count."), COUNTED),
        ErrorRow(
            400,
            words.OTHER_COUNT,
            _("count is not the number of comments."),
            _("Leave count out, or send the number of comments."),
            ("create_order_v2", "create_order"),
        ),
        ErrorRow(
            400,
            words.NO_COMMENT,
            _("The comments are missing."),
            _("Send comment as a list."),
            ("create_order_v2", "create_order"),
        ),
        ErrorRow(
            400,
            words.NO_DESCRIPTION,
            _("The text of the advertisement is missing."),
            _("Send description."),
            ("create_ads",),
        ),
        *(ErrorRow(400, words.bad_value(name), bad, advice, calls) for name, calls in described.items()),
        _row(
            Refusal.WORD_BLOCKED,
            _("The text has a word that is not allowed."),
            _("Take it out."),
            ("create_order_v2", "create_order", "create_ads"),
        ),
    ]


def _list_money_errors():
    return [
        _row(
            Refusal.QUANTITY_LOW,
            _("The quantity is below the minimum N of the service."),
            _("Order at least N."),
            COUNTED,
            limit="N",
        ),
        _row(
            Refusal.QUANTITY_HIGH,
            _("The quantity is above the maximum N of the service."),
            _("Order at most N, or place several orders."),
            COUNTED,
            limit="N",
        ),
        _row(
            Refusal.FUNDS,
            _("The wallet holds less than the order costs. Nothing was charged."),
            _("Add funds and try again."),
            ORDERS,
        ),
        _row(
            Refusal.KEY_REUSED,
            _("This Idempotency-Key was used for another order within 24 hours."),
            _("Make a new Idempotency-Key for each new order."),
            ORDERS,
        ),
        ErrorRow(
            400,
            words.bad_value("Idempotency-Key"),
            _("The Idempotency-Key is too long or not plain text."),
            _("Use at most 255 printable characters."),
            ORDERS,
        ),
    ]


def _list_read_errors():
    return [
        ErrorRow(
            400,
            words.UNKNOWN_TRACKING,
            _("The tracking id is missing, there is no such order, or it is not yours."),
            _("Send the tracking id that placing the order answered."),
            ("tracking",),
        ),
        ErrorRow(
            400,
            words.BAD_TRACKING,
            _("The tracking id is malformed: it has 12 hexadecimal digits."),
            _("Send it as it was answered."),
            ("tracking",),
        ),
        ErrorRow(
            404,
            words.FAULT_WORDS[404],
            _("There is no such page."),
            _("Follow next until it is null."),
            ("categories",),
        ),
    ]


def _list_call_errors():
    told = {
        400: (
            _("The body is not what its content type says."),
            _("Send JSON with the header Content-Type: application/json."),
            ORDERS,
        ),
        405: (_("This address doesn't take that method."), _("Use the method that this page names."), ()),
        413: (_("The body is larger than 2 MB."), _("Send less."), ORDERS),
        415: (_("The content type is neither JSON nor a form."), _("Send JSON."), ORDERS),
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
        ErrorRow(status, words.FAULT_WORDS[status], meaning, advice, calls)
        for status, (meaning, advice, calls) in told.items()
    ]
