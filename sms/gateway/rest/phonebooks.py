"""Operations on phonebooks («وب‌سرویس‌های دفترچه تلفن»)."""

from dataclasses import dataclass
from urllib.parse import quote

from panel.lib.http.reading import read_identifier, read_text, read_whole
from sms.gateway.errors import Unclear
from sms.gateway.rest.calls import Calls

TEXT_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Phonebook:
    """One phonebook; `username` is its owner, `count` how many numbers it has (None where not told)."""

    id: str
    username: str
    title: str
    count: int | None


@dataclass(frozen=True, slots=True)
class PhonebookNumber:
    """One number in a phonebook."""

    id: str
    number: str


class PhonebookOperations(Calls):
    """What is done with our account's phonebooks."""

    def phonebooks(self):
        """All Phonebooks of our account («مشاهده‌ی فهرست دفترچه‌های تلفن»)."""
        return self._list_books("my/phonebook")[0]

    def phonebook(self, name):
        """The Phonebook of this name («مشاهده‌ی جزئیات یک دفترچه تلفن مشخص»)."""
        books, shown = self._list_books(f"my/phonebook/{_quote(name)}")
        if len(books) != 1:
            raise Unclear(f"the answer tells of {len(books)} phonebooks", shown)
        return books[0]

    def create_phonebook(self, name, numbers=(), *, skip_known=True):
        """Makes a phonebook with these numbers («ساخت یک دفترچه تلفن جدید») and gives back its id."""
        content = {"name": name, **_name_numbers(numbers, skip_known)}
        return self._call("POST", "phonebook", content).read_id("phonebook")

    def delete_phonebook(self, book_id):
        """Deletes a phonebook («حذف یک دفترچه تلفن»)."""
        self._call("DELETE", f"phonebook/{_quote(book_id)}").check()

    def phonebook_numbers(self, book_id):
        """All PhonebookNumbers of a phonebook («دریافت شماره‌های یک دفترچه تلفن»)."""
        result = self._call("GET", _name_list(book_id))
        return tuple(_read_number(row, result.shown) for row in result.open_list("result"))

    def add_numbers(self, book_id, numbers, *, skip_known=True):
        """Puts numbers into a phonebook («افزودن شماره به یک دفترچه تلفن»).

        With `skip_known` numbers that are in it already are passed over; else one of them refuses all (41).
        """
        self._call("POST", _name_list(book_id), _name_numbers(numbers, skip_known)).check()

    def delete_numbers(self, book_id, numbers, *, skip_unknown=True):
        """Takes numbers out of a phonebook («حذف شماره از یک دفترچه تلفن»).

        `skip_unknown` is the document's `flag`, as for adding: numbers that aren't in it are passed over.
        """
        self._call("DELETE", _name_list(book_id), _name_numbers(numbers, skip_unknown)).check()

    def _list_books(self, path):
        result = self._call("GET", path)
        rows = result.open().get("result")
        # The document writes one book's fields where several would stand: both are read.
        rows = [rows] if isinstance(rows, dict) else rows
        if not isinstance(rows, list):
            raise Unclear("the answer is no list of phonebooks", result.shown)
        return tuple(_read_book(row, result.shown) for row in rows), result.shown


def _quote(part):
    return quote(str(part), safe="", errors="replace")


def _name_list(book_id):
    return f"phonebook/{_quote(book_id)}/number"


def _name_numbers(numbers, skip):
    return {"numbers": list(numbers), "flag": "1" if skip else "0"}


def _read_book(row, shown):
    identifier = read_identifier(row.get("book_id")) if isinstance(row, dict) else None
    if identifier is None:
        raise Unclear("a phonebook without an id", shown)
    return Phonebook(
        id=identifier,
        username=read_text(row.get("uname"), TEXT_LIMIT),
        title=read_text(row.get("title"), TEXT_LIMIT),
        count=read_whole(row.get("count")),
    )


def _read_number(row, shown):
    identifier = read_identifier(row.get("number_id")) if isinstance(row, dict) else None
    number = read_text(row.get("number"), TEXT_LIMIT) if identifier else ""
    if not number:
        raise Unclear("a number without an id, or an id without a number", shown)
    return PhonebookNumber(identifier, number)
