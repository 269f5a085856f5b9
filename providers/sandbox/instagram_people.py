"""The people of the played Instagram: three who are always there, and whoever logged in or was added.

Everybody likes every picture, but for those whose username begins with `nolike`.
"""

import hashlib
import re
from dataclasses import dataclass

from providers.sandbox.store import Store

CLIENT_PART = "5106fe6"
_USERNAME = re.compile(r"[a-z0-9._]{1,30}")
_UID = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Person:
    """An account; `uid` is digits and belongs to the username for ever."""

    uid: str
    username: str

    @property
    def likes(self) -> bool:
        """Whether this person likes what others ask about."""
        return not self.username.startswith("nolike")

    @property
    def token(self) -> str:
        """The access token, the same at each login and after a restart of the sandbox."""
        digest = hashlib.sha256(f"sandbox:{self.uid}".encode()).hexdigest()
        return f"{self.uid}.{CLIENT_PART}.{digest[:32]}"


PEOPLE = (
    Person("46569725", "sara.ahmadi"),
    Person("46569726", "reza_karimi"),
    Person("46569727", "nolike.mina"),
)


def find_by_username(username: str) -> Person | None:
    """The person of a username, known or not yet; None when nobody can be called so."""
    username = username.strip().lower()
    if not _USERNAME.fullmatch(username):
        return None
    always = next((person for person in PEOPLE if person.username == username), None)
    return always or Person(_make_uid(username), username)


def add_person(store: Store, uid: str, username: str) -> Person:
    """Make somebody known under a uid of the caller's. Raises ValueError for what is no uid or username."""
    if not _UID.fullmatch(uid) or not _USERNAME.fullmatch(username):
        raise ValueError("a person has a uid of digits and a username of a-z, 0-9, dot and underscore")
    with store.transaction() as database:
        database.execute("INSERT OR REPLACE INTO people VALUES (?, ?)", (uid, username))
    return Person(uid, username)


def list_people(store: Store) -> list[Person]:
    """Everybody known, those that are always there first."""
    with store.transaction() as database:
        rows = database.execute("SELECT uid, username FROM people ORDER BY rowid").fetchall()
    added = [Person(*row) for row in rows]
    uids = {person.uid for person in added}
    return [person for person in PEOPLE if person.uid not in uids] + added


def find_by_token(store: Store, token: str) -> Person | None:
    """The known person with this access token, or None."""
    uid = token.partition(".")[0]
    return next(
        (person for person in list_people(store) if person.uid == uid and person.token == token), None
    )


def _make_uid(username: str) -> str:
    return str(10**9 + int(hashlib.sha256(username.encode()).hexdigest()[:12], 16))
