"""Days as people in Tehran live them, and from which of them on sums by day have to be measured."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from panel.lib.dates import TEHRAN

SHOWN_DAYS = 30
KEPT_BACK = SHOWN_DAYS + 1  # days that a first run measures: those of a chart, and one more


def find_day(moment):
    """The date in Tehran at an aware `moment`."""
    return moment.astimezone(TEHRAN).date()


def find_today():
    """Today's date in Tehran."""
    return find_day(timezone.now())


def start_of(day: date):
    """The moment at which that day begins."""
    return datetime.combine(day, time(), TEHRAN)


def list_days(first, last=None):
    """The dates from `first` to `last` (today unless given), both included."""
    last = last or find_today()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def list_shown_days():
    """The last SHOWN_DAYS dates, today last."""
    return list_days(find_today() - timedelta(days=SHOWN_DAYS - 1))


def list_days_to_measure(newest):
    """The dates whose sums may still change, or are missing, when `newest` (or None) is the last one measured.

    Yesterday is always among them: what was committed after midnight may carry a time before it.
    """
    today = find_today()
    first = today - timedelta(days=KEPT_BACK) if newest is None else min(newest, today - timedelta(days=1))
    return list_days(first, today)
