"""The Jalali calendar, by the 33-year rule: the same as the official one from 1178 to 1633 (1799 to 2255)."""

from datetime import date

EPOCH = date(622, 3, 21).toordinal()  # 1 Farvardin of year 1
LEAP_RESTS = (1, 5, 9, 13, 17, 22, 26, 30)
LONG_MONTHS, LONG_DAYS, SHORT_DAYS = 6, 31, 30


def is_leap(year: int) -> bool:
    """Whether Esfand of a Jalali year has 30 days."""
    return year % 33 in LEAP_RESTS


def count_month_days(year: int, month: int) -> int:
    """How many days a Jalali month has."""
    if month <= LONG_MONTHS:
        return LONG_DAYS
    return SHORT_DAYS if month < 12 or is_leap(year) else SHORT_DAYS - 1


def to_gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian date of a Jalali one. Raises ValueError when there is no such day."""
    if not (1 <= month <= 12 and 1 <= day <= count_month_days(year, month)):
        raise ValueError(f"no such day: {year}-{month}-{day}")
    return date.fromordinal(_first_day(year) + _days_before(month) + day - 1)


def from_gregorian(day: date) -> tuple[int, int, int]:
    """Jalali year, month and day of a Gregorian date."""
    year = day.year - 621
    if _first_day(year) > day.toordinal():
        year -= 1
    passed = day.toordinal() - _first_day(year)
    month = max(month for month in range(1, 13) if _days_before(month) <= passed)
    return year, month, passed - _days_before(month) + 1


def _first_day(year: int) -> int:
    """The ordinal of Nowruz."""
    cycles, rest = divmod(year - 1, 33)
    leaps = cycles * len(LEAP_RESTS) + sum(leap <= rest for leap in LEAP_RESTS)
    return EPOCH + 365 * (year - 1) + leaps


def _days_before(month: int) -> int:
    return (month - 1) * SHORT_DAYS + min(month - 1, LONG_MONTHS)
