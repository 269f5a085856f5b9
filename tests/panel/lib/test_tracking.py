"""Tracking ids: a permutation that can be undone with the key alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.lib.tracking import make_tracking_id, read_tracking_id


@given(st.integers(0, 2**48 - 1))
def test_every_number_comes_back(number):
    text = make_tracking_id(number)
    assert (len(text), set(text) <= set("0123456789abcdef")) == (12, True)
    assert read_tracking_id(text) == number


def test_neighbours_look_unrelated_and_none_is_twice():
    ids = [make_tracking_id(number) for number in range(1, 2001)]
    assert len(set(ids)) == 2000
    steps = {(int(b, 16) - int(a, 16)) % 2**48 for a, b in zip(ids, ids[1:], strict=False)}
    assert len(steps) == 1999


def test_another_key_gives_other_ids(settings):
    before = make_tracking_id(7)
    settings.TRACKING_KEY = "another key"
    assert make_tracking_id(7) != before


@pytest.mark.parametrize("text", ["", "1", "g" * 12, "0" * 13, "۱۲۳۴۵۶۷۸۹۰۱۲", "0x1234567890"])
def test_what_is_no_tracking_id(text):
    with pytest.raises(ValueError, match="not a tracking id"):
        read_tracking_id(text)


def test_a_number_beyond_48_bits():
    with pytest.raises(ValueError, match="no tracking id"):
        make_tracking_id(2**48)
