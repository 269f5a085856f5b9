"""`manage.py after_restore --since T`: mend a database that was restored to T, before any process starts on it."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from panel.lib.after_restore import Gap, mend_restored, skip_ids

OTHERS = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""


class Command(BaseCommand):
    """One transaction: all of it is done or nothing, and again does no harm."""

    help = "After a restore to a moment: let nothing be sent again, pause providers, and say what to look up."

    def add_arguments(self, parser):
        parser.add_argument("--since", required=True, help="the moment it was restored to, with its zone")
        parser.add_argument("--lost", help="when the lost server worked last; now, unless given")
        parser.add_argument("--beside", action="store_true", help="though other clients are connected")

    def handle(self, *, since, lost, beside, **options):
        """Print what was done and what a person has to do. Raises CommandError for times that make no sense."""
        gap = _read_gap(since, lost)
        if _count_others() and not beside:
            raise CommandError("other clients use this database: stop web, workers and beat first")
        with transaction.atomic():
            for line in mend_restored(gap):
                self.stdout.write(line)
        self.stdout.write(f"{skip_ids()} counters of ids jumped over what was given out in that time")


def _read_gap(since, lost):
    moments = [_read_moment(since), _read_moment(lost) if lost else timezone.now()]
    if moments[0] > moments[1] or moments[1] > timezone.now():
        raise CommandError("--since has to be before --lost, and both in the past")
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return Gap(*moments, began=cursor.fetchone()[0])


def _read_moment(text):
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        raise CommandError(f"{text} is no moment with a zone, as 2026-11-28T10:00:00+03:30")
    return moment


def _count_others():
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        return cursor.fetchone()[0]
