"""Lenient reading of other people's JSON: what can't be read is None, never zero."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime

import pytest

from panel.lib.http.reading import (
    Unreadable,
    read_code,
    read_decimal,
    read_flag,
    read_identifier,
    read_json,
    read_retry_after,
    read_text,
    read_whole,
)


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (157, 157),
        ("157", 157),
        (" 157 ", 157),
        ("157.0", 157),
        (Decimal("3.00"), 3),
        (2.0, 2),
        ("-4", -4),
        (0, 0),
    ]
    + [(value, None) for value in (None, True, False, "", "many", "1.5", [], {}, "1_0", "NaN", "1e99", 2**63)]
    + [("9" * 5000, None), ("1e-99", None), (float("inf"), None), (float("nan"), None)],
)
def test_whole_numbers(value, whole):
    assert read_whole(value) == whole


@pytest.mark.parametrize(
    ("value", "number"),
    [("0.27819", Decimal("0.27819")), (Decimal("0.000001"), Decimal("0.000001")), (3, Decimal(3))]
    + [("1.0E-5", Decimal("0.00001")), (".5", Decimal("0.5")), ("-2.5", Decimal("-2.5"))]
    + [(value, None) for value in (None, True, "", "free", "1,5", "0x1", {}, "1e16", "Infinity", "1.")],
)
def test_decimals(value, number):
    assert read_decimal(value) == number


@pytest.mark.parametrize(
    ("value", "identifier"),
    [(23501, "23501"), ("23501", "23501"), (" a1b2-c_d ", "a1b2-c_d"), (10**30, str(10**30))]
    + [(value, None) for value in (0, "0", "00", "", " ", None, True, False, -5, "-5", 1.5, "null", "false")]
    + [(value, None) for value in ("1 2", "1\n2", "<b>1</b>", "1" * 65, [], {}, {"id": 1})],
)
def test_identifiers(value, identifier):
    assert read_identifier(value) == identifier


def test_flags():
    assert [read_flag(value) for value in (True, 1, "1", "true", "Yes")] == [True] * 5
    assert [read_flag(value) for value in (False, 0, "0", "false", None, "", {}, 2)] == [False] * 8


def test_texts_lose_control_characters_and_length():
    assert [read_text(value, 5) for value in ("a\x00b\n c", "abcdefg", 12, None, True, ["a"], "\ud800")] == [
        "ab c",
        "abcde",
        "12",
        "",
        "",
        "",
        "?",
    ]


def test_a_code_may_be_of_letters_alone():
    given = (
        "abcdef",
        " d6a1 ",
        "00",
        12,
        "a_b-1",
        "0",
        0,
        "",
        None,
        True,
        -1,
        1.5,
        "Null",
        "a b",
        "x" * 65,
        [],
    )
    assert [read_code(value) for value in given] == ["abcdef", "d6a1", "00", "12", "a_b-1"] + [None] * 11


def test_json_with_a_byte_order_mark_and_fractions_is_exact():
    assert read_json(b'\xef\xbb\xbf {"a": 0.1, "b": NaN}') == {"a": Decimal("0.1"), "b": None}


def test_a_number_that_is_too_long_is_none_and_spoils_nothing_else():
    assert read_json(b'[{"a": -' + b"9" * 5000 + b'}, {"a": -9}]') == [{"a": None}, {"a": -9}]


def test_texts_turn_no_text_over_and_keep_what_persian_needs():
    given = "\u202aa\u202e\u2066b\u2069\x80\x9f\u200c\u200d\u200e\u200f"
    assert read_text(given, 20) == "ab\u200c\u200d\u200e\u200f"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"order": 1',
        b"\xff\xfe",
        b"[" * 200_000,
        b"Warning {}",
    ],
    ids=["empty", "html", "cut", "bytes", "deep", "noise"],
)
def test_a_body_that_is_no_json_is_unreadable(body):
    with pytest.raises(Unreadable):
        read_json(body)


def test_retry_after():
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    past = format_datetime(datetime.now(UTC) - timedelta(seconds=60), usegmt=True)
    assert read_retry_after({"Retry-After": soon}) in (58, 59, 60)
    given = ("30", "0", "999999999999", past, "", "soon", "-5")
    assert [read_retry_after({"Retry-After": text}) for text in given] == [30, 0, 86_400, 0, None, None, None]
    assert read_retry_after({}) is None
