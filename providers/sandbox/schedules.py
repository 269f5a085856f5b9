"""When scheduled messages are sent: `sendDate`, and `sentPeriod` times in all, every `prtrys`.

Times are Tehran's, which has had no summer time since 2022. A month of a repetition is one of the calendar that
`sendDate` is written in: the same day of it, or its last one where it is shorter.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from providers.sandbox import jalali

TEHRAN = timezone(timedelta(hours=3, minutes=30))
FIRST_GREGORIAN_YEAR = 1700
MAX_TIMES = 1000
STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
MONTH = "month"

_MOMENT = re.compile(r"(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})")


class WrongTime(Exception):
    """The schedule makes no sense; code 26 of the REST gateway."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date and time as they were written: `year`, `month` and `day` of the Jalali calendar or the Gregorian."""

    year: int
    month: int
    day: int
    clock: time

    @property
    def is_jalali(self) -> bool:
        """Told by the year."""
        return self.year < FIRST_GREGORIAN_YEAR

    def find_date(self) -> date:
        """The Gregorian date. Raises ValueError when there is no such day."""
        reckon = jalali.to_gregorian if self.is_jalali else date
        return reckon(self.year, self.month, self.day)

    def add_months(self, count: int) -> "Moment":
        """The same day `count` months later, or the last one of a shorter month."""
        years, rest = divmod(self.month - 1 + count, 12)
        year, month = self.year + years, rest + 1
        days = jalali.count_month_days(year, month) if self.is_jalali else calendar.monthrange(year, month)[1]
        return Moment(year, month, min(self.day, days), self.clock)

    def read_seconds(self) -> float:
        """Unix seconds."""
        return datetime.combine(self.find_date(), self.clock, TEHRAN).timestamp()


def read_dues(send_date: Any, unit: Any, times: Any, now: float) -> list[float]:
    """Unix seconds of each sending. Raises WrongTime, for a first one in the past too.

    `unit` is `hour`, `day`, `week` or `month`; without one the message is sent once.
    """
    first = _read_moment(send_date)
    try:
        began = first.read_seconds()
        count = _read_times(unit, times)
        dues = [began, *(_step(first, began, unit, number) for number in range(1, count))]
        datetime.fromtimestamp(dues[-1], TEHRAN)  # a date that the calendar still has
    except (ValueError, OverflowError) as error:
        raise WrongTime(str(error)) from error
    if began <= now:
        raise WrongTime("in the past")
    return dues


def format_moment(seconds: float) -> str:
    """Unix seconds as `YYYY-MM-DD HH:MM:SS` in Tehran, Gregorian."""
    return datetime.fromtimestamp(seconds, TEHRAN).strftime("%Y-%m-%d %H:%M:%S")


def _read_moment(text: Any) -> Moment:
    found = _MOMENT.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        raise WrongTime("sendDate is YYYY-MM-DD HH:MM:SS")
    year, month, day, hour, minute, second = (
        int("".join(str(unicodedata.digit(digit)) for digit in number)) for number in found.groups()
    )
    try:
        return Moment(year, month, day, time(hour, minute, second))
    except ValueError as error:
        raise WrongTime(str(error)) from error


def _read_times(unit: Any, times: Any) -> int:
    """How many sendings there are in all."""
    text = str(times if times is not None else "").strip()
    if unit in (None, "") and text in ("", "0", "1"):
        return 1
    if not (unit == MONTH or (isinstance(unit, str) and unit in STEPS)):
        raise WrongTime("prtrys is hour, day, week or month")
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_TIMES))):
        raise WrongTime("sentPeriod is a count")
    if not 1 <= int(text) <= MAX_TIMES:
        raise WrongTime(f"sentPeriod is 1 to {MAX_TIMES}")
    return int(text)


def _step(first: Moment, began: float, unit: str, number: int) -> float:
    if unit == MONTH:
        return first.add_months(number).read_seconds()
    return began + number * STEPS[unit].total_seconds()
