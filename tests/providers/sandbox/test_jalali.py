from datetime import date, timedelta

import pytest
from persiantools.jdatetime import JalaliDate

from providers.sandbox.jalali import from_gregorian, to_gregorian


def test_every_day_is_the_one_of_the_library_there_and_back():
    days = [date(1990, 1, 1) + timedelta(days=number) for number in range(0, 40_000, 3)]
    known = [(day.year, day.month, day.day) for day in map(JalaliDate, days)]
    assert [from_gregorian(day) for day in days] == known
    assert [to_gregorian(*day) for day in known] == days


@pytest.mark.parametrize("day", [(1404, 12, 30), (1403, 12, 31), (1403, 7, 31), (1403, 13, 1), (1403, 1, 0)])
def test_days_that_are_not(day):
    with pytest.raises(ValueError, match="no such day"):
        to_gregorian(*day)
