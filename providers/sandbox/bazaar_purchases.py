"""The purchases that the played app store was asked about; a token makes its own on the first question."""

import time
from dataclasses import dataclass

from providers.sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase; `looks` is how often it was asked about, this time included; `created` unix seconds."""

    looks: int
    consumed: bool
    created: float


def look_at_purchase(store: Store, token: str) -> Purchase:
    """Count one question about a token and tell its purchase."""
    with store.transaction() as database:
        looks, consumed, created = database.execute(
            "INSERT INTO purchases VALUES (?, 1, 0, ?)"
            " ON CONFLICT (token) DO UPDATE SET looks = looks + 1 RETURNING looks, consumed, created",
            (token, time.time()),
        ).fetchone()
    return Purchase(looks, bool(consumed), created)


def consume_purchase(store: Store, token: str) -> None:
    """Use a purchase up; once more changes nothing."""
    with store.transaction() as database:
        database.execute(
            "INSERT INTO purchases VALUES (?, 0, 1, ?) ON CONFLICT (token) DO UPDATE SET consumed = 1",
            (token, time.time()),
        )
