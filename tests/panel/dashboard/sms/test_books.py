"""Phonebooks: made, renamed, deleted, filled by hand and from a file, and searched."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sms.models import Phonebook, PhonebookImport, PhonebookNumber
from sms.phonebooks import create_book
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts
from tests.panel.dashboard.sms.steps import count_queries, read_errors, read_facts

LIST = "/sms/phonebooks/"


@pytest.fixture
def book(customer):
    return create_book(customer.pk, "Friends", [f"0912000{number:04d}" for number in range(26)])


def told(page):
    return [str(message) for message in page.context["messages"]]


def numbers_of(book):
    return list(PhonebookNumber.objects.filter(book=book).order_by("number").values_list("number", flat=True))


def test_without_phonebooks_the_page_says_what_to_do(browser):
    assert read_texts(browser.get(LIST), "div", class_="empty") == [
        "You have no phonebooks yet: make one below, then add its numbers or import a file."
    ]


def test_making_one_leads_to_it(browser, customer):
    page = browser.post(LIST, {"name": " دوستان "}, follow=True)
    book = Phonebook.objects.get()
    assert (book.name, book.customer_id, page.redirect_chain[0][0]) == (
        "دوستان",
        customer.pk,
        f"{LIST}{book.pk}/",
    )
    assert told(page) == ["The phonebook is there. Add its numbers."]
    assert read_texts(page, "div", class_="empty") == [
        "There are no numbers in it yet: type some in, or import a file."
    ]


def test_a_name_that_is_taken_is_refused_under_the_field(browser, book):
    page = browser.post(LIST, {"name": "Friends"})
    assert (page.status_code, read_errors(page)) == (
        422,
        {"name": "You have a phonebook of that name already."},
    )
    assert read_attributes(find_one(page, "input", name="name"))["value"] == "Friends"
    assert Phonebook.objects.count() == 1


def test_the_list_counts_numbers_and_leads_to_sending(browser, book, customer):
    create_book(customer.pk, "Zero")
    page = browser.get(LIST)
    assert [row[:2] for row in read_rows(page)] == [["Friends", "26"], ["Zero", "0"]]
    links = [read_attributes(one)["href"] for one in find_all(page, "a", class_="button-small")]
    assert links == [f"/sms/?book={book.pk}"]


def test_renaming(browser, book, customer):
    create_book(customer.pk, "Other")
    refused = browser.post(f"{LIST}{book.pk}/rename/", {"name": "Other"})
    assert (refused.status_code, read_errors(refused)) == (
        422,
        {"name": "You have a phonebook of that name already."},
    )
    assert read_attributes(find_one(refused, "input", name="name"))["value"] == "Other"
    done = browser.post(f"{LIST}{book.pk}/rename/", {"name": "Best friends"}, follow=True)
    assert (told(done), read_texts(done, "h1")) == (["The phonebook has its new name."], ["Best friends"])


def test_deleting(browser, book):
    page = browser.post(f"{LIST}{book.pk}/delete/", follow=True)
    assert (told(page), Phonebook.objects.count(), PhonebookNumber.objects.count()) == (
        ["The phonebook is deleted."],
        0,
        0,
    )


def test_numbers_are_paged_and_found(browser, book):
    path = f"{LIST}{book.pk}/"
    first = browser.get(path)
    after = read_attributes(find_one(first, "a", rel="next"))["href"]
    assert len(read_rows(first)) == 25
    assert [row[0] for row in read_rows(browser.get(path + after))] == ["09120000025"]
    assert [row[0] for row in read_rows(browser.get(f"{path}?q=09120000003"))] == ["09120000003"]
    assert read_texts(browser.get(f"{path}?q=nobody"), "div", class_="empty") == [
        "No number matches. Show all numbers"
    ]


def test_adding_numbers(browser, customer):
    book = create_book(customer.pk, "New", ["09120000001"])
    page = browser.post(
        f"{LIST}{book.pk}/add/", {"numbers": "0912 000 0001، ۰۹۱۲۰۰۰۰۰۰۲\n+989120000003"}, follow=True
    )
    assert told(page) == ["2 numbers are added. The others were there already."]
    assert numbers_of(book) == ["+989120000001", "+989120000002", "+989120000003"]


def test_what_is_no_number_is_listed_by_line_and_nothing_is_added(browser, customer):
    book = create_book(customer.pk, "New")
    text = "09120000001\nabc, 09120000002\n<b>"
    page = browser.post(f"{LIST}{book.pk}/add/", {"numbers": text})
    assert (page.status_code, read_errors(page)) == (
        422,
        {"numbers": "No number was added: correct these lines."},
    )
    bad = [read_text(one) for one in find_one(page, "ul", class_="bad-lines").children]
    assert bad == ["Line 2 : abc", "Line 3 : <b>"]
    assert (numbers_of(book), "09120000002" in read_texts(page, "textarea", name="numbers")[0]) == ([], True)
    empty = browser.post(f"{LIST}{book.pk}/add/", {"numbers": " \n"})
    assert read_errors(empty) == {"numbers": "Give at least one number."}


def test_removing_a_number(browser, customer):
    book = create_book(customer.pk, "New", ["09120000001", "09120000002"])
    page = browser.post(f"{LIST}{book.pk}/remove/", {"number": "+989120000001"}, follow=True)
    assert (told(page), numbers_of(book)) == (["The number is removed."], ["+989120000002"])


def test_a_file_is_imported_and_its_lines_reported(browser, customer):
    book = create_book(customer.pk, "New", ["09120000002"])
    file = SimpleUploadedFile("friends.csv", b"name,mobile\nA,09120000001\nB,09120000002\nC,12\n")
    page = browser.post(f"{LIST}{book.pk}/import/", {"file": file}, follow=True)
    done = PhonebookImport.objects.get()
    assert page.redirect_chain[0][0] == f"{LIST}{book.pk}/imports/{done.pk}/"
    facts = read_facts(page)
    assert [facts[name] for name in ("Numbers added", "There already", "No mobile numbers")] == [
        "1",
        "1",
        "1",
    ]
    assert read_rows(page) == [
        ["3", "09120000002", "In the phonebook already"],
        ["4", "12", "No mobile number"],
    ]
    assert numbers_of(book) == ["+989120000001", "+989120000002"]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Choose a file."),
        (b"", "The file is empty."),
        (b"a,b\nc,d\n", "No column with mobile numbers was found in the file."),
    ],
)
def test_a_file_that_can_t_be_taken_is_refused_under_the_field(browser, book, file, sentence):
    data = {} if file is None else {"file": SimpleUploadedFile("x.csv", file)}
    page = browser.post(f"{LIST}{book.pk}/import/", data)
    assert (page.status_code, read_errors(page), PhonebookImport.objects.count()) == (
        422,
        {"file": sentence},
        0,
    )


def test_nobody_reaches_another_s_phonebook(stranger, visitor, book):
    path = f"{LIST}{book.pk}/"
    done = PhonebookImport.objects.create(book=book, file_name="x", added=0, duplicates=0, bad=0)
    assert [stranger.get(path).status_code, stranger.get(f"{path}imports/{done.pk}/").status_code] == [
        404,
        404,
    ]
    posts = [f"{path}{part}/" for part in ("rename", "delete", "add", "remove", "import")]
    given = {"name": "Mine", "numbers": "09125555555", "number": "09120000001"}
    assert [stranger.post(one, given).status_code for one in posts] == [404] * 5
    assert {visitor.post(one, given).headers["Location"].partition("?")[0] for one in posts} == {"/login/"}
    assert [stranger.get(one).status_code for one in posts] == [405] * 5
    book.refresh_from_db()
    assert (book.name, len(numbers_of(book))) == ("Friends", 26)


def test_queries_do_not_grow(browser, customer):
    book = create_book(customer.pk, "Friends", ["09120000001"])
    few = [count_queries(browser, path) for path in (LIST, f"{LIST}{book.pk}/")]
    for number in range(5):
        create_book(customer.pk, f"Book {number}", ["09120000001", "09120000002"])
    browser.post(f"{LIST}{book.pk}/add/", {"numbers": "09120000002\n09120000003"})
    browser.get(LIST)
    assert [count_queries(browser, path) for path in (LIST, f"{LIST}{book.pk}/")] == few
