"""Dates, numbers and digits in both languages."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest

from panel.lib.dates import (
    clean_number,
    format_clock,
    format_date,
    format_day,
    format_moment,
    format_number,
    read_day,
    to_latin_digits,
)


@pytest.mark.parametrize(
    ("number", "english", "persian"),
    [
        (0, "0", "۰"),
        (1234567890, "1,234,567,890", "۱٬۲۳۴٬۵۶۷٬۸۹۰"),
        (-1500, "-1,500", "−۱٬۵۰۰"),
        (Decimal("1234.50"), "1,234.50", "۱٬۲۳۴٫۵۰"),
        (10**18, "1,000,000,000,000,000,000", "۱٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰"),
    ],
)
def test_numbers(number, english, persian):
    assert (format_number(number, "en"), format_number(number, "fa")) == (english, persian)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1000", "1000"),
        ("۱۰۰۰", "1000"),
        ("١٠٠٠", "1000"),
        ("۱٬۰۰۰", "1000"),
        ("1,000", "1000"),
        ("1 000", "1000"),
        ("1\u202f000", "1000"),
        ("۱۲34", "1234"),
        ("−۵", "-5"),
        ("10.5", "10.5"),
        ("ده", "ده"),
        ("", ""),
    ],
)
def test_what_people_type_as_a_number(typed, read):
    assert clean_number(typed) == read


def test_only_digits_are_turned():
    assert to_latin_digits("سفارش ۱۲٬۳۴٥ و #۷") == "سفارش 12٬345 و #7"


def test_formatted_numbers_are_read_back():
    for number in (0, 7, 1000, -1234567):
        for language in ("fa", "en"):
            assert int(clean_number(format_number(number, language))) == number


# 1405 follows the leap year 1403 by two; 30 Esfand 1403 exists. 20:30 UTC is midnight in Tehran.
@pytest.mark.parametrize(
    ("moment", "english", "persian"),
    [
        (datetime(2026, 11, 23, 5, 30, tzinfo=UTC), "2026/11/23 09:00", "۱۴۰۵/۰۹/۰۲ ۰۹:۰۰"),
        (datetime(2025, 3, 20, 20, 29, tzinfo=UTC), "2025/03/20 23:59", "۱۴۰۳/۱۲/۳۰ ۲۳:۵۹"),
        (datetime(2025, 3, 20, 20, 30, tzinfo=UTC), "2025/03/21 00:00", "۱۴۰۴/۰۱/۰۱ ۰۰:۰۰"),
        (datetime(2026, 3, 20, 20, 30, tzinfo=UTC), "2026/03/21 00:00", "۱۴۰۵/۰۱/۰۱ ۰۰:۰۰"),
    ],
)
def test_moments_in_tehran(moment, english, persian):
    elsewhere = moment.astimezone(timezone(timedelta(hours=-8)))
    assert (format_moment(elsewhere, "en"), format_moment(elsewhere, "fa")) == (english, persian)


def test_dates_in_both_calendars():
    dates = [format_date(date(2026, 11, 24), language) for language in ("en", "fa")]
    assert dates == ["2026/11/24", "۱۴۰۵/۰۹/۰۳"]


def test_times_of_day_in_either_digits():
    assert [format_clock(time(8, 30), language) for language in ("en", "fa")] == ["08:30", "۰۸:۳۰"]


def test_days_in_words():
    evening = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)  # already Monday in Tehran
    assert format_day(evening, "en") == "Monday 23 November 2026"
    assert format_day(evening, "fa") == "دوشنبه ۲ آذر ۱۴۰۵"


@pytest.mark.parametrize(
    "typed",
    ["24/11/2026", "2026/11/24", "3/9/1405", "1405/09/03", "۱۴۰۵/۹/۳", "۰۳/۰۹/۱۴۰۵", " 24/11/2026 "],
)
def test_a_day_is_read_in_both_calendars_and_orders(typed):
    assert read_day(typed) == date(2026, 11, 24)


@pytest.mark.parametrize(
    "typed", ["", "soon", "31/2/2027", "1405/12/31", "24-11-2026", "24/11/26", "0/0/0000"]
)
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(ValueError):
        read_day(typed)
