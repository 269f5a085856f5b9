"""Imports into phonebooks: what was added, which lines were not, and nothing at all where the file is refused."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from sms import imports, phonebooks
from sms.gateway.codes import PhonebookState
from sms.import_files import ImportRefused
from sms.imports import FAULT_WORDS, import_file
from sms.models import PhonebookImport, PhonebookNumber
from sms.phonebooks import create_book, delete_book, list_numbers
from sms.refusals import SmsRefused
from tests.factories import make_customer
from tests.sms.sheets import make_csv, make_workbook
from tests.together import run_together

ONE, TWO, THREE = "+989120000001", "+989120000002", "+989120000003"


@pytest.fixture
def customer(db):
    return make_customer()


@pytest.fixture
def book(customer):
    return create_book(customer.pk, "friends", [THREE])


def take(book, data, file_name="list.csv"):
    return import_file(book.customer_id, book.pk, io.BytesIO(data), file_name)


def rows_of(book):
    return [(row.number, row.name) for row in list_numbers(book)]


def counts_of(row):
    return row.added, row.duplicates, row.bad


def test_numbers_and_names_are_added_and_every_other_line_is_reported(book):
    lines = (
        *(
            "نام,موبایل",
            "علی,09120000001",
            "سارا,۰۹۱۲۰۰۰۰۰۰۲",
            "",
            "بی‌شماره,",
            "رضا,0912",
            "علی,+98 912 000 0001",
        ),
        *("نیما,9.12E+09", "مینا,09120000003"),
    )
    row = take(book, make_csv(*lines))
    row.refresh_from_db()
    assert rows_of(book) == [(ONE, "علی"), (TWO, "سارا"), (THREE, "")]
    assert (row.book_id, row.file_name, counts_of(row)) == (book.pk, "list.csv", (2, 2, 3))
    assert row.faults == [
        [5, "", "empty"],
        [6, "0912", "bad"],
        [7, "+98 912 000 0001", "repeated"],
        [8, "9.12E+09", "shortened"],
        [9, "09120000003", "known"],
    ]


def test_a_workbook_gives_its_numbers_without_zeros(book):
    row = take(
        book, make_workbook(["Name", "Mobile"], ["Ali", 9120000001], ["Sara", 989120000002.0], [None, "x"])
    )
    assert rows_of(book) == [(ONE, "Ali"), (TWO, "Sara"), (THREE, "")]
    assert (counts_of(row), row.faults) == ((2, 0, 1), [(4, "x", "bad")])


def test_a_list_without_a_heading_begins_with_its_first_line(book):
    row = take(book, make_csv("09120000001", "09120000002"))
    assert (rows_of(book), counts_of(row)) == ([(ONE, ""), (TWO, ""), (THREE, "")], (2, 0, 0))


def test_the_same_file_again_adds_nothing(book):
    data = make_csv("name;phone", "Ali;09120000001", "Sara;09120000002")
    assert [counts_of(take(book, data)) for _time in range(2)] == [(2, 0, 0), (0, 2, 0)]


def test_texts_that_fit_no_column_are_cut(book):
    long_name = "ن" * 150
    row = take(
        book, make_csv("name,mobile", f"{long_name},09120000001", f"\x01a\x0b,{'0912 ' * 50}"), "f" * 300
    )
    row.refresh_from_db()
    assert rows_of(book)[0] == (ONE, "ن" * 100)
    assert (row.file_name, row.faults) == ("f" * 200, [[3, ("0912 " * 12), "bad"]])


def test_the_first_faults_are_kept_and_all_are_counted(book, monkeypatch):
    monkeypatch.setattr(imports, "MAX_FAULTS", 3)
    lines = ["mobile", "x1", "09120000003", "x2", "x3", "x4"]
    row = take(book, make_csv(*lines))
    assert (counts_of(row), row.faults) == (
        (0, 1, 4),
        [(2, "x1", "bad"), (3, "09120000003", "known"), (4, "x2", "bad")],
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (make_csv("name,city", "Ali,Tehran"), "No column with mobile numbers was found in the file."),
        (make_csv("02112345678"), "No column with mobile numbers was found in the file."),
    ],
)
def test_a_file_without_mobiles_changes_nothing(book, data, words):
    with override("en"), pytest.raises(ImportRefused, match=words):
        take(book, data)
    assert (rows_of(book), PhonebookImport.objects.count()) == ([(THREE, "")], 0)


def test_a_file_that_breaks_off_far_inside_changes_nothing(book, monkeypatch):
    monkeypatch.setattr("sms.import_files.MAX_LINES", 400)
    with pytest.raises(ImportRefused):
        take(book, make_csv(*[f"0935{number:07d}" for number in range(401)]))
    assert (rows_of(book), PhonebookImport.objects.count()) == ([(THREE, "")], 0)


def test_a_book_that_would_get_too_large_stays_as_it_was(book, monkeypatch):
    monkeypatch.setattr(phonebooks, "MAX_NUMBERS", 2)
    with pytest.raises(SmsRefused) as refused:
        take(book, make_csv("09120000001", "09120000002"))
    assert refused.value.code == PhonebookState.FAILED
    assert (rows_of(book), PhonebookImport.objects.count()) == ([(THREE, "")], 0)


def test_a_foreign_book_is_an_unknown_one(book):
    with pytest.raises(SmsRefused) as refused:
        import_file(make_customer().pk, book.pk, io.BytesIO(make_csv("09120000001")), "a.csv")
    assert (refused.value.code, rows_of(book)) == (PhonebookState.NOT_FOUND, [(THREE, "")])


def test_each_batch_is_one_statement(book, monkeypatch):
    def count(lines):
        data = make_csv(*[f"0935{number:07d}" for number in range(lines)])
        with CaptureQueriesContext(connection) as queries:
            take(book, data)
        return len(queries)

    few = count(10)
    assert count(3_000) == few
    monkeypatch.setattr(imports, "BATCH", 1_000)
    assert count(3_000) == few + 2


def test_every_fault_has_words_in_both_languages():
    words = {}
    for language in ("en", "fa"):
        with override(language):
            words[language] = [str(text) for text in FAULT_WORDS.values()]
    assert len(set(words["en"]) | set(words["fa"])) == 10


@pytest.mark.django_db(transaction=True)
def test_the_same_file_taken_twice_at_once_adds_each_number_once():
    customer = make_customer()
    book = create_book(customer.pk, "friends")
    data = make_csv(*[f"0935{number:07d}" for number in range(2_000)])
    results = run_together(*[lambda: take(book, data)] * 2)
    assert sorted(map(counts_of, results)) == [(0, 2000, 0), (2000, 0, 0)]
    assert PhonebookNumber.objects.count() == 2_000


@pytest.mark.django_db(transaction=True)
def test_a_book_deleted_during_an_import_leaves_nothing():
    customer = make_customer()
    book = create_book(customer.pk, "friends")
    data = make_csv(*[f"0935{number:07d}" for number in range(2_000)])
    taken, deleted = run_together(lambda: take(book, data), lambda: delete_book(customer.pk, book.pk))
    assert deleted is None
    assert isinstance(taken, PhonebookImport) or taken.code == PhonebookState.NOT_FOUND
    assert (PhonebookNumber.objects.count(), PhonebookImport.objects.count()) == (0, 0)
