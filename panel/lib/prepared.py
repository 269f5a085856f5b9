"""Server-prepared statements with binary parameters on Django's own connection: the biggest step of the hot path.

The ORM's settings stay as they are; only the few statements sent through here are prepared.
"""

from functools import cache
from time import perf_counter

import psycopg
from django.db import connection, models, transaction

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


def find_prepared(model, where, parameters):
    """The one row of `model` where `where` (SQL with `$1` parameters) holds, or None.

    For rows that every page reads: the ORM takes longer to write such a statement than the server to answer it.
    """
    rows = run_prepared(_select(model, where), parameters, savepoint=False)
    if not rows:
        return None
    fields = model._meta.concrete_fields
    values = [
        field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value
        for field, value in zip(fields, rows[0], strict=True)
    ]
    return model.from_db(connection.alias, [field.attname for field in fields], values)


@cache
def _select(model, where):
    # As texts, because that is what Django's JSON fields read.
    columns = ", ".join(
        f'"{field.column}"::text' if isinstance(field, models.JSONField) else f'"{field.column}"'
        for field in model._meta.concrete_fields
    )
    return f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {where}'.encode()  # noqa: S608 - constants


def _run(statement, parameters):
    raw = connection.connection
    if raw.prepare_threshold is None:  # Django's setting, under which `prepare=True` is ignored
        raw.prepare_threshold = ONLY_WHEN_ASKED
    if connection.queries_logged:  # it is counted and shown like any other
        return _run_logged(raw, statement, parameters)
    return _execute(raw, statement, parameters)


def _run_logged(raw, statement, parameters):
    start = perf_counter()
    try:
        return _execute(raw, statement, parameters)
    finally:
        text = statement.decode() if isinstance(statement, bytes) else str(statement)
        connection.queries_log.append({"sql": text, "time": f"{perf_counter() - start:.3f}"})


def _execute(raw, statement, parameters):
    try:
        cursor = psycopg.RawCursor(raw)
        return cursor.execute(statement, parameters, prepare=True, binary=True).fetchall()
    except psycopg.OperationalError:
        if raw.closed:
            connection.close()
        raise
