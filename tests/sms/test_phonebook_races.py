"""Changes of phonebooks at the same moment, on real connections."""

import pytest

from sms import phonebooks
from sms.gateway.codes import PhonebookState
from sms.models import Phonebook, PhonebookNumber
from sms.phonebooks import add_numbers, create_book, delete_book, list_books, remove_numbers, rename_book
from sms.refusals import SmsRefused
from tests.factories import make_customer
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)

MANY = [f"0912{number:07d}" for number in range(500)]


@pytest.fixture
def customer():
    return make_customer()


def code_of(result):
    """The code of a refusal, None for a result."""
    return result.code if isinstance(result, SmsRefused) else None


def count_numbers():
    return PhonebookNumber.objects.count()


def test_the_same_numbers_added_at_once_are_there_once(customer):
    book = create_book(customer.pk, "friends")
    turned = MANY[::-1]  # the other way round, as would be a deadlock for rows locked one by one
    results = run_together(
        *[lambda given=given: add_numbers(customer.pk, book.pk, given, True) for given in (MANY, turned) * 2]
    )
    assert (sorted(results), count_numbers()) == ([0, 0, 0, 500], 500)


def test_of_two_that_add_only_new_numbers_one_is_refused(customer):
    book = create_book(customer.pk, "friends")
    results = run_together(*[lambda: add_numbers(customer.pk, book.pk, MANY, False)] * 2)
    assert sorted(map(code_of, results), key=str) == [PhonebookState.EXISTS, None]
    assert count_numbers() == 500


def test_two_that_add_pass_the_limit_together_never(customer, monkeypatch):
    monkeypatch.setattr(phonebooks, "MAX_NUMBERS", 600)
    book = create_book(customer.pk, "friends")
    halves = [f"0935{number:07d}" for number in range(500)]
    results = run_together(
        lambda: add_numbers(customer.pk, book.pk, MANY, True),
        lambda: add_numbers(customer.pk, book.pk, halves, True),
    )
    assert sorted(map(code_of, results), key=str) == [PhonebookState.FAILED, None]
    assert count_numbers() == 500


def test_nothing_is_left_of_a_book_deleted_while_numbers_are_added(customer):
    for _round in range(3):
        book = create_book(customer.pk, "friends")
        added, deleted = run_together(
            lambda pk=book.pk: add_numbers(customer.pk, pk, MANY, True),
            lambda pk=book.pk: delete_book(customer.pk, pk),
        )
        assert deleted is None
        assert added == 500 or code_of(added) == PhonebookState.NOT_FOUND
        assert (Phonebook.objects.count(), count_numbers()) == (0, 0)


def test_numbers_removed_at_once_are_removed_once(customer):
    book = create_book(customer.pk, "friends", MANY)
    results = run_together(*[lambda: remove_numbers(customer.pk, book.pk, MANY, True)] * 3)
    assert (sorted(results), count_numbers()) == ([0, 0, 500], 0)


def test_one_name_given_at_once_makes_one_book(customer):
    results = run_together(*[lambda: create_book(customer.pk, "friends", MANY)] * 4)
    assert [code_of(result) for result in results].count(PhonebookState.EXISTS) == 3
    assert [(book.name, book.count) for book in list_books(customer.pk)] == [("friends", 500)]


def test_two_books_get_one_name_once(customer):
    books = [create_book(customer.pk, name) for name in ("one", "two")]
    results = run_together(*[lambda pk=book.pk: rename_book(customer.pk, pk, "friends") for book in books])
    assert sorted(map(code_of, results), key=str) == [PhonebookState.EXISTS, None]
    assert sorted(book.name for book in list_books(customer.pk))[0] == "friends"


def test_books_made_at_once_pass_the_limit_together_never(customer, monkeypatch):
    monkeypatch.setattr(phonebooks, "MAX_BOOKS", 2)
    results = run_together(*[lambda name=name: create_book(customer.pk, name) for name in "abcd"])
    assert [code_of(result) for result in results].count(PhonebookState.FAILED) == 2
    assert len(list_books(customer.pk)) == 2
