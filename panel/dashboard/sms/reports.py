"""A customer's SMS by day: how many were sent, what became of them, and what they cost.

Days on which nothing moves any more are counted once a day and kept in the cache, the last ones once a minute: so a
customer who sends millions costs little, however often the page is loaded.
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta

from django.core.cache import cache
from django.db import connection

from panel.lib.charts import draw_columns
from panel.lib.tehran_days import list_shown_days, start_of
from sms.delivery import GIVE_UP

OPEN_DAYS = GIVE_UP.days + 2  # today, and those whose messages are still asked about
OPEN_SECONDS, SETTLED_SECONDS = 60, 86_400
SMALL = 100  # recipients
# Money and recipients stand in the sends. Of messages only those that were not delivered are counted: of large sends
# by state, each of which is a stretch of one index, and they are few once the send is done; of small sends, which
# may be many, all at once.
_COUNT = """
WITH send AS MATERIALIZED (
    SELECT id, (queued_at AT TIME ZONE 'Asia/Tehran')::date AS day, recipients, charge - refunded AS cost
    FROM sms_send WHERE customer_id = %(customer)s AND queued_at >= %(since)s AND queued_at < %(until)s
), counted AS (
    SELECT day, (
        SELECT count(*) FROM sms_message message WHERE message.send_id = send.id AND message.state = 'undelivered'
    ) AS undelivered, (
        SELECT count(*) FROM sms_message message WHERE message.send_id = send.id AND message.state = 'failed'
    ) AS failed, (
        SELECT count(*) FROM sms_message message
        WHERE message.send_id = send.id AND message.state IN ('queued', 'sending', 'sent', 'unclear')
    ) AS open
    FROM send WHERE recipients > %(small)s
    UNION ALL
    SELECT day, count(*) FILTER (WHERE message.state = 'undelivered'),
        count(*) FILTER (WHERE message.state = 'failed'),
        count(*) FILTER (WHERE message.state IN ('queued', 'sending', 'sent', 'unclear'))
    FROM send JOIN sms_message message ON message.send_id = send.id WHERE recipients <= %(small)s GROUP BY day
), missed AS (
    SELECT day, sum(undelivered) AS undelivered, sum(failed) AS failed, sum(open) AS open FROM counted GROUP BY day
), total AS (
    SELECT day, sum(recipients) AS recipients, sum(cost) AS cost FROM send GROUP BY day
)
SELECT day, recipients::bigint, (recipients - undelivered - failed - open)::bigint, undelivered::bigint,
    failed::bigint, cost::bigint
FROM total JOIN missed USING (day)
"""


@dataclass(frozen=True, slots=True)
class Day:
    """One day in Tehran: messages, what became of them, and toman after refunds."""

    date: date
    sent: int = 0
    delivered: int = 0
    undelivered: int = 0
    failed: int = 0
    cost: int = 0

    @property
    def open(self):
        """Those of which nothing final is known."""
        return self.sent - self.delivered - self.undelivered - self.failed


def read_days(customer_id):
    """The Days up to today, oldest first; at most two queries."""
    dates = list_shown_days()
    settled, open_ones = dates[:-OPEN_DAYS], dates[-OPEN_DAYS:]
    rows = _recall(customer_id, settled, SETTLED_SECONDS) | _recall(customer_id, open_ones, OPEN_SECONDS)
    return [Day(one, *rows.get(one, ())) for one in dates]


def _recall(customer_id, dates, seconds):
    """`{date: the other values of its Day}`, as they were counted within the last `seconds`."""
    key = f"sms-days:{customer_id}:{dates[0]}:{len(dates)}"
    rows = cache.get(key)
    if rows is None:
        rows = _count(customer_id, dates[0], dates[-1])
        cache.set(key, rows, seconds)
    return rows


def _count(customer_id, first, last):
    begin, end = (start_of(one) for one in (first, last + timedelta(days=1)))
    with connection.cursor() as cursor:
        bounds = {"since": begin, "until": end, "small": SMALL}
        cursor.execute(_COUNT, {"customer": customer_id} | bounds)
        return {day: tuple(rest) for day, *rest in cursor.fetchall()}


def sum_days(days):
    """The Day that is all of them together, without a date."""
    names = [one.name for one in fields(Day)][1:]
    return Day(None, **{name: sum(getattr(day, name) for day in days) for name in names})


def draw_days(days):
    """The Chart of Days: a column each."""
    return draw_columns(
        [
            [
                ("success", day.delivered),
                ("info", day.open),
                ("warning", day.undelivered),
                ("danger", day.failed),
            ]
            for day in days
        ]
    )
