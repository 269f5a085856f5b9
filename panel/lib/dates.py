"""Dates and digits as people of each language read and write them.

Persian: the Jalali calendar in Tehran time, Persian digits, `٬ ٫ −`. English: Gregorian, Latin digits. The
conversion is done here and never by a font feature, which would change ids and links as well.
"""

import re
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from persiantools import digits
from persiantools.jdatetime import JalaliDate

TEHRAN = ZoneInfo("Asia/Tehran")
MAX_DIGITS = 18
_TO_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_TO_PERSIAN = str.maketrans("0123456789,.-", "۰۱۲۳۴۵۶۷۸۹٬٫−")
_DAY_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")
_JALALI_YEARS = range(1300, 1500)
_GROUPING = str.maketrans("", "", "٬,،'’_ \u00a0\u202f")


def to_latin_digits(text):
    """`text` with Persian and Arabic digits turned into Latin ones; everything else stays."""
    return text.translate(_TO_LATIN)


def clean_number(text):
    """What a person typed as a whole number, ready for `int`: Latin digits, no separators of thousands."""
    return to_latin_digits(text).translate(_GROUPING).replace("−", "-")


def read_digits(text):
    """The number that 1 to 18 Latin digits write, which fits a bigint; None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else None


def read_day(text):
    """The date that a person typed as `d/m/Y` or `Y/m/d`, in any digits; its year tells Jalali from Gregorian.

    Raises ValueError.
    """
    latin = to_latin_digits(text).strip()
    if found := _DAY_FIRST.fullmatch(latin):
        day, month, year = map(int, found.groups())
    elif found := _YEAR_FIRST.fullmatch(latin):
        year, month, day = map(int, found.groups())
    else:
        raise ValueError(f"no day: {text!r}")
    return JalaliDate(year, month, day).to_gregorian() if year in _JALALI_YEARS else date(year, month, day)


def format_number(number, language):
    """A whole number or Decimal with separators of thousands, in the digits of `language` (`fa` or `en`)."""
    text = f"{number:,}"
    return text.translate(_TO_PERSIAN) if language == "fa" else text


def format_moment(moment: datetime, language):
    """An aware datetime as `YYYY/MM/DD HH:MM` in Tehran: Jalali in Persian, else Gregorian."""
    local = moment.astimezone(TEHRAN)
    if language == "fa":
        return f"{_write_jalali(local.date())} {local:%H:%M}".translate(_PERSIAN_DIGITS)
    return f"{local:%Y/%m/%d %H:%M}"


def format_date(day: date, language):
    """A date as `YYYY/MM/DD`: Jalali in Persian, else Gregorian."""
    if language == "fa":
        return _write_jalali(day).translate(_PERSIAN_DIGITS)
    return day.strftime("%Y/%m/%d")


@lru_cache(maxsize=1024)  # a page has dozens of moments, of a few days
def _write_jalali(day):
    return JalaliDate(day).strftime("%Y/%m/%d")


def format_clock(clock: time, language):
    """A time of day as `HH:MM`."""
    text = f"{clock:%H:%M}"
    return digits.en_to_fa(text) if language == "fa" else text


def format_day(moment: datetime, language):
    """An aware datetime's day in Tehran in words: `دوشنبه ۲ آذر ۱۴۰۵`, else `Monday 23 November 2026`."""
    return _write_day(moment.astimezone(TEHRAN).date(), language)


@lru_cache(maxsize=64)  # every page names today
def _write_day(day, language):
    if language == "fa":
        jalali = JalaliDate(day)
        weekday, month = jalali.strftime("%A|%B", locale="fa").split("|")
        return f"{weekday} {digits.en_to_fa(str(jalali.day))} {month} {digits.en_to_fa(str(jalali.year))}"
    return f"{day:%A} {day.day} {day:%B %Y}"
