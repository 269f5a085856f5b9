"""Refills and rechecks of the sandbox's orders in its store. Times are unix seconds."""

import json
from collections.abc import Sequence

from providers.sandbox.store import Store
from providers.sandbox.walk import walk_order

RECHECK_SECONDS = 600


def make_refill(store: Store, api_key: str, order_id: int, now: float) -> int:
    """Ask for a refill of an order and return the refill's id."""
    with store.transaction() as database:
        return database.execute(
            "INSERT INTO refills (api_key, order_id, created) VALUES (?, ?, ?)", (api_key, order_id, now)
        ).lastrowid


def read_refills(store: Store, api_key: str, ids: Sequence[int], pace: float, now: float) -> dict[int, str]:
    """The status words of the key's own refills among `ids`; they walk as `walk_refill` says."""
    with store.transaction() as database:
        rows = database.execute(
            "SELECT refills.id, refills.created, fate FROM refills JOIN orders ON orders.id = order_id"
            " WHERE refills.id IN (SELECT value FROM json_each(?)) AND refills.api_key = ?",
            (json.dumps(ids), api_key),
        ).fetchall()
    return {row["id"]: walk_refill(row["fate"], now - row["created"], pace) for row in rows}


def walk_refill(fate: str, elapsed: float, pace: float) -> str:
    """The status word of a refill: as a plain order's, but `refillrejected` ends Rejected."""
    progress = walk_order("plain", 1, elapsed, pace)
    return "Rejected" if progress.final and fate == "refillrejected" else progress.status


def take_recheck(store: Store, order_id: int, now: float) -> float:
    """Note a recheck of an order unless one came in the last 10 minutes.

    Returns the seconds still to wait: 0 when it was noted.
    """
    with store.transaction() as database:
        row = database.execute("SELECT asked FROM rechecks WHERE order_id = ?", (order_id,)).fetchone()
        waiting = row["asked"] + RECHECK_SECONDS - now if row else 0.0
        if waiting > 0:
            return waiting
        database.execute("INSERT OR REPLACE INTO rechecks VALUES (?, ?)", (order_id, now))
        return 0.0
