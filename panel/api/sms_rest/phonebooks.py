"""Phonebooks (contracts: sms-gateway-rest, «وب‌سرویس‌های دفترچه تلفن»)."""

import json

from rest_framework.response import Response

from panel.api.rest.renderers import KeptRenderer
from panel.api.sms_rest.base import AccountView, BareView, answer
from panel.api.sms_rest.contents import read_id, read_query, read_switch, read_text, read_texts
from panel.lib.mobile import national_mobile
from sms.gateway.codes import PhonebookState
from sms.phonebooks import (
    add_numbers,
    create_book,
    delete_book,
    find_book,
    list_books,
    list_numbers,
    remove_numbers,
)
from sms.refusals import SmsRefused

DONE = int(PhonebookState.DONE)
# Numbers of one call: each takes a tenth of a millisecond to read. Longer lists come as files, in the dashboard.
MOST_NUMBERS = 10_000
ROWS_AT_A_TIME = 10_000


class BooksView(AccountView):
    """`GET my/phonebook` and `GET my/phonebook/{name}`: all phonebooks, or the one of that name."""

    nothing = {"result": []}

    def get(self, request, name=None):
        name = self._find_name(request) if name is None else name
        books = list_books(request.user.pk, name)
        if name is not None and not books:
            raise SmsRefused(PhonebookState.NOT_FOUND)
        owner = request.user.username
        rows = [
            {"book_id": book.id, "uname": owner, "title": book.name, "count": book.count} for book in books
        ]
        return answer({"status": DONE, "result": rows})

    def _find_name(self, request):
        """The optional `name` of the content or the query; None for all phonebooks."""
        given = read_text(self.content, "name", PhonebookState.NOT_FOUND) or next(
            iter(read_query(request, "name")), ""
        )
        return given or None


class MakeBookView(AccountView):
    """`POST phonebook`: a new phonebook, with numbers or without."""

    nothing = {"id": 0}

    def post(self, request):
        name = read_text(self.content, "name", PhonebookState.FAILED)
        book = create_book(request.user.pk, name, _read_numbers(self.content), _read_flag(self.content))
        return answer({"status": DONE, "id": book.pk})


class BookView(BareView):
    """`DELETE phonebook/{id}`."""

    def delete(self, request, book_id):
        delete_book(request.user.pk, read_id(book_id))
        return answer(DONE)


class NumbersView(AccountView):
    """`…/phonebook/{id}/number`: list, add and delete.

    The document sketches the list's result as a list of two keys, which no JSON can be; its words say that result
    "holds two keys", so it is the object that all other results are.
    """

    renderer_classes = (KeptRenderer,)
    nothing = {"result": []}

    def show_code(self, code):
        return super().show_code(code) if self.request.method in ("GET", "HEAD") else int(code)

    def get(self, request, book_id):
        return Response(_render_numbers(find_book(request.user.pk, read_id(book_id))))

    def post(self, request, book_id):
        add_numbers(request.user.pk, read_id(book_id), _read_numbers(self.content), _read_flag(self.content))
        return answer(DONE)

    def delete(self, request, book_id):
        remove_numbers(
            request.user.pk, read_id(book_id), _read_numbers(self.content), _read_flag(self.content)
        )
        return answer(DONE)


def _read_numbers(content):
    numbers = read_texts(content, "numbers", PhonebookState.FAILED)
    if len(numbers) > MOST_NUMBERS:
        raise SmsRefused(PhonebookState.FAILED)
    return numbers


def _read_flag(content):
    """Whether numbers that are there already (or not, when they are deleted) are skipped: so without `flag` too."""
    skip = read_switch(content.get("flag"), default=True)
    if skip is None:
        raise SmsRefused(PhonebookState.FAILED)
    return skip


def _render_numbers(book):
    """The whole answer as bytes: a book may hold a million numbers, and as objects they would fill the memory."""
    parts, after = [], None
    while rows := list_numbers(book, after, ROWS_AT_A_TIME):
        parts += [
            json.dumps({"number_id": row.pk, "number": national_mobile(row.number)}).encode() for row in rows
        ]
        if len(rows) < ROWS_AT_A_TIME:
            break
        after = rows[-1].number
    return b'{"status":200,"result":{"status":%d,"result":[%s]}}' % (DONE, b",".join(parts))
