"""Mobile numbers in any usual spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    "text", ["", "   ", "0912", "02112345678", "0912345678900", "someone", "a@b.ir", "\x00", "+"]
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
