"""Amounts in words."""

import pytest

from panel.lib.number_words import LIMIT, write_number


@pytest.mark.parametrize(
    ("number", "persian", "english"),
    [
        (0, "صفر", "zero"),
        (1, "یک", "one"),
        (19, "نوزده", "nineteen"),
        (20, "بیست", "twenty"),
        (21, "بیست و یک", "twenty-one"),
        (100, "صد", "one hundred"),
        (115, "صد و پانزده", "one hundred fifteen"),
        (999, "نهصد و نود و نه", "nine hundred ninety-nine"),
        (1_000, "هزار", "one thousand"),
        (2_000, "دو هزار", "two thousand"),
        (1_001, "هزار و یک", "one thousand one"),
        (50_000, "پنجاه هزار", "fifty thousand"),
        (1_000_000, "یک میلیون", "one million"),
        (1_001_000, "یک میلیون و یک هزار", "one million one thousand"),
        (
            1_234_567,
            "یک میلیون و دویست و سی و چهار هزار و پانصد و شصت و هفت",
            "one million two hundred thirty-four thousand five hundred sixty-seven",
        ),
        (3 * 10**9, "سه میلیارد", "three billion"),
        (10**12, "یک هزار میلیارد", "one trillion"),
        (10**15 + 1, "یک میلیون میلیارد و یک", "one quadrillion one"),
    ],
)
def test_a_number_is_written_as_it_is_said(number, persian, english):
    assert (write_number(number, "fa"), write_number(number, "en")) == (persian, english)


@pytest.mark.parametrize("number", [-1, LIMIT])
def test_there_are_no_words_beyond_the_limits(number):
    with pytest.raises(ValueError, match="no words"):
        write_number(number, "fa")
