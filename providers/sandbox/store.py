"""The sandbox's memory: one SQLite connection behind one lock, in a file or in memory.

`synchronous=OFF` in WAL mode loses nothing when the process is killed, only when the machine is.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SCHEMA_VERSION = 4
FIRST_SCHEMA = """
CREATE TABLE orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    api_key TEXT NOT NULL,
    service INTEGER NOT NULL,
    target TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    charge INTEGER NOT NULL,
    fate TEXT NOT NULL,
    fields TEXT NOT NULL,
    idempotency_key TEXT,
    body_digest TEXT NOT NULL,
    created REAL NOT NULL,
    ended_status TEXT,
    ended_remains INTEGER
);
CREATE INDEX orders_target ON orders (target);
CREATE INDEX orders_idempotency ON orders (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE TABLE refills (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    api_key TEXT NOT NULL,
    order_id INTEGER NOT NULL,
    created REAL NOT NULL
);
CREATE TABLE target_adds (target TEXT PRIMARY KEY, adds INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE balances (api_key TEXT PRIMARY KEY, amount INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sender TEXT NOT NULL,
    text TEXT NOT NULL,
    type INTEGER NOT NULL,
    created REAL NOT NULL
);
CREATE TABLE recipients (
    message_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    number TEXT NOT NULL,
    mobile TEXT NOT NULL,
    PRIMARY KEY (message_id, position)
) WITHOUT ROWID;
CREATE INDEX recipients_mobile ON recipients (mobile, message_id);
"""
# Steps from each older version to the next, so that a demo of an earlier checkout keeps its orders.
UPGRADES = {
    1: """
ALTER TABLE orders ADD COLUMN tracking_id TEXT;
CREATE UNIQUE INDEX orders_tracking ON orders (tracking_id) WHERE tracking_id IS NOT NULL;
CREATE TABLE rechecks (order_id INTEGER PRIMARY KEY, asked REAL NOT NULL);
CREATE TABLE sessions (
    refresh_token TEXT PRIMARY KEY,
    api_key TEXT NOT NULL,
    created REAL NOT NULL,
    token TEXT NOT NULL UNIQUE,
    token_created REAL NOT NULL
) WITHOUT ROWID;
""",
    2: """
ALTER TABLE messages ADD COLUMN account TEXT NOT NULL DEFAULT 'sandbox';
ALTER TABLE messages ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN local_id TEXT;
CREATE INDEX messages_created ON messages (created);
CREATE INDEX messages_account ON messages (account, created);
CREATE UNIQUE INDEX messages_local ON messages (account, local_id) WHERE local_id IS NOT NULL;
CREATE TABLE repeats (message_id INTEGER NOT NULL, due REAL NOT NULL, PRIMARY KEY (message_id, due)) WITHOUT ROWID;
CREATE TABLE sms_spent (account TEXT PRIMARY KEY, amount INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sms_users (username TEXT PRIMARY KEY, password TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE phonebooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (account, name)
);
CREATE TABLE phonebook_numbers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    book_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    mobile TEXT NOT NULL,
    UNIQUE (book_id, mobile)
);
""",
    3: """
CREATE TABLE people (uid TEXT PRIMARY KEY, username TEXT NOT NULL);
CREATE TABLE purchases (
    token TEXT PRIMARY KEY,
    looks INTEGER NOT NULL,
    consumed INTEGER NOT NULL,
    created REAL NOT NULL
) WITHOUT ROWID;
""",
}
CLEARING = """
BEGIN;
DELETE FROM orders;
DELETE FROM refills;
DELETE FROM rechecks;
DELETE FROM sessions;
DELETE FROM target_adds;
DELETE FROM balances;
DELETE FROM counters;
DELETE FROM messages;
DELETE FROM recipients;
DELETE FROM repeats;
DELETE FROM sms_spent;
DELETE FROM sms_users;
DELETE FROM phonebooks;
DELETE FROM phonebook_numbers;
DELETE FROM people;
DELETE FROM purchases;
COMMIT;
"""


class StateFileError(Exception):
    """The state file belongs to another version of the sandbox or to something else."""


class Store:
    """One SQLite database, safe to use from many threads.

    Raises StateFileError when the file at `path` holds something else, sqlite3.Error when it cannot be
    opened.
    """

    def __init__(self, path: str | None = None) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = OFF")
        self._prepare_schema(path)

    def _prepare_schema(self, path: str | None) -> None:
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version == SCHEMA_VERSION:
            return
        is_empty = not self._database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        if version not in UPGRADES and not (version == 0 and is_empty):
            self._database.close()
            raise StateFileError(f"{path} is of another version; remove it and start again")
        steps = [] if version else [FIRST_SCHEMA]
        steps += [UPGRADES[older] for older in range(version or 1, SCHEMA_VERSION)]
        self._database.executescript(f"BEGIN;{''.join(steps)}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection, for this thread alone until the block ends; an exception undoes the block."""
        with self._lock:
            self._database.execute("BEGIN")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def count(self, name: str, amount: int = 1) -> None:
        """Add `amount` to a counter."""
        with self.transaction() as database:
            database.execute(
                "INSERT INTO counters VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
                (name, amount),
            )

    def clear(self) -> None:
        """Delete every row; ids are not used again."""
        with self._lock:
            self._database.executescript(CLEARING)

    def close(self) -> None:
        """Close the database once no thread uses it."""
        with self._lock:
            self._database.close()
