"""What has to be done to a database that was restored to a moment `since`, whose server was lost at `lost`.

What happened between the two is forgotten here and true outside: orders were sent, texts arrived, banks were paid.
Each application registers what it knows of that; all of it is done in one transaction, before any process starts.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

SKIPPED_IDS = 1_000_000  # more than is ever given out in a gap; of 64-bit ids that is nothing
REASON = "restored from a backup: it may have been sent in the time that was lost"
# Where a moment has to be that never comes: nothing is asked by itself about what has it.
NEVER = datetime.fromisoformat("9999-12-01T00:00:00+00:00")
_steps = []


@dataclass(frozen=True)
class Gap:
    """The time that was lost, and when its mending began: what a step makes since then is of that time as well."""

    since: datetime
    lost: datetime
    began: datetime

    @property
    def rows(self):
        """A condition on rows with a `created`: those that were there, and those that a step made meanwhile."""
        return Q(created__lte=self.lost) | Q(created__gte=self.began)


def add_restore_step(step):
    """Register a function that takes the Gap, does its part and returns lines for people; safe to run again."""
    _steps.append(step)


def mend_restored(gap):
    """Run every step in the order in which they were registered; yields their lines."""
    for step in _steps:
        yield from step(gap)


def skip_ids():
    """Let every counter of ids jump over what was given out in the gap: outside, those ids mean something.

    Customers know orders by theirs, receivers of webhooks tell twice-sent events by theirs, banks know payments.
    Returns how many counters jumped.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(setval(format('%%I.%%I', schemaname, sequencename)::regclass, last_value + %s))"
            " FROM pg_sequences WHERE schemaname = current_schema() AND data_type::text = 'bigint'"
            " AND last_value IS NOT NULL AND last_value < max_value - %s",
            [SKIPPED_IDS, SKIPPED_IDS],
        )
        return cursor.fetchone()[0]
