"""What counts as a number and what doesn't."""

import pytest
from rest_framework.exceptions import ValidationError

from panel.api.rest.fields import IdField, TextField, WholeNumberField, read_whole

NO_NUMBERS = [
    None,
    True,
    False,
    5.0,
    1.5,
    [5],
    {},
    {"a": 1},
    "",
    " ",
    "x",
    "5.0",
    "1e2",
    "+5",
    "½",
    "²",
    "5 0",
]
NO_NUMBERS += ["9" * 40, "--5", "0x5", "५"]


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (5, 5),
        (-5, -5),
        ("5", 5),
        (" 05 ", 5),
        ("-5", -5),
        ("۱۲۳۴۵۶۷۸۹۰", 1234567890),
        ("٤٥٦", 456),
        ("-۵", -5),
        ("9" * 39, 10**39 - 1),
        (10**100, 10**100),
    ],
)
def test_numbers(value, meant):
    assert read_whole(value) == meant
    assert WholeNumberField().run_validation(value) == meant


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
def test_no_numbers(value):
    assert read_whole(value) is None
    for field in (WholeNumberField, IdField):
        with pytest.raises(ValidationError) as raised:
            field(error_messages={"invalid": "bad", "null": "bad"}).run_validation(value)
        assert raised.value.detail == ["bad"]


@pytest.mark.parametrize(
    ("value", "meant"), [(7, 7), ("۷", 7), (2**63 - 1, 2**63 - 1), (2**63, 0), (0, 0), (-1, 0), ("9" * 39, 0)]
)
def test_ids(value, meant):
    assert IdField().run_validation(value) == meant


@pytest.mark.parametrize("value", ["", " a ", "متن", "\ud800"])
def test_texts(value):
    assert TextField().run_validation(value) == value


@pytest.mark.parametrize("value", [5, 1.5, True, ["a"], {"a": "b"}], ids=repr)
def test_no_texts(value):
    with pytest.raises(ValidationError) as raised:
        TextField(error_messages={"invalid": "bad"}).run_validation(value)
    assert raised.value.detail == ["bad"]
