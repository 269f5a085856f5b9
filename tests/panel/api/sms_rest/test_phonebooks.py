"""Phonebooks through HTTP, and every code of «وضعیت دفترچه تلفن»."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from panel.api.sms_rest import phonebooks
from sms.models import Phonebook, PhonebookNumber
from tests.panel.api.sms_rest.conftest import done

NUMBERS = ["09121111111", "09122222222"]
BAD_IDS = ["0", "-1", "x", "1.5", "999999", str(2**63), "9" * 50, quote("یک")]


@pytest.fixture
def book(caller):
    """A phonebook with two numbers."""
    caller.post("phonebook", {"name": "friends", "numbers": NUMBERS, "flag": "1"})
    return Phonebook.objects.get()


def describe(book, count):
    return {"book_id": book.pk, "uname": "reseller", "title": book.name, "count": count}


def list_of(caller, book):
    return [row["number"] for row in caller.get(f"phonebook/{book.pk}/number")[1]["result"]["result"]]


def count_queries(call):
    call()
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


class TestLists:
    def test_none(self, caller):
        assert caller.get("my/phonebook") == done({"status": 0, "result": []})

    def test_all(self, caller, book, other):
        empty = Phonebook.objects.create(customer=book.customer, name="empty")
        told = [describe(empty, 0), describe(book, 2)]
        assert caller.get("my/phonebook") == done({"status": 0, "result": told})
        assert other.get("my/phonebook") == done({"status": 0, "result": []})

    @pytest.mark.parametrize("name", ["friends", "دوستان من", "a/b", "a b", "50%"])
    def test_by_name(self, caller, customer, book, name):
        Phonebook.objects.filter(pk=book.pk).update(name=name)
        book.refresh_from_db()
        told = done({"status": 0, "result": [describe(book, 2)]})
        assert caller.get(f"my/phonebook/{quote(name, safe='')}") == told
        assert caller.get(f"my/phonebook/{quote(name, safe='')}/") == told
        assert caller.get("my/phonebook", {"name": name}) == told
        assert caller.get(f"my/phonebook?name={quote(name)}") == told

    @pytest.mark.parametrize("name", ["nobody", "a%00b", "%ff"])
    def test_a_name_that_is_not_there(self, caller, book, name):
        assert caller.get(f"my/phonebook/{name}") == done({"status": 40, "result": []})

    def test_somebody_else_s_name(self, other, book):
        assert other.get("my/phonebook/friends") == done({"status": 40, "result": []})

    def test_many_books_take_no_more_queries(self, caller, customer, book):
        few = count_queries(lambda: caller.get("my/phonebook"))
        Phonebook.objects.bulk_create(Phonebook(customer=customer, name=f"b{n}") for n in range(50))
        assert count_queries(lambda: caller.get("my/phonebook")) == few


class TestMaking:
    def test_with_numbers(self, caller, customer):
        content = {"name": "friends", "numbers": ["۰۹۱۲۱۱۱۱۱۱۱", 9122222222, "+989121111111"], "flag": 1}
        answer = caller.post("phonebook", content)
        book = Phonebook.objects.get()
        assert answer == done({"status": 0, "id": book.pk})
        assert (book.customer, book.name, list_of(caller, book)) == (customer, "friends", NUMBERS)

    @pytest.mark.parametrize("content", [{}, {"numbers": []}, {"numbers": None, "flag": ""}])
    def test_without(self, caller, content):
        assert caller.post("phonebook", {"name": "friends"} | content)[1]["result"]["status"] == 0
        assert list_of(caller, Phonebook.objects.get()) == []

    @pytest.mark.parametrize(
        ("code", "content"),
        [
            (43, {"name": ""}),
            (43, {"name": None}),
            (43, {"name": ["a"]}),
            (43, {"name": "a\x00"}),
            (43, {"name": "a" * 101}),
            (43, {"numbers": ["0912"]}),
            (43, {"numbers": "09121111111"}),
            (43, {"numbers": [["09121111111"]]}),
            (43, {"flag": "2"}),
            (43, {"flag": [1]}),
            (41, {"numbers": ["09121111111", "9121111111"], "flag": "0"}),
        ],
    )
    def test_what_is_refused(self, caller, rows, code, content):
        before = rows()
        assert caller.post("phonebook", {"name": "new"} | content) == done({"status": code, "id": 0})
        assert rows() == before

    def test_a_name_that_is_there(self, caller, book, rows):
        before = rows()
        assert caller.post("phonebook", {"name": "friends"}) == done({"status": 41, "id": 0})
        assert rows() == before

    def test_others_may_have_the_same_name(self, other, book):
        assert other.post("phonebook", {"name": "friends"})[1]["result"]["status"] == 0


class TestDeleting:
    def test_a_book(self, caller, book):
        assert caller.delete(f"phonebook/{book.pk}") == done(0)
        assert (Phonebook.objects.count(), PhonebookNumber.objects.count()) == (0, 0)
        assert caller.delete(f"phonebook/{book.pk}") == done(40)

    @pytest.mark.parametrize("book_id", BAD_IDS)
    def test_no_such_book(self, caller, book_id):
        assert caller.delete(f"phonebook/{book_id}") == done(40)

    def test_somebody_else_s(self, other, book, rows):
        before = rows()
        assert other.delete(f"phonebook/{book.pk}") == done(40)
        assert rows() == before


class TestNumbers:
    def test_a_list(self, caller, book):
        rows = PhonebookNumber.objects.order_by("number")
        told = [{"number_id": row.pk, "number": f"0{row.number[3:]}"} for row in rows]
        assert caller.get(f"phonebook/{book.pk}/number") == done({"status": 0, "result": told})

    def test_a_long_list_is_read_in_pages(self, caller, book, monkeypatch):
        monkeypatch.setattr(phonebooks, "ROWS_AT_A_TIME", 2)
        caller.post(f"phonebook/{book.pk}/number", {"numbers": ["09123333333", "09124444444", "09125555555"]})
        assert list_of(caller, book) == [*NUMBERS, "09123333333", "09124444444", "09125555555"]

    def test_many_numbers_take_no_more_queries(self, caller, book):
        few = count_queries(lambda: list_of(caller, book))
        caller.post(f"phonebook/{book.pk}/number", {"numbers": [f"0913{n:07d}" for n in range(1000, 1300)]})
        assert count_queries(lambda: list_of(caller, book)) == few

    def test_adding(self, caller, book):
        content = {"numbers": ["09123333333", "09122222222"]}
        assert caller.post(f"phonebook/{book.pk}/number", content) == done(0)
        assert list_of(caller, book) == [*NUMBERS, "09123333333"]

    @pytest.mark.parametrize("flag", ["0", 0, "۰"])
    def test_one_that_is_there_refuses_all(self, caller, book, rows, flag):
        before = rows()
        content = {"numbers": ["09123333333", "09122222222"], "flag": flag}
        assert caller.post(f"phonebook/{book.pk}/number", content) == done(41)
        assert rows() == before

    def test_taking_out(self, caller, book):
        assert caller.delete(f"phonebook/{book.pk}/number", {"numbers": ["+98 912 111 1111"]}) == done(0)
        assert list_of(caller, book) == NUMBERS[1:]

    def test_taking_out_what_is_not_there(self, caller, book, rows):
        before = rows()
        content = {"numbers": ["09123333333"], "flag": "0"}
        assert caller.delete(f"phonebook/{book.pk}/number", content) == done(40)
        assert caller.delete(f"phonebook/{book.pk}/number", content | {"flag": "1"}) == done(0)
        assert rows() == before

    @pytest.mark.parametrize(
        ("code", "content"),
        [
            (42, {}),
            (42, {"numbers": []}),
            (42, {"numbers": None}),
            (43, {"numbers": "09121111111"}),
            (43, {"numbers": [None, "0912"]}),
            (43, {"numbers": ["09121111111"], "flag": "yes"}),
            (43, {"numbers": ["09121111111"] * 10_001}),
        ],
    )
    @pytest.mark.parametrize("method", ["post", "delete"])
    def test_what_is_refused(self, caller, book, rows, method, code, content):
        before = rows()
        assert getattr(caller, method)(f"phonebook/{book.pk}/number", content) == done(code)
        assert rows() == before

    @pytest.mark.parametrize("book_id", BAD_IDS)
    def test_no_such_book(self, caller, book_id):
        content = {"numbers": NUMBERS}
        assert caller.get(f"phonebook/{book_id}/number") == done({"status": 40, "result": []})
        assert caller.post(f"phonebook/{book_id}/number", content) == done(40)
        assert caller.delete(f"phonebook/{book_id}/number", content) == done(40)

    def test_somebody_else_s(self, other, book, rows):
        before = rows()
        path, content = f"phonebook/{book.pk}/number", {"numbers": NUMBERS}
        assert other.get(path) == done({"status": 40, "result": []})
        assert other.post(path, content) == done(40)
        assert other.delete(path, content) == done(40)
        assert rows() == before
