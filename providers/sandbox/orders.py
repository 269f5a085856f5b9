"""The sandbox's orders in its store. Amounts are 1/100,000 toman, times unix seconds."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from providers.sandbox.catalogue import Service
from providers.sandbox.store import Store
from providers.sandbox.walk import CANCELED, FAILED, PARTIAL, PENDING, Progress, walk_order

UNITS_PER_TOMAN = 100_000
FIRST_BALANCE = 1_000_000_000 * UNITS_PER_TOMAN
KEY_PREFIX = "sandbox-"
POOR_KEY = "sandbox-poor"
DEAF_SUFFIX = "-noidem"


class NotEnoughFundsError(Exception):
    """The key's balance does not cover the order."""


class KeyReusedError(Exception):
    """The same idempotency key came with another body."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An order about to be made; `target` is its link, or its username where the type has no link."""

    api_key: str
    service: Service
    target: str
    quantity: int
    fate: str
    fields: Mapping[str, str]
    idempotency_key: str | None
    is_free: bool = False
    tracking_id: str | None = None

    @property
    def charge(self) -> int:
        """What the key pays, rounded up once."""
        if self.is_free:
            return 0
        toman = self.service.piece_price * self.quantity
        return int((toman * UNITS_PER_TOMAN).to_integral_value(ROUND_CEILING))

    @property
    def body_digest(self) -> str:
        """A digest by which a repeated body is known."""
        return hashlib.sha256(json.dumps(sorted(self.fields.items())).encode()).hexdigest()


def count_target_add(store: Store, target: str) -> int:
    """Count one more add of a link or username and return how many there were, this one included."""
    with store.transaction() as database:
        database.execute(
            "INSERT INTO target_adds VALUES (?, 1) ON CONFLICT (target) DO UPDATE SET adds = adds + 1",
            (target,),
        )
        return database.execute("SELECT adds FROM target_adds WHERE target = ?", (target,)).fetchone()[0]


def make_order(store: Store, draft: Draft, now: float) -> tuple[int, bool]:
    """Make an order, or find the one its idempotency key made: (id, whether it is new).

    Raises NotEnoughFundsError and KeyReusedError. Keys that end with `-noidem` ignore idempotency keys.
    """
    with store.transaction() as database:
        earlier = _find_repeated(database, draft)
        if earlier is not None:
            return earlier, False
        _take_charge(database, draft.api_key, draft.charge)
        return _insert_order(database, draft, now), True


def make_orders(store: Store, draft: Draft, count: int, now: float) -> tuple[int, int]:
    """Make `count` alike orders without charge in one go, for benches: (first id, last id)."""
    with store.transaction() as database:
        ids = [_insert_order(database, draft, now) for _ in range(count)]
    return ids[0], ids[-1]


def _find_repeated(database: sqlite3.Connection, draft: Draft) -> int | None:
    if not draft.idempotency_key or draft.api_key.endswith(DEAF_SUFFIX):
        return None
    row = database.execute(
        "SELECT id, body_digest FROM orders WHERE idempotency_key = ? AND api_key = ?",
        (draft.idempotency_key, draft.api_key),
    ).fetchone()
    if row is None:
        return None
    if row["body_digest"] != draft.body_digest:
        raise KeyReusedError
    return row["id"]


def _insert_order(database: sqlite3.Connection, draft: Draft, now: float) -> int:
    return database.execute(
        "INSERT INTO orders (api_key, service, target, quantity, charge, fate, fields, idempotency_key,"
        " body_digest, created, tracking_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            draft.api_key,
            draft.service.id,
            draft.target,
            draft.quantity,
            draft.charge,
            draft.fate,
            json.dumps(draft.fields, ensure_ascii=False),
            draft.idempotency_key,
            draft.body_digest,
            now,
            draft.tracking_id,
        ),
    ).lastrowid


def _take_charge(database: sqlite3.Connection, api_key: str, charge: int) -> None:
    first = 0 if api_key == POOR_KEY else FIRST_BALANCE
    database.execute("INSERT OR IGNORE INTO balances VALUES (?, ?)", (api_key, first))
    taken = database.execute(
        "UPDATE balances SET amount = amount - ?1 WHERE api_key = ?2 AND amount >= ?1", (charge, api_key)
    )
    if not taken.rowcount:
        raise NotEnoughFundsError


def read_balance(store: Store, api_key: str) -> Decimal:
    """What a key still has, in toman with 5 decimals."""
    with store.transaction() as database:
        row = database.execute("SELECT amount FROM balances WHERE api_key = ?", (api_key,)).fetchone()
    amount = row["amount"] if row else 0 if api_key == POOR_KEY else FIRST_BALANCE
    return Decimal(amount).scaleb(-5)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One order as a status call sees it; `start_count` is 0 until it is known."""

    id: int
    service: int
    target: str
    quantity: int
    created: float
    progress: Progress
    charge: Decimal
    start_count: int


def read_orders(
    store: Store, api_key: str, ids: Sequence[int], pace: float, now: float
) -> dict[int, Snapshot]:
    """The key's own orders among `ids`. An end once told stays, whatever becomes of the pace."""
    with store.transaction() as database:
        rows = database.execute(
            "SELECT * FROM orders WHERE id IN (SELECT value FROM json_each(?)) AND api_key = ?",
            (json.dumps(ids), api_key),
        ).fetchall()
        snapshots = {}
        for row in rows:
            progress = progress_of(row, pace, now)
            if progress.final and row["ended_status"] is None:
                _end_order(database, row, progress)
            snapshots[row["id"]] = _take_snapshot(row, progress)
    return snapshots


def find_tracked(store: Store, api_key: str, tracking_id: str) -> int | None:
    """The id of the key's own order with this tracking id."""
    with store.transaction() as database:
        row = database.execute(
            "SELECT id FROM orders WHERE tracking_id = ? AND api_key = ?", (tracking_id, api_key)
        ).fetchone()
    return row["id"] if row else None


def has_order(store: Store, order_id: int) -> bool:
    """Whether there is an order with this id, whoever's."""
    with store.transaction() as database:
        return database.execute("SELECT 1 FROM orders WHERE id = ?", (order_id,)).fetchone() is not None


def count_orders(store: Store, api_key: str) -> int:
    """How many orders a key has made."""
    with store.transaction() as database:
        return database.execute("SELECT count(*) FROM orders WHERE api_key = ?", (api_key,)).fetchone()[0]


def cancel_order(store: Store, api_key: str, order_id: int, pace: float, now: float) -> bool | None:
    """Cancel an order where it stands.

    False when it is at its end or refuses to be canceled, None when the key has no such order.
    """
    with store.transaction() as database:
        row = database.execute(
            "SELECT * FROM orders WHERE id = ? AND api_key = ?", (order_id, api_key)
        ).fetchone()
        if row is None:
            return None
        progress = progress_of(row, pace, now)
        if progress.final or row["fate"] == "uncancelable":
            return False
        _end_order(database, row, Progress(CANCELED, progress.remains, final=True))
        return True


def progress_of(row: sqlite3.Row, pace: float, now: float) -> Progress:
    """Where a stored order stands: its end if it has been told or canceled, else by the time gone."""
    if row["ended_status"] is not None:
        return Progress(row["ended_status"], row["ended_remains"], final=True)
    return walk_order(row["fate"], row["quantity"], now - row["created"], pace)


def _end_order(database: sqlite3.Connection, row: sqlite3.Row, progress: Progress) -> None:
    database.execute(
        "UPDATE orders SET ended_status = ?, ended_remains = ? WHERE id = ?",
        (progress.status, progress.remains, row["id"]),
    )
    back = row["charge"] - _charge_kept(row, progress)
    database.execute("UPDATE balances SET amount = amount + ? WHERE api_key = ?", (back, row["api_key"]))


def _charge_kept(row: sqlite3.Row, progress: Progress) -> int:
    if progress.status not in (PARTIAL, CANCELED, FAILED) or progress.remains is None:
        return row["charge"]
    return row["charge"] * (row["quantity"] - progress.remains) // row["quantity"]


def _take_snapshot(row: sqlite3.Row, progress: Progress) -> Snapshot:
    charge = Decimal(_charge_kept(row, progress)).scaleb(-5)
    start_count = 0 if progress.status == PENDING else 1000 + row["id"] * 37 % 9000
    return Snapshot(
        row["id"],
        row["service"],
        row["target"],
        row["quantity"],
        row["created"],
        progress,
        charge,
        start_count,
    )


def list_orders(
    store: Store, pace: float, now: float, *, link: str | None = None, since_id: int = 0
) -> list[dict[str, Any]]:
    """Every order after `since_id` (of one link or username), oldest first. Looking changes nothing.

    `link_orders` is how many orders its link made, `link_adds` how many adds of it came.
    """
    with store.transaction() as database:
        rows = database.execute(
            "WITH made AS (SELECT target, count(*) AS link_orders FROM orders GROUP BY target)"
            " SELECT orders.*, link_orders, coalesce(adds, 0) AS link_adds FROM orders"
            " JOIN made USING (target) LEFT JOIN target_adds USING (target)"
            " WHERE id > ?1 AND (?2 IS NULL OR orders.target = ?2) ORDER BY id",
            (since_id, link),
        ).fetchall()
    return [_describe_order(row, progress_of(row, pace, now)) for row in rows]


def read_last_id(store: Store) -> int:
    """The id of the newest order, 0 when there is none."""
    with store.transaction() as database:
        return database.execute("SELECT coalesce(max(id), 0) FROM orders").fetchone()[0]


def _describe_order(row: sqlite3.Row, progress: Progress) -> dict[str, Any]:
    return {
        "order": row["id"],
        "key": row["api_key"],
        "service": row["service"],
        "link": row["target"],
        "quantity": row["quantity"],
        "fate": row["fate"],
        "status": progress.status,
        "remains": progress.remains,
        "charge": str(Decimal(row["charge"]).scaleb(-5)),
        "fields": json.loads(row["fields"]),
        "idempotency_key": row["idempotency_key"],
        "tracking_id": row["tracking_id"],
        "link_orders": row["link_orders"],
        "link_adds": row["link_adds"],
        "created": row["created"],
    }
