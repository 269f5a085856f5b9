"""The sandbox's text messages in its store. Times are unix seconds."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from providers.sandbox.mobiles import normalise_mobile
from providers.sandbox.store import Store

FIRST_CREDIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message; `recipients` as they were sent, `mobiles` the same in one spelling."""

    id: int
    sender: str
    recipients: list[str]
    mobiles: list[str]
    text: str
    type: int
    created: float

    def describe(self) -> dict[str, Any]:
        """As `/control/sms` shows it."""
        return {
            "id": self.id,
            "from": self.sender,
            "recipients": self.recipients,
            "message": self.text,
            "type": self.type,
            "created": self.created,
        }


def store_message(
    store: Store, sender: str, recipients: Sequence[str], text: str, kind: int, now: float
) -> int:
    """Store one message (type 0 normal, 1 flash) to its recipients and return its id."""
    with store.transaction() as database:
        message_id = database.execute(
            "INSERT INTO messages (sender, text, type, created) VALUES (?, ?, ?, ?)",
            (sender, text, kind, now),
        ).lastrowid
        database.executemany(
            "INSERT INTO recipients VALUES (?, ?, ?, ?)",
            [
                (message_id, position, number, normalise_mobile(number))
                for position, number in enumerate(recipients)
            ],
        )
    return message_id


def find_messages(store: Store, ids: Sequence[int]) -> dict[int, Message]:
    """The messages among `ids`, by id."""
    with store.transaction() as database:
        rows = database.execute(
            "SELECT * FROM messages WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
        ).fetchall()
        return {row["id"]: _read_message(database, row) for row in rows}


def list_messages(store: Store, mobile: str | None = None, limit: int = 100) -> list[Message]:
    """The newest messages first, those to one mobile (any usual spelling) when it is given."""
    with store.transaction() as database:
        rows = database.execute(
            "SELECT * FROM messages WHERE ?1 IS NULL"
            " OR id IN (SELECT message_id FROM recipients WHERE mobile = ?1) ORDER BY id DESC LIMIT ?2",
            (None if mobile is None else normalise_mobile(mobile), limit),
        ).fetchall()
        return [_read_message(database, row) for row in rows]


def read_credit(store: Store) -> int:
    """What is left of the gateway's credit: one goes for each recipient."""
    with store.transaction() as database:
        return FIRST_CREDIT - database.execute("SELECT count(*) FROM recipients").fetchone()[0]


def _read_message(database: sqlite3.Connection, row: sqlite3.Row) -> Message:
    numbers = database.execute(
        "SELECT number, mobile FROM recipients WHERE message_id = ? ORDER BY position", (row["id"],)
    ).fetchall()
    return Message(
        id=row["id"],
        sender=row["sender"],
        recipients=[number["number"] for number in numbers],
        mobiles=[number["mobile"] for number in numbers],
        text=row["text"],
        type=row["type"],
        created=row["created"],
    )
