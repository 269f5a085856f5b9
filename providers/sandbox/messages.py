"""The sandbox's text messages in its store, of both SMS gateways. Times are unix seconds."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from providers.sandbox.mobiles import normalise_mobile
from providers.sandbox.sms_accounts import Account
from providers.sandbox.sms_parts import count_parts
from providers.sandbox.store import Store

NORMAL, FLASH = 0, 1
REPEATED_SHOWN = 100


class CreditUsedUp(Exception):
    """The credit isn't enough for all messages of a call; undoes what was stored of them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be stored: sent at each of `dues`, for `price` a part and recipient.

    An account's second message with the same `local_id` is the first one.
    """

    sender: str
    recipients: Sequence[str]
    text: str
    type: int
    dues: Sequence[float]
    price: int = 1
    local_id: str | None = None

    @property
    def cost(self) -> int:
        """Parts × recipients × times × price."""
        return count_parts(self.text) * len(self.recipients) * len(self.dues) * self.price


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message; `recipients` as they were sent, `mobiles` the same in one spelling."""

    id: int
    account: str
    sender: str
    recipients: list[str]
    mobiles: list[str]
    text: str
    type: int
    dues: list[float]
    cost: int
    local_id: str | None

    def describe(self) -> dict[str, Any]:
        """As `/control/sms` shows it; `created` is when it was (first) sent."""
        return {
            "id": self.id,
            "account": self.account,
            "from": self.sender,
            "recipients": self.recipients,
            "message": self.text,
            "type": self.type,
            "created": self.dues[0],
            "cost": self.cost,
        }


def store_messages(store: Store, account: Account, drafts: Sequence[Draft]) -> list[int | None]:
    """Store messages in turn and take their cost; the id of each, None where the credit isn't enough."""
    with store.transaction() as database:
        return [_store_one(database, account, draft) for draft in drafts]


def store_together(store: Store, account: Account, drafts: Sequence[Draft]) -> list[int] | None:
    """Store all messages and take their cost, or none and None when the credit isn't enough."""
    try:
        with store.transaction() as database:
            ids = [_store_one(database, account, draft) for draft in drafts]
            if None in ids:
                raise CreditUsedUp
            return ids
    except CreditUsedUp:
        return None


def find_messages(store: Store, account: Account, ids: Sequence[int]) -> dict[int, Message]:
    """The account's messages among `ids`, by id."""
    return {
        message.id: message
        for message in _select(
            store, "account = ? AND id IN (SELECT value FROM json_each(?))", account.name, json.dumps(ids)
        )
    }


def find_local_messages(
    store: Store, account: Account, local_ids: Sequence[str]
) -> dict[str | None, Message]:
    """The account's messages with one of `local_ids`, by it."""
    where = "account = ? AND local_id IN (SELECT value FROM json_each(?))"
    found = _select(store, where, account.name, json.dumps(local_ids))
    return {message.local_id: message for message in found}


def find_latest(store: Store, account: Account, now: float) -> Message | None:
    """The account's newest message that was sent already."""
    where = "account = ? AND created <= ? ORDER BY created DESC, id DESC LIMIT 1"
    return next(iter(_select(store, where, account.name, now)), None)


def list_messages(store: Store, now: float, mobile: str | None = None, limit: int = 100) -> list[Message]:
    """The newest messages that were sent by now, those to one mobile (any usual spelling) when it is given."""
    newest = "created <= ? ORDER BY created DESC, id DESC LIMIT ?"
    if mobile is None:
        return _select(store, newest, now, limit)
    to_mobile = "id IN (SELECT message_id FROM recipients WHERE mobile = ?) AND "
    return _select(store, to_mobile + newest, normalise_mobile(mobile), now, limit)


def count_texts(store: Store, now: float, text: str | None = None, since_id: int = 0) -> dict[str, Any]:
    """How many texts arrived, at how many mobiles, and who got the same text more than once.

    Counts sendings that are due: of all messages after `since_id`, or of those with one text. `texts` equals
    `different` when no number got any text twice; `repeated` lists the first who did.
    """
    with store.transaction() as database:
        database.execute(
            "CREATE TEMP TABLE arrived AS SELECT recipients.mobile, messages.text, sum(1 + (SELECT count(*)"
            " FROM repeats WHERE repeats.message_id = messages.id AND repeats.due <= ?1)) AS times"
            " FROM messages JOIN recipients ON recipients.message_id = messages.id"
            " WHERE messages.created <= ?1 AND messages.id > ?2 AND (?3 IS NULL OR messages.text = ?3) GROUP BY 1, 2",
            (now, since_id, text),
        )
        texts, different, mobiles = database.execute(
            "SELECT coalesce(sum(times), 0), count(*), count(DISTINCT mobile) FROM temp.arrived"
        ).fetchone()
        repeated = database.execute(
            "SELECT mobile, text AS message, times FROM temp.arrived WHERE times > 1 ORDER BY 1, 2 LIMIT ?",
            (REPEATED_SHOWN,),
        ).fetchall()
        database.execute("DROP TABLE temp.arrived")
    counted = {"texts": texts, "different": different, "mobiles": mobiles}
    return counted | {"repeated": [dict(row) for row in repeated]}


def list_texts(store: Store, now: float) -> list[dict[str, Any]]:
    """Every text that arrived at a mobile by now, and how many times."""
    with store.transaction() as database:
        rows = database.execute(
            "SELECT recipients.mobile, messages.text AS message, count(*) AS times FROM messages"
            " JOIN recipients ON recipients.message_id = messages.id WHERE messages.created <= ?"
            " GROUP BY 1, 2 ORDER BY 1, 2",
            (now,),
        ).fetchall()
    return [dict(row) for row in rows]


def read_credit(store: Store, account: Account) -> int:
    """What is left of an account's credit, in the unit of its messages' prices."""
    with store.transaction() as database:
        row = database.execute("SELECT amount FROM sms_spent WHERE account = ?", (account.name,)).fetchone()
    return account.first_credit - (row["amount"] if row else 0)


def _store_one(database: sqlite3.Connection, account: Account, draft: Draft) -> int | None:
    if draft.local_id is not None:
        known = database.execute(
            "SELECT id FROM messages WHERE account = ? AND local_id = ?", (account.name, draft.local_id)
        ).fetchone()
        if known:
            return known["id"]
    if not _take_credit(database, account, draft.cost):
        return None
    message_id = database.execute(
        "INSERT INTO messages (account, sender, text, type, created, cost, local_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            account.name,
            draft.sender,
            draft.text,
            draft.type,
            draft.dues[0],
            draft.cost,
            draft.local_id,
        ),
    ).lastrowid
    database.executemany(
        "INSERT INTO recipients VALUES (?, ?, ?, ?)",
        [
            (message_id, position, number, normalise_mobile(number))
            for position, number in enumerate(draft.recipients)
        ],
    )
    database.executemany("INSERT INTO repeats VALUES (?, ?)", [(message_id, due) for due in draft.dues[1:]])
    return message_id


def _take_credit(database: sqlite3.Connection, account: Account, cost: int) -> bool:
    database.execute("INSERT OR IGNORE INTO sms_spent VALUES (?, 0)", (account.name,))
    taken = database.execute(
        "UPDATE sms_spent SET amount = amount + ?2 WHERE account = ?1 AND amount + ?2 <= ?3",
        (account.name, cost, account.first_credit),
    )
    return taken.rowcount == 1


def _select(store: Store, where: str, *values: object) -> list[Message]:
    with store.transaction() as database:
        rows = database.execute(f"SELECT * FROM messages WHERE {where}", values).fetchall()  # noqa: S608 - our words
        return [_read_message(database, row) for row in rows]


def _read_message(database: sqlite3.Connection, row: sqlite3.Row) -> Message:
    numbers = database.execute(
        "SELECT number, mobile FROM recipients WHERE message_id = ? ORDER BY position", (row["id"],)
    ).fetchall()
    repeats = database.execute("SELECT due FROM repeats WHERE message_id = ? ORDER BY due", (row["id"],))
    return Message(
        id=row["id"],
        account=row["account"],
        sender=row["sender"],
        recipients=[number["number"] for number in numbers],
        mobiles=[number["mobile"] for number in numbers],
        text=row["text"],
        type=row["type"],
        dues=[row["created"], *(repeat["due"] for repeat in repeats)],
        cost=row["cost"],
        local_id=row["local_id"],
    )
