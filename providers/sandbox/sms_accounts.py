"""The accounts of the REST SMS gateway: who calls, and what state their account is in.

| token, or username (its password is `sandbox`) | account |
|---|---|
| `sandbox-sms-token`, or the username `sandbox` | an active one, the same by both |
| `sandbox-sms-poor` | active, without credit: 22 |
| `sandbox-sms-missing` | 1: no such user |
| `sandbox-sms-trial` | 2: only `my` and `my/credit` tell it something, with that state |
| `sandbox-sms-locked`, `-expired`, `-unverified`, `-noaccess` | 3, 4, 5, 6 |
| `sandbox-sms-code-N` | answers code N to everything |
| `sandbox-sms-` and any other word | an active account of its own |
| a username and password of `user/register` | 5: not verified yet |
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from providers.sandbox.store import Store

TOKEN = "sandbox-sms-token"  # noqa: S105 - a public word of the sandbox, no secret
USERNAME = PASSWORD = "sandbox"  # noqa: S105 - as above
PREFIX = "sandbox-sms-"
FIRST_CREDIT = 1_000_000
TRIAL, UNVERIFIED = 2, 5
STATES = {"missing": 1, "trial": TRIAL, "locked": 3, "expired": 4, "unverified": UNVERIFIED, "noaccess": 6}
POOR = "poor"

_CODE_WORD = re.compile(r"code-([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Account:
    """An account: `code` is its state (0 active), `first_credit` what it began with, in parts or in rial."""

    name: str
    code: int = 0
    first_credit: int = FIRST_CREDIT


def find_account(store: Store, headers: Mapping[str, str]) -> Account | None:
    """The account that the credentials in a request's headers open, or None."""
    token = headers.get("token")
    if token is not None:
        return Account(USERNAME) if token == TOKEN else _find_named(token)
    username, password = headers.get("username", ""), headers.get("password", "")
    if password == PASSWORD:
        account = Account(USERNAME) if username == USERNAME else _find_named(username)
        if account:
            return account
    return Account(username, UNVERIFIED) if _is_registered(store, username, password) else None


def is_named(username: str) -> bool:
    """Whether an account has this username without having been registered."""
    return username == USERNAME or username.startswith(PREFIX)


def register_user(store: Store, username: str, password: str) -> bool:
    """Keep a new user; False when the username is taken."""
    with store.transaction() as database:
        kept = database.execute("INSERT OR IGNORE INTO sms_users VALUES (?, ?)", (username, password))
    return kept.rowcount == 1


def _find_named(name: str) -> Account | None:
    if not name.startswith(PREFIX):
        return None
    word = name.removeprefix(PREFIX)
    numbered = _CODE_WORD.fullmatch(word)
    code = int(numbered[1]) if numbered else STATES.get(word, 0)
    return Account(name, code, 0 if word == POOR else FIRST_CREDIT)


def _is_registered(store: Store, username: str, password: str) -> bool:
    with store.transaction() as database:
        return bool(
            database.execute(
                "SELECT 1 FROM sms_users WHERE username = ? AND password = ?", (username, password)
            ).fetchone()
        )
