"""A migration as the statements that it would run."""

import re
from dataclasses import dataclass

import sqlparse

from panel.migration_lint.released import describe_tables


@dataclass(frozen=True)
class Step:
    """One operation: its statements, whether it can be taken back, and the `{table: {column: type}}` before it."""

    name: str
    statements: tuple
    reversible: bool
    types: dict


def read_steps(migration, state, connection):
    """The `Step`s of a migration that starts from `state`, which changes with them. Nothing is run."""
    steps = []
    for operation in migration.operations:
        before = state.clone()
        operation.state_forwards(migration.app_label, state)
        statements = _collect(operation, migration.app_label, before, state, connection)
        steps.append(
            Step(type(operation).__name__, statements, operation.reversible, _read_types(before, connection))
        )
    return steps


def _collect(operation, label, before, after, connection):
    if not operation.reduces_to_sql:
        return ()
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        operation.database_forwards(label, editor, before, after)
    text = "\n".join(editor.collected_sql)
    return tuple(filter(None, (_normalise(each) for each in sqlparse.split(text))))


def _normalise(statement):
    without_comments = sqlparse.format(statement, strip_comments=True)
    return re.sub(r"\s+", " ", without_comments).replace('"', "").strip(" ;")


def _read_types(state, connection):
    return {
        table: {column: field.db_type(connection) for column, field in columns.items()}
        for table, columns in describe_tables(state).items()
    }
