from datetime import datetime

import pytest

from providers.sandbox.schedules import TEHRAN, format_moment, read_dues


def read(send_date, unit="", times=None):
    return [format_moment(due) for due in read_dues(send_date, unit, times, 0)]


@pytest.mark.parametrize(
    ("send_date", "unit", "times", "dues"),
    [
        ("2026-11-30 10:00:00", "", None, ["2026-11-30 10:00:00"]),
        ("1405-09-09 10:00:00", None, "1", ["2026-11-30 10:00:00"]),
        ("۱۴۰۵-۰۹-۰۹ ۱۰:۰۰:۰۰", None, 0, ["2026-11-30 10:00:00"]),
        ("2026-11-30 23:30:00", "hour", "2", ["2026-11-30 23:30:00", "2026-12-01 00:30:00"]),
        ("2026-11-30 10:00:00", "day", 2, ["2026-11-30 10:00:00", "2026-12-01 10:00:00"]),
        ("2026-11-30 10:00:00", "week", 2, ["2026-11-30 10:00:00", "2026-12-07 10:00:00"]),
        (
            "2026-01-31 10:00:00",
            "month",
            3,
            ["2026-01-31 10:00:00", "2026-02-28 10:00:00", "2026-03-31 10:00:00"],
        ),
        (
            "1405-06-31 10:00:00",
            "month",
            3,
            ["2026-09-22 10:00:00", "2026-10-22 10:00:00", "2026-11-21 10:00:00"],
        ),
    ],
)
def test_dues(send_date, unit, times, dues):
    assert read(send_date, unit, times) == dues


def test_times_are_tehrans():
    [due] = read_dues("2026-11-30 10:00:00", None, None, 0)
    assert datetime.fromtimestamp(due, TEHRAN).isoformat() == "2026-11-30T10:00:00+03:30"
