"""Mobile numbers in any usual spelling."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from phonenumbers.data.region_IR import PHONE_METADATA_IR

from panel.lib import mobile
from panel.lib.dates import to_latin_digits
from panel.lib.mobile import national_mobile, parse_mobile


@pytest.mark.parametrize(
    "text",
    [
        "09123456789",
        "9123456789",
        "+989123456789",
        "00989123456789",
        "989123456789",
        " 0912 345 6789 ",
        "0912-345-6789",
        "(0912) 3456789",
        "۰۹۱۲۳۴۵۶۷۸۹",
        "٠٩١٢٣٤٥٦٧٨٩",
        "+۹۸ ۹۱۲ ۳۴۵ ۶۷۸۹",
    ],
)
def test_every_usual_spelling_is_one_number(text):
    assert parse_mobile(text) == "+989123456789"


def test_a_foreign_mobile_keeps_its_country():
    assert parse_mobile("+4915112345678") == "+4915112345678"


@pytest.mark.parametrize(
    "text",
    ["", "   ", "0912", "02112345678", "0912345678900", "someone", "a@b.ir", "\x00", "+"]
    # The letters of a keypad are digits to phonenumbers, and a mistyped name would be somebody's number.
    + ["0912aaaaaaa", "1-800-FLOWERS", "09121111111 ext 5", "09121111111#5", "09121111111,5"],
)
def test_what_is_no_mobile(text):
    with pytest.raises(ValueError, match="^not a"):
        parse_mobile(text)


@given(st.text())
def test_any_text_is_read_or_refused(text):
    try:
        assert parse_mobile(text).startswith("+")
    except ValueError:
        return


@given(st.integers(0, 9_999_999))
def test_as_people_write_it_and_back(number):
    e164 = f"+98912{number:07d}"
    assert national_mobile(e164) == f"0912{number:07d}"
    assert parse_mobile(national_mobile(e164)) == e164


def test_a_foreign_number_is_written_in_full():
    assert national_mobile("+4915112345678") == "+4915112345678"


def judge(text):
    """What phonenumbers itself says of a text: the number, or None."""
    try:
        return mobile._judge(to_latin_digits(text.strip()))
    except ValueError:
        return None


def parse(text):
    try:
        return parse_mobile(text)
    except ValueError:
        return None


starts = st.sampled_from(
    ["", "0", "98", "+98", "0098", "980", "+980", "00980", "00", "+", "9898", "098", "-0", "+ 98"]
)
spaced_digits = st.text("0123456789۰۱۹ -", max_size=14)


@settings(deadline=None, derandomize=True)
@given(starts, spaced_digits)
def test_remembered_verdicts_are_those_of_phonenumbers(start, rest):
    # phonenumbers forgives more zeros than the one that is written before a number.
    assume(not to_latin_digits(start + rest).translate({ord(" "): None, ord("-"): None}).startswith("9800"))
    assert parse(start + rest) == judge(start + rest)


@settings(deadline=None, derandomize=True)
@given(starts, st.integers(0, 999_999_999))
def test_remembered_verdicts_of_every_spelling_of_a_mobile(start, number):
    text = f"{start}9{number:09d}"
    assert parse(text) == judge(text)


@pytest.mark.parametrize("start", ["", "0", "98", "+98", "0098"])
def test_every_beginning_of_a_number_is_judged_as_before(start):
    """One number of each 20th beginning, with last digits that were not judged."""
    texts = [f"{start}9{beginning:04d}{97531 + beginning}" for beginning in range(0, 10_000, 20)]
    assert [parse(text) for text in texts] == [judge(text) for text in texts]


def test_the_last_five_digits_of_an_iranian_mobile_are_free():
    """What remembering builds on; a new plan of numbers in phonenumbers would break it here."""
    assert PHONE_METADATA_IR.mobile.national_number_pattern.endswith(r"\d{5}")
    assert PHONE_METADATA_IR.mobile.possible_length == (10,)


def test_a_beginning_is_judged_once():
    mobile._is_mobile_head.cache_clear()
    numbers = [parse_mobile(f"0912345{number:04d}") for number in range(1_000)]
    assert numbers == [f"+98912345{number:04d}" for number in range(1_000)]
    assert mobile._is_mobile_head.cache_info().misses == 1
