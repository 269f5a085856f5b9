import pytest

from providers.sandbox.walk import Progress, walk_order


@pytest.mark.parametrize(
    ("fate", "elapsed", "expected"),
    [
        ("plain", 0, Progress("Pending", 100)),
        ("plain", 6.2, Progress("In progress", 48)),
        ("plain", 10, Progress("Completed", 0, True)),
        ("partial", 6.2, Progress("In progress", 69)),
        ("partial", 10, Progress("Partial", 40, True)),
        ("cancel", 6, Progress("In progress", 100)),
        ("cancel", 10, Progress("Canceled", 100, True)),
        ("nullremains", 6, Progress("In progress", None)),
        ("nullremains", 10, Progress("Partial", None, True)),
        ("failed", 6, Progress("In progress", 100)),
        ("failed", 10, Progress("Error", 100, True)),
        ("processing", 1, Progress("Pending", 100)),
        ("processing", 6.2, Progress("Processing", 48)),
        ("processing", 10, Progress("Completed", 0, True)),
        ("negative", 10, Progress("Completed", -10, True)),
        ("unknownstatus", 3, Progress("In progress", 88)),
        ("unknownstatus", 4, Progress("Awaiting moderation", 75)),
        ("unknownstatus", 7, Progress("Completed", 0, True)),
        ("backward", 3, Progress("In progress", 88)),
        ("backward", 5, Progress("Pending", 100)),
        ("backward", 9, Progress("Pending", 100)),
        ("backward", 10, Progress("Completed", 0, True)),
        ("stuck", 1e9, Progress("Pending", 100)),
        ("slow", 39, Progress("In progress", 4)),
        ("slow", 40, Progress("Completed", 0, True)),
        ("plain", -5, Progress("Pending", 100)),
    ],
)
def test_an_order_of_100_walks_in_10_seconds(fate, elapsed, expected):
    assert walk_order(fate, 100, elapsed, 10) == expected


@pytest.mark.parametrize("fate", ["plain", "slow", "unknownstatus", "backward"])
def test_with_pace_0_an_order_is_final_at_once(fate):
    assert walk_order(fate, 7, 0, 0) == Progress("Completed", 0, True)


@pytest.mark.parametrize(("quantity", "remains"), [(1, 1), (2, 1), (3, 1), (9, 3), (10, 4)])
def test_partial_leaves_forty_percent_rounded_down_and_at_least_one(quantity, remains):
    assert walk_order("partial", quantity, 1, 1) == Progress("Partial", remains, True)
