"""Phonebooks: every refusal of the contract's table, with nothing changed by it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sms import phonebooks
from sms.gateway.codes import PhonebookState
from sms.models import Phonebook, PhonebookNumber, Send
from sms.phonebooks import (
    BookSummary,
    add_numbers,
    create_book,
    delete_book,
    find_book,
    find_numbers,
    list_books,
    list_numbers,
    remove_numbers,
    rename_book,
)
from sms.refusals import SmsRefused
from tests.factories import make_customer

pytestmark = pytest.mark.django_db

ONE, TWO, THREE = "+989120000001", "+989120000002", "+989120000003"


@pytest.fixture
def customer():
    return make_customer()


@pytest.fixture
def book(customer):
    """A book that holds the first two numbers."""
    return create_book(customer.pk, "friends", [ONE, TWO])


def numbers_of(book):
    return [row.number for row in list_numbers(book)]


def refuse(work, *args, **kwargs):
    """The code with which it is refused."""
    with pytest.raises(SmsRefused) as refused:
        work(*args, **kwargs)
    assert refused.value.detail
    return refused.value.code


def count_statements(work, *args):
    with CaptureQueriesContext(connection) as queries:
        work(*args)
    return len(queries)


def test_a_book_is_made_with_numbers_in_any_spelling_each_once(customer):
    book = create_book(customer.pk, "  friends ", ["09120000001", "9120000002", "۰۹۱۲۰۰۰۰۰۰۱"])
    assert (book.name, numbers_of(book)) == ("friends", [ONE, TWO])


def test_a_book_is_made_empty(customer):
    assert numbers_of(create_book(customer.pk, "empty")) == []


def test_a_name_is_there_once_for_a_customer(customer, book):
    assert refuse(create_book, customer.pk, "friends", [THREE]) == PhonebookState.EXISTS
    assert numbers_of(create_book(make_customer().pk, "friends", [THREE])) == [THREE]
    assert (Phonebook.objects.count(), PhonebookNumber.objects.count()) == (2, 3)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b", "\ud800", None, 7, ["a"]])
def test_what_is_no_name(customer, book, name):
    assert refuse(create_book, customer.pk, name) == PhonebookState.FAILED
    assert refuse(rename_book, customer.pk, book.pk, name) == PhonebookState.FAILED
    assert [row.name for row in Phonebook.objects.all()] == ["friends"]


def test_no_book_is_made_when_one_number_is_none(customer):
    assert refuse(create_book, customer.pk, "friends", [ONE, "nobody"]) == PhonebookState.FAILED
    assert refuse(create_book, customer.pk, "friends", [ONE, ONE], False) == PhonebookState.EXISTS
    assert Phonebook.objects.count() == 0


def test_a_customer_has_so_many_books_at_most(customer, monkeypatch):
    monkeypatch.setattr(phonebooks, "MAX_BOOKS", 2)
    for name in ("one", "two"):
        create_book(customer.pk, name)
    create_book(make_customer().pk, "of another")
    assert refuse(create_book, customer.pk, "three") == PhonebookState.FAILED
    assert [book.name for book in list_books(customer.pk)] == ["one", "two"]


def test_a_book_holds_so_many_numbers_at_most(customer, book, monkeypatch):
    monkeypatch.setattr(phonebooks, "MAX_NUMBERS", 3)
    assert (
        refuse(create_book, customer.pk, "large", [f"0912000000{n}" for n in range(4)])
        == PhonebookState.FAILED
    )
    assert refuse(add_numbers, customer.pk, book.pk, [THREE, "09120000004"], True) == PhonebookState.FAILED
    assert add_numbers(customer.pk, book.pk, [ONE, THREE], True) == 1
    assert [(row.name, row.count) for row in list_books(customer.pk)] == [("friends", 3)]


def test_books_are_listed_with_their_counts_in_one_query(customer, book):
    empty = create_book(customer.pk, "empty")
    create_book(make_customer().pk, "of another", [ONE])
    assert list_books(customer.pk) == [BookSummary(empty.pk, "empty", 0), BookSummary(book.pk, "friends", 2)]
    assert list_books(customer.pk, " friends ") == [BookSummary(book.pk, "friends", 2)]
    assert list_books(customer.pk, "nothing") == list_books(customer.pk, "a\x00") == []
    assert count_statements(list_books, customer.pk) == 1


@pytest.mark.parametrize("digits", [False, True])
def test_a_book_is_found_by_its_number(customer, book, digits):
    assert find_book(customer.pk, str(book.pk) if digits else book.pk) == book


@pytest.mark.parametrize("book_id", [0, -1, 2**63, 10**30, "", "x", "1.0", "١", None, True, [1]])
def test_what_is_no_number_of_a_book(customer, book, book_id):
    assert refuse(find_book, customer.pk, book_id) == PhonebookState.NOT_FOUND


def test_a_foreign_book_is_an_unknown_one(book):
    stranger = make_customer().pk
    calls = [
        (find_book, stranger, book.pk),
        (rename_book, stranger, book.pk, "mine"),
        (delete_book, stranger, book.pk),
        (add_numbers, stranger, book.pk, [THREE], True),
        (remove_numbers, stranger, book.pk, [ONE], True),
    ]
    assert [refuse(*call) for call in calls] == [PhonebookState.NOT_FOUND] * 5
    assert [row.name for row in Phonebook.objects.all()] == ["friends"]
    assert numbers_of(book) == [ONE, TWO]


def test_renaming(customer, book):
    other = create_book(customer.pk, "other")
    assert refuse(rename_book, customer.pk, other.pk, "friends") == PhonebookState.EXISTS
    rename_book(customer.pk, book.pk, " family ")
    rename_book(customer.pk, book.pk, "family")
    assert [row.name for row in list_books(customer.pk)] == ["family", "other"]


def test_deleting_takes_the_numbers_and_leaves_what_was_sent(customer, book):
    kept = create_book(customer.pk, "kept", [ONE])
    fields = {
        "channel": "dashboard",
        "state": "queued",
        "sender": "3000",
        "text": "a",
        "parts": 1,
        "part_price": 1,
    }
    send = Send.objects.create(customer=customer, book=book, **fields)
    delete_book(customer.pk, book.pk)
    assert [(row.book_id, row.number) for row in PhonebookNumber.objects.all()] == [(kept.pk, ONE)]
    assert Send.objects.get(pk=send.pk).book_id is None
    assert refuse(delete_book, customer.pk, book.pk) == PhonebookState.NOT_FOUND


def test_adding_skips_known_numbers_or_refuses_them_all(customer, book):
    assert refuse(add_numbers, customer.pk, book.pk, [TWO, THREE], False) == PhonebookState.EXISTS
    assert refuse(add_numbers, customer.pk, book.pk, [THREE, "09120000003"], False) == PhonebookState.EXISTS
    assert numbers_of(book) == [ONE, TWO]
    assert add_numbers(customer.pk, book.pk, [TWO, THREE, "09120000003"], True) == 1
    assert add_numbers(customer.pk, book.pk, ["09120000004"], False) == 1
    assert add_numbers(customer.pk, book.pk, [ONE], True) == 0
    assert numbers_of(book) == [ONE, TWO, THREE, "+989120000004"]


def test_removing_skips_unknown_numbers_or_refuses_them_all(customer, book):
    assert refuse(remove_numbers, customer.pk, book.pk, [ONE, THREE], False) == PhonebookState.NOT_FOUND
    assert numbers_of(book) == [ONE, TWO]
    assert remove_numbers(customer.pk, book.pk, ["09120000001", "09120000001", THREE], True) == 1
    assert remove_numbers(customer.pk, book.pk, [TWO], False) == 1
    assert remove_numbers(customer.pk, book.pk, [TWO], True) == 0
    assert numbers_of(book) == []


@pytest.mark.parametrize("work", [add_numbers, remove_numbers])
@pytest.mark.parametrize("flag", [True, False])
def test_without_numbers_or_with_a_bad_one_nothing_changes(customer, book, work, flag):
    assert refuse(work, customer.pk, book.pk, [], flag) == PhonebookState.NO_NUMBERS
    for bad in ("nobody", None, "02112345678", "\ud800", {}):
        assert refuse(work, customer.pk, book.pk, [ONE, bad], flag) == PhonebookState.FAILED
    assert numbers_of(book) == [ONE, TWO]


def test_many_numbers_take_as_many_statements_as_one(customer, book):
    def add_and_remove(start, end):
        many = [f"0935{number:07d}" for number in range(start, end)]
        add_numbers(customer.pk, book.pk, many, False)
        remove_numbers(customer.pk, book.pk, many, False)

    few = count_statements(add_and_remove, 0, 1)
    assert count_statements(add_and_remove, 0, 3_000) == few
    assert count_statements(create_book, customer.pk, "many", [f"0935{n:07d}" for n in range(3_000)]) == (
        count_statements(create_book, customer.pk, "few", [ONE])
    )


def test_numbers_are_read_page_by_page_in_their_order(customer, book):
    add_numbers(customer.pk, book.pk, ["09110000000", THREE], True)
    first = list_numbers(book, limit=2)
    assert [row.number for row in first] == ["+989110000000", ONE]
    assert [row.number for row in list_numbers(book, after=first[-1].number)] == [TWO, THREE]


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("09120000001", [ONE]),
        ("۰۹۱۲۰۰۰۰۰۰۲", [TWO]),
        ("0912", [ONE, TWO]),
        ("0000002", []),
        ("0000 001", []),
        ("912000", [ONE, TWO]),
        ("+98912", [ONE, TWO]),
        ("SARA", [TWO]),
        ("%", []),
        ("", [ONE, TWO]),
        ("09350000000", []),
        ("\ud800", []),
    ],
)
def test_numbers_are_found_by_their_digits_and_names(book, term, found):
    book.numbers.filter(number=TWO).update(name="Sara")
    assert [row.number for row in find_numbers(book, term)] == found
    assert [row.number for row in find_numbers(book, term, limit=1)] == found[:1]
    assert [row.number for row in find_numbers(book, term, after=ONE)] == [n for n in found if n > ONE]
