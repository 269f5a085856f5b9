"""Texts with variables: what they name, what is no variable, and filling them once."""

import pytest

from sms.variables import BadText, check_variables, fill_variables, find_variables


def fault(text, known=("id", "amount"), required=()):
    with pytest.raises(BadText) as caught:
        check_variables(text, known, required)
    return caught.value.reason, caught.value.variable


def test_names_are_found_once_in_their_order():
    assert find_variables("{b} and {a}, {b} and ‌{نام}") == ["b", "a", "نام"]
    assert find_variables("") == []


@pytest.mark.parametrize(
    "text",
    ["{", "}", "{}", "{id", "id}", "{{id}}", "{id!r}", "{id:>9}", "{id.pk}", "{id[0]}", "{ id }", "}{"],
)
def test_braces_that_make_no_variable_are_refused(text):
    assert fault(text) == ("braces", None)


def test_unknown_and_missing_variables_are_named():
    assert fault("{id} {price}") == ("unknown", "price")
    assert fault("{id}", required=("amount",)) == ("missing", "amount")
    assert check_variables("{id} {id}", ("id", "amount"), ("id",)) is None


def test_values_are_put_in_as_they_are():
    assert fill_variables("{a} {b} {a}", {"a": "{b}", "b": "%s\\1"}) == "{b} %s\\1 {b}"
    with pytest.raises(KeyError):
        fill_variables("{a}", {})
