import pytest

from providers.sandbox.deliveries import measure_way, tell_state

FINE, LOST, UNREAD, STUCK = "09121234567", "09121239002", "09121230005", "09121239001"


@pytest.mark.parametrize(
    ("mobiles", "states"),
    [
        ([FINE], [0, 1, 3, 4]),
        ([FINE, UNREAD], [0, 1, 3, 5]),
        ([UNREAD, LOST], [0, 1, 3, 2]),
        ([FINE, STUCK], [0, 1, 1, 1]),
        ([LOST, STUCK], [0, 1, 1, 1]),
    ],
)
def test_a_message_is_where_its_least_advanced_recipient_is(mobiles, states):
    assert [tell_state(mobiles, share) for share in (0, 0.4, 0.7, 1)] == states


@pytest.mark.parametrize(
    ("dues", "pace", "share"),
    [([90], 20, 0.5), ([90], 5, 1.0), ([90], 0, 1.0), ([101], 0, None), ([50, 95, 200], 10, 0.5)],
)
def test_the_way_is_that_of_the_latest_sending(dues, pace, share):
    assert measure_way(dues, pace, 100) == share
