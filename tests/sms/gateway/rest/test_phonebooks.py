"""The operations on phonebooks."""

import pytest

from sms.gateway import AccountError, PhonebookError, Unclear
from sms.gateway.codes import PhonebookState, UserState
from sms.gateway.rest import Phonebook, PhonebookNumber
from tests.sms.gateway.rest.serving import ask, describe, failure, result

BOOK = {"book_id": 9, "uname": "sara", "title": "دوستان", "count": "3"}
READ = Phonebook("9", "sara", "دوستان", 3)
NUMBERS = ["09120000000", "09130000000"]
READS = {
    "phonebooks": lambda gateway: gateway.phonebooks(),
    "phonebook": lambda gateway: gateway.phonebook("دوستان"),
    "numbers": lambda gateway: gateway.phonebook_numbers(9),
}
BARE = {
    "delete": lambda gateway: gateway.delete_phonebook(9),
    "add": lambda gateway: gateway.add_numbers(9, NUMBERS),
    "remove": lambda gateway: gateway.delete_numbers(9, NUMBERS),
}
OBJECTS = {**READS, "create": lambda gateway: gateway.create_phonebook("دوستان", NUMBERS)}


@pytest.mark.parametrize(
    ("rows", "books"),
    [
        ([], ()),
        ([BOOK, {"book_id": "10"}], (READ, Phonebook("10", "", "", None))),
        (BOOK, (READ,)),
    ],
)
def test_phonebooks_are_listed(client, rows, books):
    told, request = ask(client, {"status": 0, "result": rows}, READS["phonebooks"])
    assert (told, describe(request)) == (books, ("GET", "my/phonebook", None))


@pytest.mark.parametrize("rows", [BOOK, [BOOK]])
def test_one_phonebook_is_told_by_its_name(client, rows):
    told, request = ask(client, {"status": 0, "result": rows}, lambda gateway: gateway.phonebook("my/دوست ۱"))
    path = "my/phonebook/my%2F%D8%AF%D9%88%D8%B3%D8%AA%20%DB%B1"
    assert (told, describe(request)) == (READ, ("GET", path, None))


@pytest.mark.parametrize("rows", [[], [BOOK, BOOK]])
def test_a_name_of_none_or_several_phonebooks_is_unclear(client, rows):
    error = failure(client, result({"status": 0, "result": rows}), READS["phonebook"])
    assert (type(error), error.reason) == (Unclear, f"the answer tells of {len(rows)} phonebooks")


@pytest.mark.parametrize(("skip", "flag"), [(True, "1"), (False, "0")])
def test_a_phonebook_is_made(client, skip, flag):
    told, request = ask(
        client,
        {"status": 0, "id": 9},
        lambda gateway: gateway.create_phonebook("دوستان", NUMBERS, skip_known=skip),
    )
    content = {"name": "دوستان", "numbers": NUMBERS, "flag": flag}
    assert (told, describe(request)) == ("9", ("POST", "phonebook", content))


def test_a_phonebook_is_deleted(client):
    told, request = ask(client, 0, BARE["delete"])
    assert (told, describe(request)) == (None, ("DELETE", "phonebook/9", None))


def test_the_numbers_of_a_phonebook_are_listed(client):
    rows = [{"number_id": 1, "number": "09120000000"}, {"number_id": "2", "number": 9130000000}]
    told, request = ask(client, {"status": 0, "result": rows}, READS["numbers"])
    assert told == (PhonebookNumber("1", "09120000000"), PhonebookNumber("2", "9130000000"))
    assert describe(request) == ("GET", "phonebook/9/number", None)


@pytest.mark.parametrize(("skip", "flag"), [(True, "1"), (False, "0")])
def test_numbers_are_added_and_deleted(client, skip, flag):
    content = {"numbers": NUMBERS, "flag": flag}
    added = ask(client, 0, lambda gateway: gateway.add_numbers("9", NUMBERS, skip_known=skip))
    deleted = ask(client, 0, lambda gateway: gateway.delete_numbers("9", NUMBERS, skip_unknown=skip))
    assert [(told, describe(request)) for told, request in (added, deleted)] == [
        (None, ("POST", "phonebook/9/number", content)),
        (None, ("DELETE", "phonebook/9/number", content)),
    ]


@pytest.mark.parametrize("name", OBJECTS)
@pytest.mark.parametrize("code", [code for code in PhonebookState if code])
def test_a_code_of_the_table_is_raised_from_an_object(client, name, code):
    error = failure(client, result({"status": int(code)}), OBJECTS[name])
    assert (type(error), error.code) == (PhonebookError, code)


@pytest.mark.parametrize("name", BARE)
@pytest.mark.parametrize("code", [code for code in PhonebookState if code])
def test_a_code_of_the_table_is_raised_from_a_bare_number(client, name, code):
    error = failure(client, result(int(code)), BARE[name])
    assert (type(error), error.code) == (PhonebookError, code)


@pytest.mark.parametrize("name", OBJECTS)
def test_a_locked_account_is_its_state_here_too(client, name):
    error = failure(client, result({"status": 3}), OBJECTS[name])
    assert (type(error), error.code) == (AccountError, UserState.LOCKED)


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize("rows", [None, 0, "", [None], [[]], [{}], [{"book_id": 0, "number_id": 0}]])
def test_rows_that_can_not_be_read_are_unclear(client, name, rows):
    assert type(failure(client, result({"status": 0, "result": rows}), READS[name])) is Unclear


def test_a_row_without_its_number_is_unclear(client):
    play = result({"status": 0, "result": [{"number_id": 1, "number": ""}]})
    assert type(failure(client, play, READS["numbers"])) is Unclear


@pytest.mark.parametrize("told", [{"status": 0}, {"status": 0, "id": 0}, 9])
def test_a_phonebook_made_without_an_id_is_unclear(client, told):
    assert type(failure(client, result(told), OBJECTS["create"])) is Unclear


@pytest.mark.parametrize("name", BARE)
@pytest.mark.parametrize("told", [None, [], {"status": 0}, True])
def test_a_bare_outcome_that_is_no_code_is_unclear(client, name, told):
    assert type(failure(client, result(told), BARE[name])) is Unclear
