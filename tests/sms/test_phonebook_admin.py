"""The admin of phonebooks: counts and imports are seen, numbers are not, and nothing is changed."""

import io

import pytest

from sms.imports import import_file
from sms.models import Phonebook, PhonebookImport
from sms.phonebooks import create_book
from tests.factories import make_customer
from tests.panel.admin_visits import count_queries, found_ids, page_of, read
from tests.panel.admin_visits import superuser as superuser
from tests.sms.sheets import make_csv

pytestmark = pytest.mark.django_db


def make_import(name="friends"):
    """A book of a new customer with one number, from a file with a faulty line that holds markup."""
    book = create_book(make_customer().pk, name)
    file = io.BytesIO(make_csv("09120000001", "<b>0912</b>"))
    return book, import_file(book.customer_id, book.pk, file, "list.csv")


def test_a_book_is_shown_with_how_many_numbers_it_holds_but_none_of_them(superuser):
    book, _row = make_import()
    html = read(superuser, page_of(Phonebook, "change", book.pk))
    assert ["<bdi>1</bdi>" in html, "9120000001" in html] == [True, False]


def test_an_import_is_shown_with_its_faulty_lines(superuser):
    _book, row = make_import()
    html = read(superuser, page_of(PhonebookImport, "change", row.pk))
    assert "<div><bdi>2</bdi>: <bdi>&lt;b&gt;0912&lt;/b&gt;</bdi>, no mobile number</div>" in html


def test_books_and_imports_are_found_by_customer(superuser):
    book, row = make_import()
    make_import("others")
    found = [found_ids(superuser, model, q=book.customer.username) for model in (Phonebook, PhonebookImport)]
    assert found == [[book.pk], [row.pk]]


def test_nothing_is_changed_by_hand(superuser):
    book, row = make_import()
    paths = [page_of(model, "add") for model in (Phonebook, PhonebookImport)]
    for page in ("change", "delete"):
        paths += [page_of(Phonebook, page, book.pk), page_of(PhonebookImport, page, row.pk)]
    assert [superuser.post(path, {"post": "yes"}).status_code for path in paths] == [403] * 6
    assert (Phonebook.objects.count(), PhonebookImport.objects.count()) == (1, 1)


@pytest.mark.parametrize("model", [Phonebook, PhonebookImport])
def test_lists_take_as_many_statements_for_many_rows_as_for_few(superuser, model):
    make_import()
    read(superuser, page_of(model))  # what is looked up once for each process
    few = count_queries(superuser, page_of(model))
    for _number in range(4):
        make_import()
    assert count_queries(superuser, page_of(model)) == few
