"""`manage.py lint_migrations`: refuse migrations that the code of the last release would not survive."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from panel.migration_lint import find_new, lint_migrations, mark_released

ADVICE = (
    "an ALTER TABLE waits for the longest transaction and everybody waits behind it: run "
    "LOCK_TIMEOUT_MS=3000 STATEMENT_TIMEOUT_MS=0 manage.py migrate, and run it again when it gave up"
)


class Command(BaseCommand):
    """Check the migrations that came since the last marked release."""

    help = "Check the migrations since the last release; exit 1 on what its code would not survive."

    def add_arguments(self, parser):
        parser.add_argument(
            "--release",
            action="store_true",
            help="mark all migrations that exist as released, after checking",
        )

    def handle(self, *, release, **options):
        """Print each fault with the way out. Raises CommandError (exit 1) when there is one."""
        loader = MigrationLoader(None)
        new = find_new(loader)
        faults = lint_migrations(loader, connection)
        for fault in faults:
            self.stdout.write(str(fault))
        if faults:
            raise CommandError(f"{len(faults)} faults in migrations that came since the last release")
        self.stdout.write(f"{len(new)} migrations since the last release, no fault")
        if new:
            self.stdout.write(ADVICE)
        if release:
            mark_released(loader)
            self.stdout.write("the next release's migrations begin here")
