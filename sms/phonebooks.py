"""Phonebooks of customers and the numbers in them (sms-gateway-rest, «وب‌سرویس‌های دفترچه تلفن»).

Refusals are SmsRefused with a code of PhonebookState and a sentence in the active language. A phonebook of another
customer is as an unknown one. Whoever changes the numbers of a book holds the lock of its row, so that two at once
can't pass its limit together and nothing is added to one that is being deleted.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from panel.accounts.models import Customer
from panel.lib.dates import format_number, read_digits, to_latin_digits
from panel.lib.language import page_language
from panel.lib.mobile import parse_mobile
from sms.gateway.codes import PhonebookState
from sms.models import Phonebook, PhonebookNumber
from sms.numbers import read_numbers
from sms.readable import is_readable, make_readable
from sms.refusals import SmsRefused

MAX_BOOKS = 200  # of a customer
MAX_NUMBERS = 1_000_000  # in a book
MAX_NAME = 100  # characters
MAX_SHOWN = 50  # characters of a number that is none

ADD_NUMBERS = """
    INSERT INTO sms_phonebooknumber (book_id, number, name)
    SELECT %s, given.number, given.name FROM unnest(%s::text[], %s::text[]) AS given (number, name)
    ON CONFLICT (book_id, number) DO NOTHING
    RETURNING number
"""
REMOVE_NUMBERS = "DELETE FROM sms_phonebooknumber WHERE book_id = %s AND number = ANY(%s::text[])"


@dataclass(frozen=True, slots=True)
class BookSummary:
    """A phonebook in a list; `count` is how many numbers it holds."""

    id: int
    name: str
    count: int


def list_books(customer_id, name=None):
    """BookSummary of each phonebook of the customer, or of the one with that name, in one query."""
    books = Phonebook.objects.filter(customer_id=customer_id)
    if name is not None:
        books = books.filter(name=name.strip()) if is_readable(name) else books.none()
    counts = PhonebookNumber.objects.filter(book=OuterRef("pk")).values("book").annotate(count=Count("*"))
    counted = books.annotate(count=Coalesce(Subquery(counts.values("count")), 0))
    return [BookSummary(*row) for row in counted.order_by("name").values_list("id", "name", "count")]


def find_book(customer_id, book_id):
    """The customer's phonebook of that id, a number or its digits. Raises SmsRefused: 40."""
    return _find(Phonebook.objects, customer_id, book_id)


def lock_book(customer_id, book_id):
    """The same, its row locked until the transaction ends: its numbers stay as they are. Raises SmsRefused: 40."""
    # A weaker lock than DELETE takes: rows that refer to the book may come meanwhile.
    return _find(Phonebook.objects.select_for_update(no_key=True), customer_id, book_id)


def create_book(customer_id, name, numbers=(), skip_known=True):
    """Make a phonebook with those numbers, or an empty one, and return it.

    Without `skip_known` a number that is given twice is refused: it is in the book already. Raises SmsRefused: 41,
    also when the customer has a book of that name, and 43.
    """
    name = _read_name(name)
    given = _read_numbers(numbers)
    if given.repeated and not skip_known:
        raise _known_number()
    with transaction.atomic():
        _make_room(customer_id)
        with _unique_name():
            book = Phonebook.objects.create(customer_id=customer_id, name=name)
        insert_numbers(book, given.good)
        check_size(book)
    return book


def rename_book(customer_id, book_id, name):
    """Give a phonebook another name. Raises SmsRefused: 40, 41 when another book has it, 43."""
    name = _read_name(name)
    book = find_book(customer_id, book_id)
    with _unique_name():
        if not Phonebook.objects.filter(pk=book.pk).update(name=name):
            raise _not_found()


def delete_book(customer_id, book_id):
    """Delete a phonebook with its numbers. Raises SmsRefused: 40."""
    with transaction.atomic():
        _find(Phonebook.objects.select_for_update(), customer_id, book_id).delete()


def list_numbers(book, after=None, limit=None):
    """The rows of a book's numbers in order of the number, from behind the number `after`, `limit` at most."""
    rows = PhonebookNumber.objects.filter(book=book).order_by("number")
    if after is not None:
        rows = rows.filter(number__gt=after)
    return list(rows[:limit])


def find_numbers(book, term, after=None, limit=None):
    """Those of `list_numbers` that are the mobile `term`, have its digits in them, or it in their name."""
    term = to_latin_digits(term.strip())
    if not is_readable(term):
        return []
    rows = PhonebookNumber.objects.filter(book=book).order_by("number")
    try:
        rows = rows.filter(number=parse_mobile(term))
    except ValueError:
        rows = rows.filter(_find_part(term))
    if after is not None:
        rows = rows.filter(number__gt=after)
    return list(rows[:limit])


def add_numbers(customer_id, book_id, numbers, skip_known):
    """Put mobiles into a phonebook and return how many are new; those in it stay, with `skip_known`.

    Without it, one that is in the book or given twice refuses them all. Raises SmsRefused and changes nothing: 40,
    41, 42 without any number, 43 for what is no mobile or more than fit.
    """
    given = _read_some_numbers(numbers)
    with transaction.atomic():
        book = lock_book(customer_id, book_id)
        added = len(insert_numbers(book, given.good))
        if not skip_known and (given.repeated or added < len(given.good)):
            raise _known_number()
        if added:
            check_size(book)
    return added


def remove_numbers(customer_id, book_id, numbers, skip_unknown):
    """Take mobiles out of a phonebook and return how many were in it.

    Without `skip_unknown` one that is not in the book refuses them all. Raises SmsRefused and changes nothing: 40, 42
    without any number, 43 for what is no mobile.
    """
    given = _read_some_numbers(numbers)
    with transaction.atomic(), connection.cursor() as cursor:
        book = lock_book(customer_id, book_id)
        cursor.execute(REMOVE_NUMBERS, [book.pk, given.good])
        removed = cursor.rowcount
        if not skip_unknown and removed < len(given.good):
            raise SmsRefused(PhonebookState.NOT_FOUND, _("One of the numbers is not in this phonebook."))
    return removed


def insert_numbers(book, numbers, names=None):
    """Put mobiles (E.164), with their names if given, into a book whose row is locked; returns those that are new."""
    if not numbers:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ADD_NUMBERS, [book.pk, numbers, names or [""] * len(numbers)])
        return [number for (number,) in cursor.fetchall()]


def check_size(book):
    """Raise SmsRefused, 43, when a book whose row is locked holds more than MAX_NUMBERS."""
    if PhonebookNumber.objects.filter(book=book).count() > MAX_NUMBERS:
        raise _failed(_("A phonebook holds at most %(limit)s numbers."), MAX_NUMBERS)


def _find(books, customer_id, book_id):
    number = read_digits(str(book_id))
    book = books.filter(pk=number, customer_id=customer_id).first() if number is not None else None
    if book is None:
        raise _not_found()
    return book


def _find_part(term):
    named = Q(name__icontains=term)
    # As people write them: 0912 is how numbers with +98912 begin.
    digits = term.removeprefix("+98").replace(" ", "").replace("-", "")
    if digits.startswith("0"):
        return named | Q(number__startswith=f"+98{digits[1:]}")
    return named | Q(number__contains=digits) if digits.isdecimal() else named


def _read_name(name):
    name = name.strip() if isinstance(name, str) else ""
    if not name or not is_readable(name):
        raise _failed(_("Give the phonebook a name."))
    if len(name) > MAX_NAME:
        raise _failed(_("At most %(limit)s characters fit."), MAX_NAME)
    return name


def _read_numbers(numbers):
    given = read_numbers(numbers)
    if given.bad:
        first = given.bad[0] if isinstance(given.bad[0], str) else ""
        words = _("One of the numbers is no mobile number: %(number)s")
        raise _failed(words, number=make_readable(first[:MAX_SHOWN]))
    return given


def _read_some_numbers(numbers):
    given = _read_numbers(numbers)
    if not given.good:
        raise SmsRefused(PhonebookState.NO_NUMBERS, _("Give at least one number."))
    return given


def _make_room(customer_id):
    """Raise SmsRefused unless one more book fits; one at a time looks, so parallel ones can't pass together."""
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer_id)
    if Phonebook.objects.filter(customer_id=customer_id).count() >= MAX_BOOKS:
        raise _failed(_("You can have at most %(limit)s phonebooks."), MAX_BOOKS)


@contextmanager
def _unique_name():
    """A savepoint in which a name that is taken is SmsRefused, 41."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise SmsRefused(PhonebookState.EXISTS, _("You have a phonebook of that name already.")) from error


def _known_number():
    return SmsRefused(PhonebookState.EXISTS, _("One of the numbers is in this phonebook already."))


def _not_found():
    return SmsRefused(PhonebookState.NOT_FOUND, _("There is no such phonebook."))


def _failed(words, limit=None, number=""):
    shown = "" if limit is None else format_number(limit, page_language())
    return SmsRefused(PhonebookState.FAILED, words % {"limit": shown, "number": number})
