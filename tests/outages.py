"""The database going away under a piece of work, as when it is started again."""

from contextlib import contextmanager

import psycopg
from django.db import connection
from psycopg import sql

_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
)


def break_connections():
    """End every other connection to this test's database, in the middle of whatever it does."""
    with _connect() as other:
        other.execute(_END_OTHERS, [other.info.dbname])


@contextmanager
def closed_database():
    """Nobody gets a connection to this test's database, and those that were there are broken."""
    name = connection.settings_dict["NAME"]
    turn = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with _connect(dbname="postgres") as other:
        other.execute(turn.format(sql.Identifier(name), sql.SQL("false")))
        try:
            other.execute(_END_OTHERS, [name])
            yield
        finally:
            other.execute(turn.format(sql.Identifier(name), sql.SQL("true")))


def _connect(**other):
    at = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    return psycopg.connect(**{name: at[name] for name in names if name in at} | other, autocommit=True)
