"""likenama's error table: the words and statuses of its views, with their meaning (contracts: likenama-v1)."""

from django.utils.translation import gettext as _

from campaigns.refusals import Refusal
from panel.api.docs.documents import ErrorRow
from panel.api.likenama import errors as words
from panel.support.ticket_refusals import Refusal as TicketRefusal
from panel.support.tickets import MAX_SUBJECT

CREATE = ("campaign_create",)
LIKE = ("campaign_like",)
BUNDLE = ("bundle_purchase",)
MESSAGE = ("message_send",)
CHANGING = (*CREATE, *LIKE, "campaign_report", "product_purchase", *BUNDLE, *MESSAGE)
MAY_FIND_NOTHING = (
    "campaigns",
    "campaign_next",
    "products",
    "bundles",
    *CREATE,
    *LIKE,
    "campaign_report",
    "product_purchase",
    *BUNDLE,
)
PARTS = {"campaign": CREATE, "bundle": BUNDLE, "message": MESSAGE}


def list_errors():
    """The rows of the table in the active language."""
    return [
        *_list_faults(),
        *_list_making(),
        *_list_liking(),
        *_list_buying(),
        *_list_writing(),
        *_list_missing(),
    ]


def _row(refusal, meaning, advice, calls, field=""):
    status, text = words.REFUSALS[refusal]
    return ErrorRow(status, text.format(limit="N"), meaning, advice, calls, field=field)


def _list_faults():
    log_in = _("Let the person log in again.")
    told = [
        (400, _("The body is no JSON object."), _("Send a JSON object."), CHANGING),
        (401, _("The token is missing, wrong, ended, or not allowed from this address."), log_in, ()),
        (403, _("The key may only read."), _("Use a key that may change things."), CHANGING),
        (
            404,
            _("There is no such thing (any more), or there is nothing to list."),
            _("Read the list again, or try later."),
            MAY_FIND_NOTHING,
        ),
        (405, _("This address doesn't take that method."), _("Use the method that this page names."), ()),
        (
            410,
            _("Accept names a version that is not spoken here."),
            _("Send application/vnd.likenama.v1."),
            (),
        ),
        (413, _("The body is larger than 2 MB."), _("Send less."), CHANGING),
        (415, _("The body is no JSON."), _("Send JSON, and say so in Content-Type."), CHANGING),
        (
            429,
            _("Too many calls in a minute."),
            _("Wait as many seconds as the header Retry-After says, then go on."),
            (),
        ),
        (500, _("A fault of the panel."), _("Look what became of the call before you repeat it."), ()),
        (503, _("The panel can't answer for the moment."), _("Try again in a minute."), ()),
    ]
    rows = [ErrorRow(status, words.FAULTS[status], *rest) for status, *rest in told]
    locked = ErrorRow(401, words.LOCKED, _("The account is locked."), _("Write to support."))
    return [*rows, locked]


def _list_missing():
    """What a body without its one object is answered with."""
    return [
        ErrorRow(
            422,
            words.MISSING_PART.format(part=part),
            _("The body has no object of this name."),
            _("Compare it with the table of fields."),
            calls,
        )
        for part, calls in PARTS.items()
    ]


def _list_making():
    compare = _("Compare it with the table of fields.")
    return [
        _row(
            Refusal.TARGET,
            _("target_url is no address of a picture or film at Instagram."),
            _("Copy the address from Instagram."),
            CREATE,
            "target_url",
        ),
        _row(Refusal.FUNDS, _("Your wallet holds less."), _("Lower the budget."), CREATE, "budget"),
        _row(
            Refusal.BUDGET_LOW,
            _("The budget pays for no like."),
            _("Give at least the campaign_value of the class."),
            CREATE,
            "budget",
        ),
        _row(Refusal.BUDGET_BAD, _("The budget is no whole number."), compare, CREATE, "budget"),
        _row(
            Refusal.TEXT_LONG,
            _("A text has more than N characters; the field is named after it."),
            _("Shorten it."),
            CREATE,
            "NAME",
        ),
        _row(
            Refusal.TEXT_BAD,
            _("A text can't be shown, or is no phone number or web address; the field is named after it."),
            compare,
            CREATE,
            "NAME",
        ),
    ]


def _list_liking():
    go_on = _("Ask for the next campaign.")
    tomorrow = _("Go on tomorrow.")
    told = [
        (
            Refusal.NOT_LIKED,
            _("Instagram says that the picture is not liked."),
            _("Like it, then ask again."),
        ),
        (Refusal.OUT_OF_BUDGET, _("The budget of the campaign is spent."), go_on),
        (Refusal.UNVERIFIED, _("The campaign is not approved (any more)."), go_on),
        (Refusal.ENDED, _("The campaign was stopped."), go_on),
        (
            Refusal.SOON,
            _("Less than waiting seconds have passed since your last like in this class."),
            _("Wait, then ask again."),
        ),
        (
            Refusal.TOKEN,
            _("Instagram does not take the access token (any more), or there is none."),
            _("Let the person log in again."),
        ),
        (Refusal.GONE, _("The picture is gone from Instagram."), go_on),
        (Refusal.OWN, _("The campaign is your own."), go_on),
        (Refusal.DAY, _("You were paid for N likes in this class today, which is all."), tomorrow),
        (Refusal.ADDRESS, _("Today's likes of your network address are used up."), tomorrow),
        (
            Refusal.UNCLEAR,
            _("Instagram gives no clear answer. Nothing was paid and nothing is lost."),
            _("Try again in a minute."),
        ),
    ]
    return [_row(refusal, meaning, advice, LIKE) for refusal, meaning, advice in told]


def _list_buying():
    return [
        _row(
            Refusal.FUNDS,
            _("Your wallet holds fewer coins than the product costs."),
            _("Get more coins."),
            ("product_purchase",),
            "coin_credit",
        ),
        _row(
            Refusal.NOT_PAID,
            _("The store knows no such payment, gave the money back, or the coins went to somebody else."),
            _("Check the purchase at the store."),
            BUNDLE,
        ),
        _row(
            Refusal.PAYMENT_UNCLEAR,
            _("The store gave no clear answer. We go on asking for three days."),
            _("Send the token again later, or wait: the coins come by themselves."),
            BUNDLE,
        ),
        _row(
            Refusal.TOO_MANY_WAIT,
            _("So many purchases of this person wait for the store that this one was not kept."),
            _("Send the token again once they are settled."),
            BUNDLE,
        ),
        _row(
            Refusal.TOKEN_BAD,
            _("purchase_token is missing or no token of the store."),
            _("Compare it with the table of fields."),
            BUNDLE,
        ),
    ]


def _list_writing():
    compare = _("Compare it with the table of fields.")
    told = [
        (words.LONG_CONTENT, _("content is too long."), _("Shorten it.")),
        (words.EMPTY_CONTENT, _("content is missing or empty."), compare),
        (words.LONG_TITLE.format(limit=MAX_SUBJECT), _("title is too long."), _("Shorten it.")),
        (words.EMPTY_TITLE, _("title is missing or empty."), compare),
        (words.BAD_EMAIL, _("email is no email address."), compare),
        (
            words.TICKET_REFUSALS[TicketRefusal.OPEN].format(limit="N"),
            _("You have N open tickets, which is all."),
            _("Close one in the panel."),
        ),
        (
            words.TICKET_REFUSALS[TicketRefusal.OFTEN].format(limit="N"),
            _("You wrote N messages within an hour."),
            _("Write again a little later."),
        ),
    ]
    return [ErrorRow(422, text, meaning, advice, MESSAGE) for text, meaning, advice in told]
