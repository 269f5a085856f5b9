import pytest

from providers.sandbox.mobiles import is_mobile, normalise_mobile


@pytest.mark.parametrize(
    "spelling",
    [
        "09121234567",
        "9121234567",
        "989121234567",
        "+989121234567",
        "00989121234567",
        "+98 (912) 123-4567",
        "+98 0912 123 4567",
        "۰۹۱۲۱۲۳۴۵۶۷",
        "٠٩١٢١٢٣٤٥٦٧",
    ],
)
def test_every_spelling_of_a_mobile_is_one_number(spelling):
    assert normalise_mobile(spelling) == "09121234567"


@pytest.mark.parametrize(
    ("text", "digits"), [("+1 212 555", "1212555"), ("", ""), ("abc", ""), ("3000²", "3000")]
)
def test_other_numbers_are_left_as_bare_digits(text, digits):
    assert normalise_mobile(text) == digits


@pytest.mark.parametrize(
    ("number", "is_one"), [("09121234567", True), ("0912123456", False), ("02112345678", False), ("", False)]
)
def test_which_numbers_are_mobile_ones(number, is_one):
    assert is_mobile(number) is is_one
