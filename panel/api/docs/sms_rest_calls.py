"""sms-gateway-rest's 17 operations in the order of the contract, for its document."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from panel.api.docs.documents import JSON, reference
from panel.api.docs.generation import Operation
from panel.api.docs.panel_app_shapes import build_list
from panel.api.docs.panel_app_words import number_in_path
from panel.api.docs.sms_rest_shapes import (
    DONE,
    PROFILE,
    STATE,
    build_account,
    build_answer,
    build_rows,
)
from panel.api.sms_rest import account, phonebooks, reports, sending

ROOT = "/api/v1/rest"
TOKEN_HEADER = "token"  # noqa: S105 - the name of a header
LINE = "3000123456"
MOBILES = ["09121111111", "09122222222"]
SENT = {"status": 0, "id": 84213}
BOOK = {"book_id": 7, "uname": "sara", "title": "friends", "count": 2}
LATEST = {
    "id": 84213,
    "message": "Hello",
    "recipients": MOBILES,
    "from": LINE,
    "state": 4,
    "now": "2026-11-22 10:31:00",
    "time": "2026-11-22 10:30:00",
}


def list_calls():
    """The operations in the active language."""
    return [*_list_account(), *_list_sending(), *_list_reports(), *_list_books(), *_list_numbers()]


def _call(name, method, path, view, summary, answer, description="", body=None, **more):
    return Operation(
        name,
        method,
        f"{ROOT}/{path}",
        view,
        summary,
        answer,
        description,
        body=body,
        media=(JSON,),
        **{"auth": TOKEN_HEADER} | more,
    )


def _list_account():
    taken = {"username": "sara", "password": "kabir-koh-1405", "repeatPassword": "kabir-koh-1405"}
    credit = build_answer(
        _("What your wallet holds, in toman."),
        build_account("value", {"type": "integer"}),
        {"status": 0, "value": 352_000},
    )
    profile = build_answer(
        _("What is known of you; what is not is empty."),
        build_account("details", reference("Profile")),
        {"status": 0, "details": PROFILE},
    )
    return [
        _call("credit", "get", "my/credit", account.CreditView, _("Credit"), credit),
        _call("profile", "get", "my", account.ProfileView, _("Your details"), profile),
        _call(
            "register",
            "post",
            "user/register",
            account.RegisterView,
            _("Register a user"),
            build_answer(_("The user is registered."), DONE, 0),
            _(
                "Needs no credentials. The account has state 5 until its mobile is verified: with a code by SMS, "
                "after logging in to the panel with the username and the password."
            ),
            body=(reference("RegisterBody"), taken),
            auth="",
        ),
    ]


def _list_sending():
    letter = {"from": LINE, "recipients": MOBILES, "message": "Hello"}
    sent = build_answer(_("The number of the send."), reference("Sent"), SENT)
    return [
        _call(
            "send",
            "post",
            "sms/send",
            sending.SendView,
            _("Send a text"),
            sent,
            _("One number stands for all recipients; its state is the least advanced of theirs."),
            body=(reference("SendBody"), letter | {"type": 0}),
        ),
        _call(
            "future_send",
            "post",
            "sms/future-send",
            sending.FutureSendView,
            _("Send a text later"),
            sent,
            _("Charged when it is sent. Months are of the calendar that sendDate is written in."),
            body=(
                reference("FutureBody"),
                letter | {"sendDate": "2027-03-21 08:30:00", "prtrys": "month", "sentPeriod": "3"},
            ),
        ),
        _call(
            "pattern_send",
            "post",
            "sms/pattern-send",
            sending.PatternSendView,
            _("Send a pattern"),
            sent,
            body=(
                reference("PatternBody"),
                letter | {"message": {"code": "1234"}, "patternId": 3, "type": 0},
            ),
        ),
        _call(
            "phonebook_send",
            "post",
            "sms/phonebook-send",
            sending.PhonebookSendView,
            _("Send to a phonebook"),
            sent,
            body=(reference("PhonebookBody"), letter | {"bookId": 7, "type": 0}),
        ),
        _describe_multiple(),
    ]


def _describe_multiple():
    return _call(
        "multiple_send",
        "post",
        "sms/multiple-send",
        sending.MultipleSendView,
        _("Send different texts"),
        build_answer(
            _("The outcome of each text, in their order."),
            build_list(reference("Outcome")),
            [SENT, {"status": 23, "id": 0}],
        ),
        _(
            "The arrays are of the same length; each text is sent or refused by itself, with the codes of sms/send. "
            "A code for the whole call (account states, 21, 28) stands in every entry."
        ),
        body=(
            reference("MultipleBody"),
            {
                "fromArray": [LINE, "3000999999"],
                "recipients": [MOBILES, MOBILES],
                "messageArray": ["Hello", "Good bye"],
                "typeArray": [0, 0],
            },
        ),
    )


def _list_reports():
    ids = OpenApiParameter(
        "idArray",
        {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": reports.MOST_IDS},
        "query",
        required=True,
        description=_("Numbers of sends, each by itself; a JSON body with a list of this name does too."),
        examples=[OpenApiExample("example", value=[84213, 84214])],
    )
    return [
        _call(
            "latest",
            "get",
            "sms/latest",
            reports.LatestView,
            _("The latest send"),
            build_answer(
                _("What you sent last; of many recipients the first thousand."),
                _build_latest(),
                {"status": 0, "details": LATEST},
            ),
        ),
        _call(
            "status",
            "get",
            "sms/status",
            reports.StatusView,
            _("Where sends are"),
            build_answer(
                _("A state for each number, in their order; 14 for one that is not yours."),
                build_rows(STATE),
                {"status": 0, "result": [4, 14]},
            ),
            parameters=(ids,),
        ),
    ]


def _build_latest():
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["status", "details"],
        "properties": {"status": DONE, "details": reference("Latest")},
    }


def _list_books():
    books = build_answer(
        _("Your phonebooks with their numbers' count."),
        build_rows(reference("Book")),
        {"status": 0, "result": [BOOK]},
    )
    name = OpenApiParameter(
        "name",
        {"type": "string", "minLength": 1, "maxLength": 100},
        "path",
        required=True,
        description=_("The name of the phonebook."),
        examples=[OpenApiExample("example", value="friends")],
    )
    content = {"name": "colleagues", "numbers": MOBILES, "flag": "1"}
    return [
        _call("phonebooks", "get", "my/phonebook", phonebooks.BooksView, _("Your phonebooks"), books),
        _call(
            "phonebook",
            "get",
            "my/phonebook/{name}",
            phonebooks.BooksView,
            _("A phonebook by its name"),
            books,
            parameters=(name,),
        ),
        _call(
            "phonebook_create",
            "post",
            "phonebook",
            phonebooks.MakeBookView,
            _("Make a phonebook"),
            build_answer(_("The number of the phonebook."), reference("Sent"), {"status": 0, "id": 8}),
            body=(reference("BookBody"), content),
        ),
        _call(
            "phonebook_delete",
            "delete",
            "phonebook/{book_id}",
            phonebooks.BookView,
            _("Delete a phonebook"),
            build_answer(_("It is gone, with its numbers."), DONE, 0),
            parameters=(_describe_book(9),),
        ),
    ]


def _list_numbers():
    number = {"number_id": 51, "number": MOBILES[0]}
    return [
        _call(
            "numbers",
            "get",
            "phonebook/{book_id}/number",
            phonebooks.NumbersView,
            _("The numbers of a phonebook"),
            build_answer(
                _("All of its numbers."), build_rows(reference("Number")), {"status": 0, "result": [number]}
            ),
            parameters=(_describe_book(7),),
        ),
        *(
            _call(
                name,
                method,
                "phonebook/{book_id}/number",
                phonebooks.NumbersView,
                summary,
                build_answer(_("Done."), DONE, 0),
                body=(reference("NumbersBody"), {"numbers": ["09123333333"], "flag": "1"}),
                parameters=(_describe_book(7),),
            )
            for name, method, summary in (
                ("numbers_add", "post", _("Add numbers")),
                ("numbers_delete", "delete", _("Delete numbers")),
            )
        ),
    ]


def _describe_book(example):
    return number_in_path("book_id", _("The number of the phonebook."), example)
