"""Sums of what customers ordered and of which services, by day (UTC) and in all: beat adds up, requests read.

A run starts at the newest day that has sums, or yesterday, whichever is older: days are filled in order, so what is
older than that is complete. Each span of days is one transaction; a run that dies leaves whole spans, and the next
one goes on there.
"""

import threading
from datetime import UTC, datetime, time, timedelta
from time import monotonic

from django.db import connection, transaction
from django.db.models import Max, Min, Q, Sum
from django.utils import timezone

from orders.models import CustomerDay, CustomerTotal, Order, ServiceTotal
from panel.accounts.models import Customer
from panel.wallet.models import Transfer

SPAN_DAYS = 31  # read at once when many days are to be filled
TOP = 10
KEEP_SECONDS = 60
MAX_KEPT = 64
_LOCK = 0x5EED1E7E2  # of `sum_days`, for the whole database
_LISTED = Q(customer__is_active=True, customer__is_staff=False)
_ranks = {}  # day → (when they were read, ranks from that day on)
_ranking = threading.Lock()
_CUSTOMERS = """
WITH placed AS (
    SELECT customer_id, (created AT TIME ZONE 'UTC')::date AS day, count(*) AS orders FROM orders_order
    WHERE created >= %(start)s AND created < %(end)s AND parent_id IS NULL GROUP BY 1, 2
),
moved AS (
    SELECT a.owner_id AS customer_id, (t.created AT TIME ZONE 'UTC')::date AS day,
        sum(CASE t.kind WHEN 'charge' THEN t.amount ELSE -t.amount END) AS amount
    FROM wallet_transfer t JOIN wallet_account a
        ON a.id = CASE t.kind WHEN 'charge' THEN t.debit_id ELSE t.credit_id END AND a.kind = 'wallet'
    WHERE t.created >= %(start)s AND t.created < %(end)s AND t.kind IN ('charge', 'refund')
        AND t.currency = 'toman'
    GROUP BY 1, 2
),
found AS (
    SELECT customer_id, day, coalesce(orders, 0) AS orders, coalesce(amount, 0) AS amount
    FROM placed FULL JOIN moved USING (customer_id, day)
),
news AS (
    SELECT found.*, found.orders - coalesce(known.orders, 0) AS more_orders,
        found.amount - coalesce(known.amount, 0) AS more_amount
    FROM found LEFT JOIN orders_customerday known USING (customer_id, day)
    WHERE (known.orders, known.amount) IS DISTINCT FROM (found.orders, found.amount)
),
kept AS (
    INSERT INTO orders_customerday (customer_id, day, orders, amount)
    SELECT customer_id, day, orders, amount FROM news
    ON CONFLICT (customer_id, day) DO UPDATE SET orders = excluded.orders, amount = excluded.amount
)
INSERT INTO orders_customertotal AS total (customer_id, orders, amount)
SELECT customer_id, sum(more_orders), sum(more_amount) FROM news GROUP BY 1
ON CONFLICT (customer_id) DO UPDATE
SET orders = total.orders + excluded.orders, amount = total.amount + excluded.amount
"""
_SERVICES = """
WITH found AS (
    SELECT service_id, (created AT TIME ZONE 'UTC')::date AS day, count(*) AS orders FROM orders_order
    WHERE created >= %(start)s AND created < %(end)s AND parent_id IS NULL GROUP BY 1, 2
),
news AS (
    SELECT found.*, found.orders - coalesce(known.orders, 0) AS more_orders
    FROM found LEFT JOIN orders_serviceday known USING (service_id, day)
    WHERE known.orders IS DISTINCT FROM found.orders
),
kept AS (
    INSERT INTO orders_serviceday (service_id, day, orders) SELECT service_id, day, orders FROM news
    ON CONFLICT (service_id, day) DO UPDATE SET orders = excluded.orders
)
INSERT INTO orders_servicetotal AS total (service_id, orders)
SELECT service_id, sum(more_orders) FROM news GROUP BY 1
ON CONFLICT (service_id) DO UPDATE SET orders = total.orders + excluded.orders
"""


def sum_days():
    """Bring the sums up to date; returns how many spans of days were read. Of two runs at once one does nothing."""
    read = 0
    start = None
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return read
            start = start or _find_first_day()
            if start is None or start > _today():
                return read
            end = start + timedelta(days=SPAN_DAYS)
            _sum_span(cursor, _midnight(start), _midnight(end))
        read += 1
        start = end


def _sum_span(cursor, start, end):
    """Days first, and what is new of them onto the totals: no run reads days that didn't change."""
    span = {"start": start, "end": end}
    for statement in (_CUSTOMERS, _SERVICES):
        cursor.execute(statement, span)


def _find_first_day():
    """The day to begin at, or None where there is nothing to add up."""
    newest = CustomerDay.objects.aggregate(day=Max("day"))["day"]
    if newest is not None:
        return min(newest, _today() - timedelta(days=1))
    firsts = [rows.aggregate(first=Min("created"))["first"] for rows in (Order.objects, Transfer.objects)]
    return min((first.astimezone(UTC).date() for first in firsts if first), default=None)


def _today():
    return timezone.now().astimezone(UTC).date()


def _midnight(day):
    return datetime.combine(day, time.min, UTC)


def find_top_customers(since=None):
    """The TOP customers by what they spent from that day (UTC) on, or ever, most first; staff and locked ones never.

    Each Customer has `order_count` and `spent` (toman) set. No order is read; what counts from a day on may be
    KEEP_SECONDS old.
    """
    first = None if since is None else CustomerDay.objects.aggregate(day=Min("day"))["day"]
    if first is None or since <= first:
        totals = CustomerTotal.objects.filter(_LISTED, amount__gt=0).order_by("-amount", "customer_id")
        ranked = list(totals.values_list("customer_id", "orders", "amount")[:TOP])
    else:
        ranked = _keep_ranks(since) if since <= _today() else []
    customers = Customer.objects.in_bulk([pk for pk, _, _ in ranked])
    for pk, orders, amount in ranked:
        customers[pk].order_count, customers[pk].spent = orders, amount
    return [customers[pk] for pk, _, _ in ranked]  # customers are never deleted, only locked


def find_top_services():
    """The TOP ServiceTotals with their services, most ordered first, of what is on sale. No order is read."""
    sold = ServiceTotal.objects.filter(service__active=True, service__category__active=True)
    return list(sold.select_related("service").order_by("-orders", "service_id")[:TOP])


def _keep_ranks(since):
    """The ranks from that day on; one at a time adds up, since strangers choose the day."""
    known = _ranks.get(since)
    if known and monotonic() - known[0] < KEEP_SECONDS:
        return known[1]
    with _ranking:
        known = _ranks.get(since)
        if not known or monotonic() - known[0] >= KEEP_SECONDS:
            while len(_ranks) >= MAX_KEPT:
                _ranks.pop(next(iter(_ranks)))
            known = _ranks[since] = (monotonic(), _rank_since(since))
    return known[1]


def _rank_since(since):
    sums = CustomerDay.objects.filter(_LISTED, day__gte=since).values("customer_id")
    sums = sums.annotate(total=Sum("orders"), spent=Sum("amount")).filter(spent__gt=0)
    return list(sums.order_by("-spent", "customer_id").values_list("customer_id", "total", "spent")[:TOP])
