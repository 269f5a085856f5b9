"""Dates and digits as people of each language read and write them.

Persian: the Jalali calendar in Tehran time, Persian digits, `٬ ٫ −`. English: Gregorian, Latin digits. The
conversion is done here and never by a font feature, which would change ids and links as well.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from persiantools import digits
from persiantools.jdatetime import JalaliDateTime

TEHRAN = ZoneInfo("Asia/Tehran")
_TO_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_TO_PERSIAN = str.maketrans("0123456789,.-", "۰۱۲۳۴۵۶۷۸۹٬٫−")
_GROUPING = str.maketrans("", "", "٬,،'’_ \u00a0\u202f")


def to_latin_digits(text):
    """`text` with Persian and Arabic digits turned into Latin ones; everything else stays."""
    return text.translate(_TO_LATIN)


def clean_number(text):
    """What a person typed as a whole number, ready for `int`: Latin digits, no separators of thousands."""
    return to_latin_digits(text).translate(_GROUPING).replace("−", "-")


def format_number(number, language):
    """A whole number or Decimal with separators of thousands, in the digits of `language` (`fa` or `en`)."""
    text = f"{number:,}"
    return text.translate(_TO_PERSIAN) if language == "fa" else text


def format_moment(moment: datetime, language):
    """An aware datetime as `YYYY/MM/DD HH:MM` in Tehran: Jalali in Persian, else Gregorian."""
    local = moment.astimezone(TEHRAN)
    if language == "fa":
        return digits.en_to_fa(JalaliDateTime(local).strftime("%Y/%m/%d %H:%M"))
    return local.strftime("%Y/%m/%d %H:%M")


def format_day(moment: datetime, language):
    """An aware datetime's day in Tehran in words: `دوشنبه ۲ آذر ۱۴۰۵`, else `Monday 23 November 2026`."""
    local = moment.astimezone(TEHRAN)
    if language == "fa":
        jalali = JalaliDateTime(local)
        weekday, month = jalali.strftime("%A|%B", locale="fa").split("|")
        return f"{weekday} {digits.en_to_fa(str(jalali.day))} {month} {digits.en_to_fa(str(jalali.year))}"
    return f"{local:%A} {local.day} {local:%B %Y}"
