"""Many small questions to the database in one statement: a page that asks thirty things waits once."""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from panel.admin_site.paging import COUNTED_ROWS


def count_capped(rows, most=None):
    """The question how many `rows` (a queryset) there are, counted no further than `most` (COUNTED_ROWS)."""
    inner, parameters = _compile(rows.order_by().values("pk")[: most or COUNTED_ROWS])
    return f"SELECT count(*) FROM ({inner}) counted", parameters  # noqa: S608 - written by the ORM


def find_first(rows, field):
    """The question for `field` of the first of `rows` (an ordered queryset); None when there is none."""
    return _compile(rows.values(field)[:1])


def ask_together(questions):
    """The answers, in order, to `questions`: `(statement for one value, parameters)`, as those above make them.

    It is one statement, or none without questions.
    """
    if not questions:
        return []
    with connection.cursor() as cursor:
        statement = ", ".join(f"({text})" for text, _parameters in questions)
        cursor.execute(f"SELECT {statement}", [one for _text, parameters in questions for one in parameters])
        return list(cursor.fetchone())


def _compile(rows: QuerySet):
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL WHERE false", ()
