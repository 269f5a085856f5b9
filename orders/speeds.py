"""How fast services are: beat measures what their orders did in the last WINDOW, requests read the result.

What is measured is what happened in the window, not what was placed in it: an order placed three days ago that ended
an hour ago counts with its three days, or slow services would look fast. An order that is delivered in parts is left
out, because its customer chose how long it takes; each of its parts counts like an order, from when it was due.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone

from orders.models import OrderEvent, ServiceSpeed
from orders.models.speeds import ENOUGH, GOOD_PERCENT
from panel.lib.row_ids import find_first_since

WINDOW = timedelta(hours=24)
LATE = timedelta(minutes=30)  # an order that no provider took by then waits for too long
STALE = timedelta(hours=1)  # an older measurement says nothing of now: the worker stands still
_LOCK = 0x5EED1E7E3  # of `measure_speeds`, for the whole database

# One pass over the window's events by the primary key; each event's order is found by its own. A completed order that
# was never seen in progress started, as far as anybody could see, when it ended. One that ended in the queue was
# canceled by its customer: nothing else ends an order there. What waits for its link is not waiting for us.
_MEASURE = """
WITH step AS (
    SELECT e.order_id, e.created, replace(e.kind, 'part_', '') AS kind FROM orders_orderevent e
    WHERE e.id >= %(first)s AND e.created >= %(since)s AND e.kind IN ('in_progress', 'completed', 'partial',
        'canceled', 'error', 'part_in_progress', 'part_completed', 'part_partial', 'part_canceled', 'part_error')
),
told AS (
    SELECT o.service_id, step.kind, greatest(extract(epoch FROM step.created - o.created), 0) AS seconds,
        step.kind = 'in_progress' OR step.kind = 'completed' AND begun.seen IS NULL AS starts,
        step.kind IN ('partial', 'canceled', 'error') AND o.cancel_requested_at IS NULL
            AND o.forwarding <> 'queued' AS fails
    FROM step JOIN orders_order o ON o.id = step.order_id AND o.forwarding <> 'parts'
    LEFT JOIN LATERAL (
        SELECT true AS seen FROM orders_orderevent b
        WHERE b.order_id = step.order_id AND b.kind IN ('in_progress', 'part_in_progress') LIMIT 1
    ) begun ON step.kind = 'completed'
),
moved AS (
    SELECT service_id, round(avg(seconds) FILTER (WHERE starts)) AS start_seconds,
        round(avg(seconds) FILTER (WHERE kind = 'completed')) AS finish_seconds,
        count(*) FILTER (WHERE starts) AS started, count(*) FILTER (WHERE kind = 'completed') AS finished,
        count(*) FILTER (WHERE fails) AS failed
    FROM told GROUP BY service_id HAVING bool_or(starts OR kind = 'completed' OR fails)
),
queue AS (
    SELECT service_id, count(*) AS waiting FROM orders_order
    WHERE next_try_at IS NOT NULL AND forwarding = 'queued' AND held_by IS NULL AND created < %(late)s
    GROUP BY service_id
),
kept AS (
    INSERT INTO orders_servicespeed
        (service_id, start_seconds, finish_seconds, started, finished, failed, waiting, measured_at)
    SELECT service_id, start_seconds, finish_seconds, coalesce(started, 0), coalesce(finished, 0),
        coalesce(failed, 0), coalesce(waiting, 0), %(now)s
    FROM moved FULL JOIN queue USING (service_id)
    ON CONFLICT (service_id) DO UPDATE SET start_seconds = excluded.start_seconds,
        finish_seconds = excluded.finish_seconds, started = excluded.started, finished = excluded.finished,
        failed = excluded.failed, waiting = excluded.waiting, measured_at = excluded.measured_at
    RETURNING service_id
),
gone AS (DELETE FROM orders_servicespeed WHERE service_id NOT IN (SELECT service_id FROM kept))
SELECT count(*) FROM kept
"""


def measure_speeds():
    """Store every service's ServiceSpeed anew; returns how many services have one.

    Of two runs at once one does nothing.
    """
    now = timezone.now()
    span = {"first": find_first_since(OrderEvent, now - WINDOW), "since": now - WINDOW}
    span |= {"late": now - LATE, "now": now}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_MEASURE, span)
        return cursor.fetchone()[0]


def find_speed(service_id):
    """The ServiceSpeed of a service, or None when its orders neither moved nor wait, or nobody measures."""
    return list_speeds().filter(pk=service_id).first()


def list_speeds():
    """The ServiceSpeeds measured lately, a queryset."""
    return ServiceSpeed.objects.filter(measured_at__gte=timezone.now() - STALE)


def list_troubled():
    """Those of `list_speeds` whose orders fail or wait more than customers may expect, the worst first.

    A queryset: first ServiceSpeed.many_fail, by the share that was completed; then where orders wait, by how many.
    """
    counted = list_speeds().alias(ended=F("finished") + F("failed"), hundredfold=F("finished") * 100)
    many_fail = Q(ended__gte=ENOUGH, hundredfold__lt=F("ended") * GOOD_PERCENT)
    share = Case(When(many_fail, then=F("hundredfold") / F("ended")), default=100)
    return counted.filter(many_fail | Q(waiting__gt=0)).order_by(share, "-waiting", "pk")
