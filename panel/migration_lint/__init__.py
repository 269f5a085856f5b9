"""Migrations that the code of the last release survives: in a rolling deploy it runs on the new tables for a while.

`released.json` names the newest released migration of each application; what comes after it is checked.
django-migration-linter was looked at: one column with a database default hides another without, and it knows nothing
of constraints that are checked under a lock or of columns that the last release had given up already.
"""

from panel.migration_lint.reading import read_steps
from panel.migration_lint.released import find_new, find_released_tables, mark_released
from panel.migration_lint.rules import RULES, check_migration

__all__ = [
    "RULES",
    "check_migration",
    "find_new",
    "find_released_tables",
    "lint_migrations",
    "mark_released",
    "read_steps",
]


def lint_migrations(loader, connection):
    """The `Fault`s of all migrations that came since the last marked release, in the order they are applied."""
    released = find_released_tables(loader)
    fresh, faults = set(), []
    for migration in find_new(loader):
        before = loader.project_state((migration.app_label, migration.name), at_end=False)
        steps = read_steps(migration, before, connection)
        faults += check_migration(migration, steps, released, fresh)
    return faults
