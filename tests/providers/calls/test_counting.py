"""Counts of calls: medians from classes of milliseconds, and what counts as an error."""

from collections import Counter

import pytest

from providers.calls.counting import CLASSES, Counts, name_class


def count(*milliseconds, **outcomes):
    return Counts(Counter(map(name_class, milliseconds)) + Counter(outcomes))


@pytest.mark.parametrize(
    ("milliseconds", "name"), [(0, "t0"), (5, "t0"), (5.1, "t1"), (60_000, "t23"), (10**6, "t24")]
)
def test_a_length_has_its_class(milliseconds, name):
    assert (name_class(milliseconds), len(CLASSES)) == (name, 24)


def test_nothing_was_called():
    none = Counts()
    assert (none.calls, none.errors, none.median_ms, none.slow_ms) == (0, 0, None, None)


def test_the_median_and_the_slow_ones_are_within_their_classes():
    counts = count(*[45] * 90, *[900] * 10)
    assert (counts.median_ms, counts.slow_ms) == (43, 875)


def test_calls_beyond_the_last_class_take_its_lower_end():
    assert count(10**6).median_ms == 60_000


def test_a_refusal_is_an_answer_and_no_error():
    counts = Counts(Counter(ok=5, rejected=3, unavailable=2, unclear=1))
    assert (counts.calls, counts.errors) == (11, 3)


def test_counts_add_up():
    total = count(3, ok=1)
    total.add(count(3, 70, ok=1, unclear=1))
    assert total.numbers == Counter(ok=2, unclear=1, t0=2, t5=1)
