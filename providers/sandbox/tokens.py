"""happy-follower's sessions: an API key becomes a refresh token and a token. Times are unix seconds.

A key may have several sessions, as several programs would. Each has one token at a time: the newest, which
lives `token_seconds` (`/control/settings`, for tokens that are out already too). A refresh token lives 30 days.
"""

import secrets
from dataclasses import dataclass

from providers.sandbox.store import Store

REFRESH_SECONDS = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Session:
    """What `auth` hands out."""

    refresh_token: str
    token: str


def open_session(store: Store, api_key: str, now: float) -> Session:
    """Begin a session of a key."""
    session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    with store.transaction() as database:
        database.execute(
            "INSERT INTO sessions (refresh_token, api_key, created, token, token_created) VALUES (?, ?, ?, ?, ?)",
            (session.refresh_token, api_key, now, session.token, now),
        )
    return session


def renew_token(store: Store, refresh_token: str, old_token: str, now: float) -> str | None:
    """A new token for a session; the old one is dead from then on.

    None when the refresh token is unknown or over, or `old_token` is not its newest (expired or not).
    """
    token = secrets.token_urlsafe(32)
    with store.transaction() as database:
        renewed = database.execute(
            "UPDATE sessions SET token = ?, token_created = ?"
            " WHERE refresh_token = ? AND token = ? AND created > ?",
            (token, now, refresh_token, old_token, now - REFRESH_SECONDS),
        )
    return token if renewed.rowcount else None


def find_token_key(store: Store, token: str, token_seconds: float, now: float) -> str | None:
    """The API key behind a living token."""
    with store.transaction() as database:
        row = database.execute(
            "SELECT api_key FROM sessions WHERE token = ? AND token_created > ?", (token, now - token_seconds)
        ).fetchone()
    return row["api_key"] if row else None
