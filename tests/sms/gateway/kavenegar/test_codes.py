"""Kavenegar's tables: each number has words, and a meaning in the words of every gateway."""

import pytest

from sms.gateway import errors
from sms.gateway.kavenegar import codes


@pytest.mark.parametrize(
    ("table", "numbers"),
    [
        (
            codes.ReturnCode,
            [400, 401, 402, 403, 404, 405, 406, 407, 409, 411, 412, 413, 414, 415, 416, 417, 418, 419, 420]
            + [422, 424, 426, 427, 428, 429, 431, 432, 451, 501, 607],
        ),
        (codes.MessageState, [1, 2, 4, 5, 6, 10, 11, 13, 14, 100]),
    ],
)
def test_a_table_has_the_numbers_of_the_documentation_and_words_for_each(table, numbers):
    assert [int(member) for member in table] == numbers
    assert all(member.persian and member.english for member in table)


def test_every_return_code_is_an_error_and_every_state_a_delivery_state():
    assert (set(codes.ERRORS), set(codes.DELIVERY_STATES)) == (set(codes.ReturnCode), set(codes.MessageState))


def test_every_error_is_of_one_class_of_trouble():
    troubles = (errors.Refused, errors.NotSent, errors.Unclear)
    assert {sum(issubclass(kind, trouble) for trouble in troubles) for kind in codes.ERRORS.values()} == {1}
