"""panel-app's error table: the contract's words with their meaning and what to do, for the reference.

NAME stands for the name of a field, N for a number. What is said of orders, payments and rewards is in
panel_app_trade_errors.py.
"""

from django.utils.translation import gettext as _

from orders.refusals import OrderRefused, Refusal
from panel.api.docs.documents import ErrorRow
from panel.api.docs.panel_app_trade_errors import list_order_errors, list_payment_errors, list_reward_errors
from panel.api.docs.panel_app_words import NAME, tell_refusal
from panel.api.panel_app import accounts, tickets
from panel.api.panel_app import errors as words
from panel.support import ticket_refusals

POSTS_WITH_TOKEN = ("user_update", "ticket_open", "ticket_reply", "payment", "order_create", "gift_use")
# Whose parameters may stand in a body.
WITH_BODY = (
    *("login", "login_verify", *POSTS_WITH_TOKEN),
    *("top_users", "services", "categories", "orders"),
)
ORDERING = ("order_create", "free_credit", "wheel", "gift_use")
WRITING = ("notifications_read", "ticket_open", "ticket_reply", "payment", *ORDERING)
WITH_TOKEN = (
    *("logout", "user", "user_update", "notifications", "notifications_unread", "notifications_read"),
    *("tickets", "ticket_open", "ticket", "ticket_reply", "payment", "orders", "order_create", "order"),
    *("free_credit", "wheel", "gifts", "gift_use"),
)
NAMED_FIELDS = ("login", "login_verify", "user_update", "payment", "order_create")


def list_errors():
    """The rows of the table in the active language."""
    return [
        *_list_access_errors(),
        *_list_field_errors(),
        *_list_login_errors(),
        *_list_profile_errors(),
        *_list_ticket_errors(),
        *list_payment_errors(),
        *list_order_errors(),
        *list_reward_errors(),
        *_list_call_errors(),
        *_list_faults(),
    ]


def _list_access_errors():
    blocked = words.word(OrderRefused(Refusal.CUSTOMER_BLOCKED))
    return [
        tell_refusal(
            401,
            words.BAD_TOKEN,
            _(
                "The token or key is missing, wrong, ended, or not allowed from this address; or the account "
                "is locked."
            ),
            _("Log in again, or use another key."),
            *WITH_TOKEN,
        ),
        tell_refusal(
            403,
            words.FORBIDDEN,
            _("An API key may neither change the profile nor log out."),
            _("Use a token of login/verify."),
            *("logout", "user_update"),
        ),
        tell_refusal(
            403,
            words.FORBIDDEN,
            _("The key may only read."),
            _("Use a key that may place orders."),
            *WRITING,
        ),
        tell_refusal(
            *blocked, _("Ordering is switched off for your account."), _("Write to support."), *ORDERING
        ),
    ]


def _list_field_errors():
    compare = _("Compare it with the table of fields.")
    return [
        tell_refusal(
            400, words.MISSING.format(field=NAME), _("The field NAME is missing."), compare, *NAMED_FIELDS
        ),
        tell_refusal(
            400,
            words.BAD_FIELD.format(field=NAME),
            _("The value of the field NAME can't be read, or is beyond its limits."),
            compare,
            *(*NAMED_FIELDS, "top_users", "services", "categories", "orders"),
        ),
    ]


def _list_login_errors():
    code_wrong = _("The code is another one, or expired, used, or dead after too many tries.")
    return [
        tell_refusal(
            400,
            accounts.MALFORMED,
            _("username is neither a mobile number nor an email, or code isn't six digits."),
            _("Correct it and send it again."),
            *("login", "login_verify"),
        ),
        ErrorRow(401, words.BAD_TOKEN, code_wrong, _("Ask for a new code."), ("login_verify",), 200),
        tell_refusal(
            404,
            accounts.NO_USER,
            _("Nobody asked for a code with this username."),
            _("Ask for one with login first."),
            "login_verify",
        ),
        tell_refusal(
            429,
            words.FAULTS[429],
            _("Too many codes were asked for with this username or number, or from this address."),
            _("Wait as many seconds as the header Retry-After says."),
            *("login", "user_update"),
        ),
    ]


def _list_profile_errors():
    another = _("Choose another password.")
    shown = {
        "taken": (_("This email or number can't be used."), _("Send another one.")),
        "staff": (_("Staff can't change their password here."), _("Change it in the admin.")),
        "password_too_short": (_("The password is too short."), another),
        "password_too_common": (_("The password is one of the most used."), another),
        "password_entirely_numeric": (_("The password has only digits."), another),
        "password_too_similar": (_("The password resembles your name, number or email."), another),
    }
    return [
        tell_refusal(
            400,
            accounts.MALFORMED_FIELD.format(field=NAME),
            _("The value of the field NAME has the wrong form."),
            _("Compare it with the table of fields."),
            *("user_update", "login_verify"),
        ),
        *(
            tell_refusal(400, accounts.PROFILE_REFUSALS[reason].format(field=NAME), *told, "user_update")
            for reason, told in shown.items()
        ),
    ]


def _list_ticket_errors():
    writing, reading = ("ticket_open", "ticket_reply"), ("ticket", "ticket_reply")
    known = ticket_refusals.Refusal
    shorter = _("Write less.")
    told = {
        known.EMPTY: (
            _("The field NAME is missing, empty or no text."),
            _("Write something in it."),
            writing,
        ),
        known.LONG: (_("The field NAME has more than N characters."), shorter, writing),
        known.OPEN: (_("You have N open tickets."), _("Close one that is settled first."), ("ticket_open",)),
        known.OFTEN: (_("You wrote N messages within an hour."), _("Write again a little later."), writing),
        known.UNKNOWN: (_("There is no such ticket."), _("Check the number."), reading),
        known.FOREIGN: (_("It is another customer's ticket."), _("Check the number."), reading),
    }
    return [
        tell_refusal(status, text.format(field=NAME, limit="N"), *told[refusal][:2], *told[refusal][2])
        for refusal, (status, text) in tickets.REFUSALS.items()
    ]


def _list_call_errors():
    return [
        tell_refusal(
            400,
            words.FAULTS[400],
            _("The body is not what its content type says."),
            _("Send JSON with the header Content-Type: application/json."),
            *WITH_BODY,
        ),
        tell_refusal(413, words.FAULTS[413], _("The body is larger than 2 MB."), _("Send less."), *WITH_BODY),
        tell_refusal(
            415,
            words.FAULTS[415],
            _("The content type is neither JSON nor a form."),
            _("Send JSON."),
            *WITH_BODY,
        ),
        tell_refusal(
            429,
            words.FAULTS[429],
            _("This key made more calls in a minute than your price level has."),
            _("Wait as many seconds as the header Retry-After says, then go on."),
            *WITH_TOKEN,
        ),
    ]


def _list_faults():
    return [
        tell_refusal(
            405,
            words.FAULTS[405],
            _("This address doesn't take that method."),
            _("Use the method that this page names."),
        ),
        tell_refusal(
            500,
            words.FAULTS[500],
            _("A fault of the panel. What was asked for may or may not have happened."),
            _("Look first, then try again; tell support if it stays."),
        ),
        tell_refusal(
            503,
            words.FAULTS[503],
            _("The panel can't answer for the moment. An order may or may not have been placed."),
            _("Try again with the same Idempotency-Key: it can't order twice."),
        ),
    ]
