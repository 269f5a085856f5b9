"""Emptying the database after a test with real transactions, quicker than Django's flush.

That one truncates every table, which makes each of its files anew, and writes all permissions again. Here only tables
that hold rows are touched, and content types and permissions stay: they are the same for every test.
"""

from functools import cache

from django.db import connection, transaction

from panel.wallet.house import ensure_house_accounts

KEPT = {"django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}


def empty_tables(_case=None):
    """Delete every row that tests made; the house's accounts are there again afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Neither foreign keys nor the guard of the append-only book stand in the way of a test's end.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_find_filled_tables())
        for (table,) in cursor.fetchall():
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of ours
        ensure_house_accounts()


@cache
def _find_filled_tables():
    """A statement whose rows name the tables that hold any."""
    tables = sorted(set(connection.introspection.django_table_names(include_views=False)) - KEPT)
    looks = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables)  # noqa: S608 - names of ours
    return " UNION ALL ".join(looks)
