"""The phonebooks of the REST SMS gateway in the store. A book has each mobile once."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from providers.sandbox.mobiles import normalise_mobile
from providers.sandbox.store import Store


def create_book(store: Store, account: str, name: str, numbers: Sequence[str]) -> int | None:
    """Keep a new book and return its id; None when the account has one of this name."""
    with store.transaction() as database:
        made = database.execute(
            "INSERT OR IGNORE INTO phonebooks (account, name) VALUES (?, ?)", (account, name)
        )
        if not made.rowcount:
            return None
        _insert_numbers(database, made.lastrowid, numbers)
        return made.lastrowid


def list_books(store: Store, account: str, name: str | None = None) -> list[dict[str, Any]]:
    """The account's books, oldest first, or the one of a name, with how many numbers each has."""
    with store.transaction() as database:
        rows = database.execute(
            "SELECT id, name, (SELECT count(*) FROM phonebook_numbers WHERE book_id = phonebooks.id) AS count"
            " FROM phonebooks WHERE account = ?1 AND (?2 IS NULL OR name = ?2) ORDER BY id",
            (account, name),
        )
        return [dict(row) for row in rows]


def delete_book(store: Store, account: str, book_id: int) -> bool:
    """Forget a book and its numbers; False when there is none."""
    with store.transaction() as database:
        if not _has_book(database, account, book_id):
            return False
        database.execute("DELETE FROM phonebook_numbers WHERE book_id = ?", (book_id,))
        database.execute("DELETE FROM phonebooks WHERE id = ?", (book_id,))
        return True


def list_numbers(store: Store, account: str, book_id: int) -> list[dict[str, Any]] | None:
    """`id` and `number` of a book's numbers, oldest first; None when there is no such book."""
    with store.transaction() as database:
        if not _has_book(database, account, book_id):
            return None
        rows = database.execute(
            "SELECT id, number FROM phonebook_numbers WHERE book_id = ? ORDER BY id", (book_id,)
        )
        return [dict(row) for row in rows]


def add_numbers(store: Store, account: str, book_id: int, numbers: Sequence[str], skip: bool) -> bool | None:
    """Put numbers in a book: with `skip` those that aren't in it yet, else all or, when one is, none and False.

    None when there is no such book.
    """
    with store.transaction() as database:
        if not _has_book(database, account, book_id):
            return None
        if not skip and _count_there(database, book_id, numbers):
            return False
        _insert_numbers(database, book_id, numbers)
        return True


def remove_numbers(
    store: Store, account: str, book_id: int, numbers: Sequence[str], skip: bool
) -> bool | None:
    """Take numbers out of a book: with `skip` those that are in it, else all or, when one isn't, none and False.

    None when there is no such book.
    """
    with store.transaction() as database:
        if not _has_book(database, account, book_id):
            return None
        mobiles = set(map(normalise_mobile, numbers))
        if not skip and _count_there(database, book_id, numbers) != len(mobiles):
            return False
        database.executemany(
            "DELETE FROM phonebook_numbers WHERE book_id = ? AND mobile = ?",
            [(book_id, mobile) for mobile in mobiles],
        )
        return True


def _has_book(database: sqlite3.Connection, account: str, book_id: int) -> bool:
    row = database.execute(
        "SELECT 1 FROM phonebooks WHERE id = ? AND account = ?", (book_id, account)
    ).fetchone()
    return row is not None


def _count_there(database: sqlite3.Connection, book_id: int, numbers: Sequence[str]) -> int:
    """How many of the mobiles among `numbers` are in the book."""
    there = {
        row["mobile"]
        for row in database.execute("SELECT mobile FROM phonebook_numbers WHERE book_id = ?", (book_id,))
    }
    return len(there & set(map(normalise_mobile, numbers)))


def _insert_numbers(database: sqlite3.Connection, book_id: int, numbers: Sequence[str]) -> None:
    database.executemany(
        "INSERT OR IGNORE INTO phonebook_numbers (book_id, number, mobile) VALUES (?, ?, ?)",
        [(book_id, number, normalise_mobile(number)) for number in numbers],
    )
