"""The parts of a text (contract sms-gateway-rest: 160 and 153 Latin letters, 70 and 67 others)."""

import string

import pytest

from sms.parts import count_parts, count_units, has_persian

FAMILY = "👨‍👩‍👧"  # eight UTF-16 units on a phone: three people of two, two joiners


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("a", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("س", 1),
        ("س" * 70, 1),
        ("س" * 71, 2),
        ("س" * 134, 2),
        ("س" * 135, 3),
        ("a" * 69 + "س", 1),
        ("a" * 70 + "س", 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("{" * 79 + "ab", 1),
        ("{" * 79 + "abc", 2),
        ("`" * 160, 1),
        ("\n" * 160, 1),
        ("😀" * 35, 1),
        ("😀" * 35 + "a", 2),
        ("۰" * 71, 2),
    ],
)
def test_a_text_takes_so_many_parts(text, parts):
    assert count_parts(text) == parts


def test_all_of_ascii_is_latin_and_any_other_letter_makes_the_text_persian():
    assert [
        has_persian(text) for text in (string.printable, "é@£ΔÄ§", "", "سلام", "a…", "“a”", "a\u200c")
    ] == [
        False,
        False,
        False,
        True,
        True,
        True,
        True,
    ]


def test_room_is_counted_as_it_is_sent():
    assert [count_units(text) for text in ("ab", "[a]", "س", "[س]", FAMILY)] == [2, 5, 1, 3, 8]
