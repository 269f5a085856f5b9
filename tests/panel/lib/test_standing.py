"""How shares and delays are judged."""

from datetime import timedelta

import pytest

from panel.lib.standing import Standing, judge_delay, judge_share


@pytest.mark.parametrize(
    ("bad", "total", "standing"),
    [
        (0, 0, Standing.UNKNOWN),
        (0, 1, Standing.WORKING),
        (1, 1, Standing.FAILING),
        (1, 11, Standing.WORKING),
        (1, 10, Standing.TROUBLED),
        (49, 100, Standing.TROUBLED),
        (50, 100, Standing.FAILING),
    ],
)
def test_a_share(bad, total, standing):
    assert judge_share(bad, total) == standing


@pytest.mark.parametrize(
    ("seconds", "standing"),
    [
        (None, Standing.WORKING),
        (119, Standing.WORKING),
        (120, Standing.TROUBLED),
        (899, Standing.TROUBLED),
        (900, Standing.FAILING),
    ],
)
def test_a_delay(seconds, standing):
    overdue = None if seconds is None else timedelta(seconds=seconds)
    assert judge_delay(overdue, timedelta(minutes=2), timedelta(minutes=15)) == standing
