"""sms-gateway-rest's error table: the document's codes with their meaning and what to do, and faults of calls.

A code is told with HTTP status 200, in the result; its row's text is what the document calls it.
"""

from itertools import groupby

from django.utils.translation import gettext as _

from panel.api.docs.documents import ErrorRow
from panel.api.docs.sms_rest_shapes import NOTHING
from panel.api.sms_rest import errors as words
from sms.gateway.codes import OtherState, PhonebookState, RegisterState, ReportState, SendState, UserState

SENDING = ("send", "future_send", "pattern_send", "phonebook_send")
CHANGING = (*SENDING, "phonebook_create", "phonebook_delete", "numbers_add", "numbers_delete")
TELLING = ("credit", "profile")
READING = (*TELLING, "latest", "status", "phonebooks", "phonebook", "numbers")
NAMING_A_BOOK = (
    "phonebook_send",
    "phonebook",
    "phonebook_delete",
    "numbers",
    "numbers_add",
    "numbers_delete",
)
WITH_NUMBERS = ("phonebook_create", "numbers_add", "numbers_delete")
REGISTER = ("register",)
WITH_TOKEN = (*READING, *CHANGING, "multiple_send")
WITH_BODY = (*REGISTER, *CHANGING, "multiple_send", "status", "phonebooks")


def list_errors():
    """The rows of the table in the active language."""
    told = [*_list_states(), *_list_sending(), *_list_reports(), *_list_books(), *_list_registering()]
    told += _list_troubles()
    return [*(row for one in told for row in _split(*one)), *_list_faults()]


def _split(code, meaning, advice, calls):
    """A row for each shape that the code is told in: its example shows it so."""

    def shape(call):
        return str(NOTHING[call])

    for _shape, group in groupby(sorted(calls, key=shape), key=shape):
        yield ErrorRow(int(code), code.persian, meaning, advice, tuple(group), 200)


def _list_states():
    support = _("Write to support.")
    everything = (*READING, *CHANGING)
    return [
        (UserState.NOT_FOUND, _("The account is closed."), support, everything),
        (
            UserState.TRIAL,
            _("A trial account reads everything and changes nothing."),
            _("Ask support for a full account."),
            CHANGING,
        ),
        (UserState.LOCKED, _("The account is locked."), support, everything),
        (UserState.EXPIRED, _("The account has expired."), support, everything),
        (
            UserState.UNVERIFIED,
            _("The mobile of the account is not verified."),
            _("Log in to the panel and type in the code that it sends."),
            everything,
        ),
        (
            UserState.NO_ACCESS,
            _("The account may not use this API, or the key may only read."),
            _("Use a key that may change things, or write to support."),
            everything,
        ),
    ]


def _list_sending():
    compare = _("Compare it with the table of fields.")
    every = ("send", "future_send", "phonebook_send", "pattern_send")
    return [
        (
            SendState.TOO_MANY_RECIPIENTS,
            _("More recipients than a call may have."),
            _("Send a thousand at a time, or to a phonebook."),
            every,
        ),
        (
            SendState.NO_CREDIT,
            _("The wallet holds less than the send costs. Nothing was charged."),
            _("Add funds and try again."),
            every,
        ),
        (
            SendState.WRONG_NUMBER,
            _("The number to send from is none of yours."),
            _("Use one that the panel shows when you write a text."),
            every,
        ),
        (SendState.EMPTY_MESSAGE, _("The text is empty."), compare, every),
        (SendState.NO_RECIPIENTS, _("There is nobody to send to."), compare, every),
        (
            SendState.WRONG_TIME,
            _("The time is past or can't be read, or the repetition is unknown or out of bounds."),
            compare,
            ("future_send",),
        ),
        (
            SendState.MISMATCH,
            _(
                "A recipient is no mobile, the text is too long, values are missing, or a field is of a wrong kind."
            ),
            compare,
            every,
        ),
        (
            SendState.PATTERN_INACTIVE,
            _("The pattern is not yours or not approved."),
            _("Look at the patterns in the panel."),
            ("pattern_send",),
        ),
    ]


def _list_reports():
    return [
        (ReportState.NO_MESSAGES, _("No number of a send was given."), _("Send idArray."), ("status",)),
        (ReportState.NO_REPORT, _("Nothing was sent yet."), _("Send something first."), ("latest",)),
        (
            ReportState.TOO_MANY_MESSAGES,
            _("More numbers of sends than a call may have."),
            _("Ask for a thousand at a time."),
            ("status",),
        ),
    ]


def _list_books():
    return [
        (
            PhonebookState.NOT_FOUND,
            _("There is no such phonebook of yours; or, with flag 0, a number to delete is not in it."),
            _("Read the list of your phonebooks."),
            NAMING_A_BOOK,
        ),
        (
            PhonebookState.EXISTS,
            _("A phonebook of that name, or with flag 0 one of the numbers, is there already."),
            _("Take another name, or flag 1."),
            ("phonebook_create", "numbers_add"),
        ),
        (
            PhonebookState.NO_NUMBERS,
            _("No numbers were given."),
            _("Send at least one."),
            ("numbers_add", "numbers_delete"),
        ),
        (
            PhonebookState.FAILED,
            _("A number is no mobile, the name is empty or too long, or there is no room for more."),
            _("Compare it with the table of fields."),
            WITH_NUMBERS,
        ),
    ]


def _list_registering():
    correct = _("Correct it and send it again.")
    return [
        (
            RegisterState.BAD_USERNAME,
            _("The username has other characters, is too short or too long, or looks like a mobile."),
            correct,
            REGISTER,
        ),
        (RegisterState.BAD_MOBILE, _("The mobile is none."), correct, REGISTER),
        (
            RegisterState.BAD_NATIONAL_CODE,
            _("The national code's check digit is another."),
            correct,
            REGISTER,
        ),
        (RegisterState.BAD_EMAIL, _("The email is none, or somebody has it."), correct, REGISTER),
        (
            RegisterState.MANAGER_NOT_ALLOWED,
            _("There is no such manager, or they may have no users below."),
            _("Leave modir out, or ask the manager."),
            REGISTER,
        ),
        (RegisterState.USERNAME_TAKEN, _("Somebody has this username."), _("Take another one."), REGISTER),
        (RegisterState.BAD_PACKAGE, _("There is no such package."), _("Leave package out."), REGISTER),
        (RegisterState.PASSWORDS_DIFFER, _("The two passwords differ."), correct, REGISTER),
    ]


def _list_troubles():
    later = _("Look at the latest send before you send again: it may have been queued.")
    every = (*REGISTER, *READING, *CHANGING)
    return [
        (OtherState.DATABASE_TROUBLE, _("The panel's database can't answer for the moment."), later, every),
        (OtherState.SERVER_TROUBLE, _("A fault of the panel."), later, every),
    ]


def _list_faults():
    strong = _("Choose a longer, less common one.")
    told = {
        400: (_("The body is no JSON object."), _("Send a JSON object."), WITH_BODY),
        401: (
            _(
                "The token, or the username and the password, is wrong, ended, or not allowed from this address."
            ),
            _("Use another key, or log in to the panel to see what is wrong."),
            WITH_TOKEN,
        ),
        404: (_("This address leads nowhere."), _("Use the addresses that this page names."), ()),
        405: (_("This address doesn't take that method."), _("Use the method that this page names."), ()),
        413: (_("The body is larger than 2 MB."), _("Send less."), WITH_BODY),
        429: (
            _("Too many calls in a minute, wrong passwords, or users registered from one address."),
            _("Wait as many seconds as the header Retry-After says, then go on."),
            (),
        ),
    }
    faults = [
        ErrorRow(status, words.FAULTS[status], meaning, advice, calls)
        for status, (meaning, advice, calls) in told.items()
    ]
    passwords = [
        ErrorRow(400, text, _("The password is too weak."), strong, REGISTER)
        for text in words.PASSWORDS.values()
    ]
    unfit = _("The value of the field NAME is no text, or longer than its limit.")
    field = ErrorRow(
        400, words.BAD_FIELD.format(field="NAME"), unfit, _("Compare it with the table of fields."), REGISTER
    )
    return [*faults, *passwords, field]
