"""The code tables are the document's, number by number."""

import pytest

from sms.gateway import codes, errors


@pytest.mark.parametrize(
    ("table", "numbers"),
    [
        (codes.UserState, [0, 1, 2, 3, 4, 5, 6]),
        (codes.RegisterState, [0, 10, 11, 12, 13, 14, 15, 16, 17]),
        (codes.SendState, [0, 21, 22, 23, 24, 25, 26, 27, 28, 29]),
        (codes.ReportState, [0, 30, 31, 32]),
        (codes.DeliveryState, [0, 1, 2, 3, 4, 5, 6, 14]),
        (codes.PhonebookState, [0, 40, 41, 42, 43]),
        (codes.OtherState, [1000, 2000]),
    ],
)
def test_a_table_has_the_numbers_of_the_document_and_words_for_each(table, numbers):
    assert [int(member) for member in table] == numbers
    assert all(member.persian and member.english for member in table)


def test_no_number_but_zero_is_in_two_result_tables():
    numbers = [int(member) for table in codes.RESULT_TABLES for member in table if member]
    assert len(numbers) == len(set(numbers)) == 32


def test_words_stand_beside_their_number():
    assert (codes.SendState(22).persian, codes.SendState(22).english) == (
        "کاربر اعتبار کافی برای ارسال پیامک ندارد.",
        "not enough credit",
    )
    assert codes.DeliveryState(4).persian == "رسیده به گوشی"


@pytest.mark.parametrize(
    ("number", "family", "trouble"),
    [
        (3, errors.AccountError, errors.Refused),
        (15, errors.AccountError, errors.Refused),
        (22, errors.SendingError, errors.Refused),
        (27, errors.SendingError, errors.Unclear),
        (31, errors.ReportError, errors.Refused),
        (40, errors.PhonebookError, errors.Refused),
        (1000, errors.ServerError, errors.Unclear),
        (2000, errors.ServerError, errors.Unclear),
    ],
)
def test_a_code_has_one_family_and_one_class_of_trouble(number, family, trouble):
    chosen = errors.choose_error(codes.find_code(number))
    classes = [kind for kind in (errors.Refused, errors.NotSent, errors.Unclear) if issubclass(chosen, kind)]
    assert (issubclass(chosen, family), classes) == (True, [trouble])


@pytest.mark.parametrize("number", [0, 7, 18, 99, -1, None])
def test_a_number_of_no_table_is_no_code(number):
    assert codes.find_code(number) is None
