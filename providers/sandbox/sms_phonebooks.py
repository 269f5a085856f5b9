"""The phonebook operations of the REST SMS gateway.

Codes: 40 no such book, or (`flag` 0) a number to be deleted that isn't in it; 41 a book of that name is there, or
(`flag` 0) a number is already in the book or comes twice; 42 no number; 43 no name, a number that isn't a mobile,
or a `flag` that isn't 0 or 1. With `flag` 1 numbers that are there already, or aren't when they are to be
deleted, are skipped. A name with `sandbox-code-N` in it is refused with code N.
"""

from typing import Any
from urllib.parse import unquote

from providers.sandbox.mobiles import is_mobile, normalise_mobile
from providers.sandbox.phonebooks import (
    add_numbers,
    create_book,
    delete_book,
    list_books,
    list_numbers,
    remove_numbers,
)
from providers.sandbox.sms_accounts import Account
from providers.sandbox.sms_gateway import CodeRefusal, play_known, read_object, tell_result
from providers.sandbox.sms_magic import find_text_code
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, read_id

NO_RECORD, ALREADY_THERE, NO_NUMBER, FAILED = 40, 41, 42, 43
NO_LIST, NO_ID = {"result": []}, {"id": 0}
FLAGS = {None: False, 0: False, "0": False, "": False, 1: True, "1": True}


def answer_books(state: State, request: Request) -> Answer:
    """`GET my/phonebook`, with a `name` in the query or the body that one alone."""
    return play_known(state, request, "my/phonebook", NO_LIST, _tell_books)


def answer_named_book(state: State, request: Request) -> Answer:
    """`GET my/phonebook/{name}`."""

    def tell(state: State, request: Request, account: Account) -> Answer:
        return _tell_named(state, account, unquote(request.path.rpartition("/")[2]))

    return play_known(state, request, "my/phonebook/{name}", NO_LIST, tell)


def answer_create(state: State, request: Request) -> Answer:
    """`POST phonebook`."""
    return play_known(state, request, "phonebook/create", NO_ID, _create)


def answer_delete(state: State, request: Request) -> Answer:
    """`DELETE phonebook/{id}`: a bare code."""
    return play_known(state, request, "phonebook/delete", None, _delete)


def answer_numbers(state: State, request: Request) -> Answer:
    """`GET phonebook/{id}/number`."""
    return play_known(state, request, "number/list", NO_LIST, _tell_numbers)


def answer_add(state: State, request: Request) -> Answer:
    """`POST phonebook/{id}/number`: a bare code."""
    return play_known(state, request, "number/add", None, _add)


def answer_remove(state: State, request: Request) -> Answer:
    """`DELETE phonebook/{id}/number`: a bare code."""
    return play_known(state, request, "number/delete", None, _remove)


def _tell_books(state: State, request: Request, account: Account) -> Answer:
    name = dict(request.query_pairs()).get("name") or ""
    if not name and request.body:
        name = str(read_object(request).get("name") or "")
    if name:
        return _tell_named(state, account, name)
    return tell_result({"status": 0, "result": _describe(account, list_books(state.store, account.name))})


def _tell_named(state: State, account: Account, name: str) -> Answer:
    _refuse_magic(name)
    books = list_books(state.store, account.name, name)
    if not books:
        raise CodeRefusal(NO_RECORD)
    return tell_result({"status": 0, "result": _describe(account, books)})


def _create(state: State, request: Request, account: Account) -> Answer:
    body = read_object(request)
    name = body.get("name")
    if not isinstance(name, str) or not name.strip():
        raise CodeRefusal(FAILED)
    _refuse_magic(name)
    numbers, skip = _read_numbers(body)
    if not skip:
        _refuse_twins(numbers)
    book_id = create_book(state.store, account.name, name, numbers)
    if book_id is None:
        raise CodeRefusal(ALREADY_THERE)
    return tell_result({"status": 0, "id": book_id})


def _delete(state: State, request: Request, account: Account) -> Answer:
    if not delete_book(state.store, account.name, read_id(request.path.rpartition("/")[2])):
        raise CodeRefusal(NO_RECORD)
    return tell_result(0)


def _tell_numbers(state: State, request: Request, account: Account) -> Answer:
    numbers = list_numbers(state.store, account.name, _read_inner_id(request))
    if numbers is None:
        raise CodeRefusal(NO_RECORD)
    told = [{"number_id": row["id"], "number": row["number"]} for row in numbers]
    return tell_result({"status": 0, "result": told})


def _add(state: State, request: Request, account: Account) -> Answer:
    numbers, skip = _read_numbers(read_object(request))
    if not skip:
        _refuse_twins(numbers)
    added = add_numbers(state.store, account.name, _read_inner_id(request), numbers, skip)
    if not added:
        raise CodeRefusal(NO_RECORD if added is None else ALREADY_THERE)
    return tell_result(0)


def _remove(state: State, request: Request, account: Account) -> Answer:
    numbers, skip = _read_numbers(read_object(request))
    if not remove_numbers(state.store, account.name, _read_inner_id(request), numbers, skip):
        raise CodeRefusal(NO_RECORD)
    return tell_result(0)


def _read_inner_id(request: Request) -> int:
    return read_id(request.path.split("/")[-2])


def _read_numbers(body: dict[str, Any]) -> tuple[list[str], bool]:
    """The numbers, and whether `flag` says to skip those that don't fit."""
    numbers, flag = body.get("numbers") or [], body.get("flag")
    if not isinstance(numbers, list) or isinstance(flag, bool | list | dict) or flag not in FLAGS:
        raise CodeRefusal(FAILED)
    if not numbers:
        raise CodeRefusal(NO_NUMBER)
    texts = [str(number) for number in numbers]
    if not all(is_mobile(normalise_mobile(text)) for text in texts):
        raise CodeRefusal(FAILED)
    return texts, FLAGS[flag]


def _refuse_twins(numbers: list[str]) -> None:
    if len(set(map(normalise_mobile, numbers))) != len(numbers):
        raise CodeRefusal(ALREADY_THERE)


def _refuse_magic(name: str) -> None:
    code = find_text_code(name)
    if code:
        raise CodeRefusal(code)


def _describe(account: Account, books: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"book_id": book["id"], "uname": account.name, "title": book["name"], "count": book["count"]}
        for book in books
    ]
