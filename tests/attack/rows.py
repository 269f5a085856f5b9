"""What the whole database holds: a test in one transaction asks which tables hold something else than before."""

from functools import cache

from django.db import connection

# Who was here and how often: what every call may write.
NOISE = {"accounts_browsersession", "accounts_logintry"}
UNSEEN_COLUMNS = {"accounts_apitoken": ("last_used_at",)}
TOUCHED = """
SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
WHERE schemaname = current_schema()
"""


class Watch:
    """Begins with what is there; `find_changed` names the tables whose rows differ since it was asked last.

    PostgreSQL tells which tables the transaction wrote to, so only their checksums are made anew.
    """

    def __init__(self):
        self._touched = _ask(TOUCHED)
        self._sums = _ask(" UNION ALL ".join(map(_write_sum, _list_tables())))

    def find_changed(self):
        """The names, sorted; of tables that count in NOISE nothing is told."""
        touched = _ask(TOUCHED)
        tables = [table for table in self._sums if touched.get(table) != self._touched.get(table)]
        sums = _ask(" UNION ALL ".join(map(_write_sum, tables))) if tables else {}
        changed = sorted(table for table in tables if sums[table] != self._sums[table])
        self._touched = touched
        self._sums |= sums
        return changed


def _ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return dict(cursor.fetchall())


@cache
def _list_tables():
    return sorted(set(connection.introspection.django_table_names(include_views=False)) - NOISE)


def _write_sum(table):
    row = "to_jsonb(t)" + "".join(f" - '{column}'" for column in UNSEEN_COLUMNS.get(table, ()))
    sums = f"coalesce(sum(hashtextextended(({row})::text, 0)), 0)::text || '/' || count(*)"
    return f"SELECT '{table}', {sums} FROM \"{table}\" t"  # noqa: S608 - names of ours
