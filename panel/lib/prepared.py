"""Server-prepared statements with binary parameters on Django's own connection: the biggest step of the hot path.

The ORM's settings stay as they are; only the few statements sent through here are prepared.
"""

import psycopg
from django.db import connection, transaction

ONLY_WHEN_ASKED = 2**31


def run_prepared(statement, parameters, *, savepoint=True):
    """All rows of one statement with `$1` parameters, prepared on first use.

    A connection that broke is closed, so that the next caller gets a new one; psycopg's errors pass through.
    Inside an open transaction the statement gets a savepoint, so that its failure leaves the rest usable; a caller
    that gives its own up then does without.
    """
    connection.ensure_connection()
    if savepoint and connection.in_atomic_block:
        with transaction.atomic():
            return _run(statement, parameters)
    return _run(statement, parameters)


def _run(statement, parameters):
    raw = connection.connection
    if raw.prepare_threshold is None:  # Django's setting, under which `prepare=True` is ignored
        raw.prepare_threshold = ONLY_WHEN_ASKED
    try:
        cursor = psycopg.RawCursor(raw)
        return cursor.execute(statement, parameters, prepare=True, binary=True).fetchall()
    except psycopg.OperationalError:
        if raw.closed:
            connection.close()
        raise
