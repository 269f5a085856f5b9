"""Mobile numbers in any usual spelling."""

import re
from functools import lru_cache

import phonenumbers

from panel.lib.dates import to_latin_digits

REGION = "IR"
_SPACING = str.maketrans("", "", " -")
_DIGIT = re.compile(r"\d")
_PLAIN = re.compile(r"(?:\+98|0098|98)?0?(9[0-9]{9})")
# Digits alone are a number in this country, unless 00 leads abroad.
_HERE = re.compile(r"(?!00)[0-9]+")
# Letters, which phonenumbers would read as the digits of a keypad.
_LETTER = re.compile(r"[^\W\d_]")
# The last digits of an Iranian mobile decide nothing: what stands before them is judged once and remembered.
_FREE_DIGITS = 5
_REMEMBERED = 2**16


def parse_mobile(text):
    """The number as E.164 (`+989123456789`), from any usual Iranian spelling, Persian digits included.

    Raises ValueError when it is no possible mobile number. Plain Iranian spellings take some microseconds,
    others the half millisecond that phonenumbers needs.
    """
    latin = to_latin_digits(text.strip())
    bare = latin.translate(_SPACING)
    if plain := _PLAIN.fullmatch(bare):
        if _is_mobile_head(bare[:-_FREE_DIGITS]):
            return f"+98{plain[1]}"
        raise ValueError("not a mobile number")
    if _HERE.fullmatch(bare) or not _DIGIT.search(bare) or _LETTER.search(bare):
        raise ValueError("not a mobile number")
    return _judge(latin)


@lru_cache(_REMEMBERED)
def _is_mobile_head(head):
    try:
        _judge(head + "0" * _FREE_DIGITS)
    except ValueError:
        return False
    return True


def _judge(latin):
    try:
        number = phonenumbers.parse(latin, REGION)
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number") from error
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if (
        number.extension
        or not phonenumbers.is_valid_number(number)
        or phonenumbers.number_type(number) not in kinds
    ):
        raise ValueError("not a mobile number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national_mobile(e164):
    """The number as people write it: `09123456789` for an Iranian one, E.164 for any other."""
    return "0" + e164[3:] if e164.startswith("+98") else e164
