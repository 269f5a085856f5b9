"""How well each route did in the last DAYS days, measured from our own dispatches and the orders' ends."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from panel.lib.row_ids import find_first_since
from providers.models import Dispatch, Route, RouteHealth

DAYS = 7
PRIOR_WEIGHT = 20  # as many samples as we pretend to have seen before the first
PRIOR_SHARE = 0.8  # of them were taken, and as many finished
PRIOR_SPEED = 0.5
HALF_SPEED_SECONDS = 6 * 3600  # a route with this median has half of the speed
SPEED_PART = 0.2
FIELDS = ["sent", "refused", "failed", "finished", "cut_short", "median_seconds", "score", "measured_at"]

# One pass over the dispatches from an id on, by the primary key; each accepted one's order is found by its own.
_MEASURE = """
SELECT d.route_id,
       count(*),
       count(*) FILTER (WHERE d.state = 'rejected'),
       count(*) FILTER (WHERE d.state IN ('unavailable', 'unclear', 'missing')),
       count(*) FILTER (WHERE o.status = 'completed'),
       count(*) FILTER (WHERE o.status IN ('partial', 'canceled') AND o.cancel_requested_at IS NULL),
       percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM o.settled_at - d.answered_at)::bigint)
           FILTER (WHERE o.status = 'completed' AND o.settled_at >= d.answered_at)
  FROM providers_dispatch d
  LEFT JOIN orders_order o ON o.id = d.order_id AND d.state = 'accepted'
 WHERE d.id >= %s AND d.route_id IS NOT NULL AND d.state <> 'sending'
 GROUP BY d.route_id
"""


@dataclass(frozen=True, slots=True)
class Measure:
    """Counts of one route's dispatches, and the median seconds from acceptance to completion (None: no sample)."""

    sent: int = 0
    refused: int = 0
    failed: int = 0
    finished: int = 0
    cut_short: int = 0
    median_seconds: int | None = None


def compute_score(measure):
    """The health of a route, from 0 to 1 with two decimals: `taken × finished × (0.8 + 0.2 × speed)`.

    `taken` is the share of dispatches that were neither refused nor failed, `finished` the share of the ended ones
    that were completed, `speed` is 6 h ÷ (6 h + median). Each is pulled towards a neutral prior (0.8, 0.8, 0.5) as
    by 20 more samples, so few samples say little.
    """
    taken = _weigh(measure.sent - measure.refused - measure.failed, measure.sent, PRIOR_SHARE)
    finished = _weigh(measure.finished, measure.finished + measure.cut_short, PRIOR_SHARE)
    speed = PRIOR_SPEED
    if measure.median_seconds is not None:
        told = HALF_SPEED_SECONDS / (HALF_SPEED_SECONDS + measure.median_seconds)
        speed = _weigh(told * measure.finished, measure.finished, PRIOR_SPEED)
    return round(taken * finished * (1 - SPEED_PART + SPEED_PART * speed), 2)


def _weigh(good, samples, prior):
    return (good + PRIOR_WEIGHT * prior) / (samples + PRIOR_WEIGHT)


NEUTRAL_SCORE = compute_score(Measure())


def measure_routes():
    """Store the RouteHealth of every route anew; returns how many of them were used in the last DAYS days.

    What a customer canceled isn't held against the route.
    """
    now = timezone.now()
    first = find_first_since(Dispatch, now - timedelta(days=DAYS))
    with connection.cursor() as cursor:
        cursor.execute(_MEASURE, [first])
        measures = {route_id: Measure(*counts) for route_id, *counts in cursor.fetchall()}
    rows = []
    for route_id in Route.objects.order_by("id").values_list("pk", flat=True):
        measure = measures.get(route_id, Measure())
        counts = {name: getattr(measure, name) for name in Measure.__slots__}
        rows.append(RouteHealth(route_id=route_id, score=compute_score(measure), measured_at=now, **counts))
    RouteHealth.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["route"], update_fields=FIELDS
    )
    return len(measures)
