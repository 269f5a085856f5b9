"""Which column is which, and what spreadsheets do to numbers."""

import pytest

from sms.import_columns import Columns, Shortened, find_columns, read_mobile

ONE, TWO = "09120000001", "09120000002"


@pytest.mark.parametrize(
    "title",
    [
        "موبایل",
        "شماره موبايل",
        "تلفن‌همراه",
        "Mobile",
        "MOBILE_NUMBER",
        " phone ",
        "Phone 1 - Value",
        "شماره:",
    ],
)
def test_a_column_is_found_by_its_heading(title):
    assert find_columns([["x", title], ["1", ONE]]) == Columns(1, (), True, 1)
    assert find_columns([["x", title], ["1", "nobody"]]) == Columns(1, (), True, 0)


def test_mobiles_go_before_other_phones():
    assert find_columns([["تلفن", "موبایل"], ["02112345678", ONE]]).number == 1


def test_a_heading_over_no_mobile_is_not_believed_where_another_column_has_some():
    assert find_columns([["شماره", "x", "نام"], ["1", ONE, "a"], ["2", TWO, "b"]]) == Columns(
        1, (2,), True, 2
    )


def test_the_parts_of_a_name_are_all_found():
    row = ["نام", "نام خانوادگي", "کد", "همراه"]
    assert find_columns([row, ["علی", "رضایی", "7", ONE]]) == Columns(3, (0, 1), True, 1)


def test_without_a_heading_contents_tell():
    assert find_columns([["7", "علی", ONE, "تهران"], ["8", "سارا", TWO, ""]]) == Columns(2, (1,), False, 2)
    assert find_columns([[ONE], [TWO]]) == Columns(0, (), False, 2)


def test_a_heading_that_nobody_thought_of_is_no_faulty_line():
    assert find_columns([["Kunden", "Handy"], ["Ali", ONE]]) == Columns(1, (0,), True, 1)


def test_a_faulty_first_line_is_no_heading():
    assert find_columns([["0912"], [ONE]]) == Columns(0, (), False, 1)


@pytest.mark.parametrize("rows", [[], [["a", "b"], ["1", "2"]], [["02112345678"]], [["name"], ["Ali"]]])
def test_no_column(rows):
    assert find_columns(rows) is None


@pytest.mark.parametrize(
    "cell",
    [
        *("9120000001", "09120000001", "989120000001", "+989120000001", "00989120000001", "۰۹۱۲ ۰۰۰ ۰۰۰۱"),
        *("9.120000001E+09", "9.120000001e9", "9,120000001E+09", "9.89120000001E+11"),
        *("9120000001.0", "09120000001.00", "'09120000001", '="09120000001"'),
    ],
)
def test_what_spreadsheets_make_of_a_mobile(cell):
    assert read_mobile(cell) == "+989120000001"


@pytest.mark.parametrize("cell", ["9.12E+09", "9.1200E+09", "9E9", "9.8912E+11", "۹٫۱۲E+09"])
def test_lost_digits_are_not_made_up(cell):
    with pytest.raises(Shortened):
        read_mobile(cell)


@pytest.mark.parametrize(
    "cell", ["", "0912", "9120000001.5", "9.12E+30", "1E400", "nobody", "True", "2026-01-01 00:00:00"]
)
def test_what_is_no_mobile(cell):
    with pytest.raises(ValueError, match="^not a"):
        read_mobile(cell)
