"""Numbers and patterns as Kavenegar writes them."""

import pytest

from sms.gateway.errors import SendingRefused
from sms.gateway.kavenegar.transport import name_tokens, write_receptor


@pytest.mark.parametrize(
    ("e164", "written"), [("+989123456789", "09123456789"), ("+447700900123", "00447700900123")]
)
def test_a_number_is_written_as_people_dial_it(e164, written):
    assert write_receptor(e164) == written


@pytest.mark.parametrize(
    ("values", "tokens"),
    [
        ({"code": "12345"}, {"token": "12345"}),
        ({"token2": "b", "token": "a"}, {"token2": "b", "token": "a"}),
        ({"order": "7", "status": "done"}, {"token": "7", "token2": "done"}),
        ({"name": "سارا احمدی", "order": 7}, {"token": "سارا احمدی", "token2": "7"}),
        ({"order": "7", "token10": "سارا احمدی"}, {"token": "7", "token10": "سارا احمدی"}),
        ({"code": "1", "token": "2"}, {"token": "2", "token2": "1"}),
        (
            dict(zip("abcde", "12345", strict=True)),
            dict(zip(("token", "token2", "token3", "token10", "token20"), "12345", strict=True)),
        ),
        ({}, {}),
    ],
)
def test_values_take_the_places_of_a_template(values, tokens):
    assert name_tokens(values) == tokens


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (dict(zip("abcdef", "123456", strict=True)), "f"),
        ({"token": "0", **dict(zip("abcdef", "123456", strict=True))}, "e"),
    ],
)
def test_values_that_have_no_place_are_refused_before_anything_is_sent(values, name):
    with pytest.raises(SendingRefused) as caught:
        name_tokens(values)
    assert caught.value.reason == f"a template has no place for {name}"
