"""Orders by day in Tehran: beat measures them, the admin's front page reads rows.

A run reads the orders that were placed, and those that ended, yesterday or today: BRIN indexes on `created` and
`settled_at` find them. Money that comes back after an order's end counts on its own day (panel/wallet/days.py); the
profit of an order is that of the day it ended on, as it was known until a day later.
"""

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from orders.models.days import OrderDay
from panel.lib.tehran_days import list_days_to_measure, start_of

FIELDS = ["placed", "completed", "partial", "canceled", "error", "cost", "profit", "uncosted"]
_PLACED = """
SELECT (created AT TIME ZONE 'Asia/Tehran')::date, count(*)
FROM orders_order WHERE created >= %s AND parent_id IS NULL GROUP BY 1
"""
_ENDED = """
SELECT (settled_at AT TIME ZONE 'Asia/Tehran')::date,
    count(*) FILTER (WHERE status = 'completed'),
    count(*) FILTER (WHERE status = 'partial'),
    count(*) FILTER (WHERE status = 'canceled'),
    count(*) FILTER (WHERE status = 'error'),
    coalesce(round(sum(cost) FILTER (WHERE profit IS NOT NULL)), 0),
    coalesce(round(sum(profit)), 0),
    count(*) FILTER (WHERE profit IS NULL AND status IN ('completed', 'partial'))
FROM orders_order WHERE settled_at >= %s AND parent_id IS NULL GROUP BY 1
"""


def measure_orders():
    """Store the OrderDays that may have changed; returns how many."""
    days = list_days_to_measure(OrderDay.objects.aggregate(newest=Max("day"))["newest"])
    since = start_of(days[0])
    placed, ended = _read(_PLACED, since), _read(_ENDED, since)
    now, rows = timezone.now(), []
    for day in days:
        numbers = (*placed.get(day, (0,)), *ended.get(day, (0,) * (len(FIELDS) - 1)))
        rows.append(OrderDay(day=day, measured_at=now, **dict(zip(FIELDS, numbers, strict=True))))
    OrderDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["day"], update_fields=[*FIELDS, "measured_at"]
    )
    return len(rows)


def read_orders(days):
    """`{date: OrderDay}` of these dates, one after the other; a date that nobody measured has an empty one."""
    found = {row.day: row for row in OrderDay.objects.filter(day__gte=days[0], day__lte=days[-1])}
    return {day: found.get(day) or OrderDay(day=day, measured_at=None) for day in days}


def _read(statement, since):
    with connection.cursor() as cursor:
        cursor.execute(statement, [since])
        return {day: tuple(map(int, numbers)) for day, *numbers in cursor.fetchall()}
