"""Days and months in Tehran."""

from datetime import UTC, date, datetime

import pytest

from panel.lib.tehran_days import find_day
from panel.rewards.periods import find_month_start


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 23, 20, 29, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 20, 30, tzinfo=UTC), date(2026, 11, 24)),
    ],
)
def test_a_day_begins_at_midnight_in_tehran(moment, day):
    assert find_day(moment) == day


@pytest.mark.parametrize(
    ("moment", "start"),
    [
        # 1 Azar 1405 is 22 November 2026; Tehran is 3:30 ahead.
        (datetime(2026, 11, 24, 12, tzinfo=UTC), datetime(2026, 11, 21, 20, 30, tzinfo=UTC)),
        (datetime(2026, 11, 21, 20, 30, tzinfo=UTC), datetime(2026, 11, 21, 20, 30, tzinfo=UTC)),
        (datetime(2026, 11, 21, 20, 29, tzinfo=UTC), datetime(2026, 10, 22, 20, 30, tzinfo=UTC)),
        # The year begins on 1 Farvardin 1405.
        (datetime(2026, 3, 21, 12, tzinfo=UTC), datetime(2026, 3, 20, 20, 30, tzinfo=UTC)),
    ],
)
def test_a_month_begins_on_its_first_jalali_day(moment, start):
    assert find_month_start(moment) == start
