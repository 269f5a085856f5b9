"""What a customer spent by day, from the sums that beat adds up (orders/stats.py): no order is read here.

A day is one of UTC, as those sums are: in Tehran it begins at half past three in the morning.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from persiantools.jdatetime import JalaliDate

from orders.models import CustomerDay
from panel.lib.charts import Chart, draw_columns
from panel.lib.dates import TEHRAN

DAYS = 30
PACE_DAYS = 7  # whole ones, before today
LOW_DAYS = 3  # a balance that lasts no longer is told of


@dataclass(frozen=True, slots=True)
class Day:
    """Orders placed on a day, and toman charged less toman refunded on it."""

    date: date
    orders: int
    amount: int


@dataclass(frozen=True, slots=True)
class Spending:
    """The last DAYS, oldest first; toman of this month; toman a day lately (None: nothing)."""

    days: list[Day]
    month: int
    pace: int | None

    @property
    def chart(self) -> Chart | None:
        """A column a day, or None where nothing was spent. What was only refunded has no height."""
        if not any(day.amount > 0 for day in self.days):
            return None
        return draw_columns([[("info", max(0, day.amount))] for day in self.days])

    @property
    def begins(self):
        """When a day begins, as a time in Tehran."""
        return datetime.combine(self.days[-1].date, time(), UTC).astimezone(TEHRAN).time()

    def days_left(self, balance):
        """How many whole days `balance` lasts at the pace of lately, if that's at most LOW_DAYS, else None."""
        if self.pace is None or balance > self.pace * LOW_DAYS:
            return None
        return balance // self.pace


def read_spending(customer_id, language):
    """The customer's Spending; its month is one of the calendar of `language`. One statement."""
    today = timezone.now().astimezone(UTC).date()
    dates = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    month = _first_of_month(today, language)
    rows = CustomerDay.objects.filter(customer_id=customer_id, day__gte=min(month, dates[0]), day__lte=today)
    known = {
        day: Day(day, orders, amount) for day, orders, amount in rows.values_list("day", "orders", "amount")
    }
    lately = sum(
        day.amount for day in known.values() if timedelta() < today - day.date <= timedelta(days=PACE_DAYS)
    )
    return Spending(
        [known.get(one) or Day(one, 0, 0) for one in dates],
        sum(day.amount for day in known.values() if day.date >= month),
        max(1, lately // PACE_DAYS) if lately > 0 else None,
    )


def _first_of_month(today, language):
    if language == "fa":
        return JalaliDate(today).replace(day=1).to_gregorian()
    return today.replace(day=1)
