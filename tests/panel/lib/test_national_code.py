"""National codes and their check digit."""

import pytest

from panel.lib.national_code import parse_national_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0012345679", "0012345679"),
        (" ۰۰۱۲۳۴۵۶۷۹ ", "0012345679"),
        ("12345679", "0012345679"),
        ("0499370899", "0499370899"),
        ("0790419904", "0790419904"),
    ],
)
def test_good_ones(text, code):
    assert parse_national_code(text) == code


@pytest.mark.parametrize(
    "text", ["", "0012345678", "1111111111", "1234567", "00123456790", "001234567x", "²0012345679"]
)
def test_bad_ones(text):
    with pytest.raises(ValueError):
        parse_national_code(text)
