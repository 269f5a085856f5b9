"""Mobile numbers: every usual spelling of one number made the same."""

import re
import unicodedata

NATIONAL_LENGTH = 10

_MOBILE = re.compile(r"09[0-9]{9}")


def normalise_mobile(text: str) -> str:
    """`+98 912…`, `0098912…`, `98912…`, `912…` and `۰۹۱۲…` all as `0912…`; other numbers as bare digits."""
    if is_mobile(text):  # the usual case, by the hundred thousand
        return text
    digits = "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdecimal())
    national = digits.removeprefix("00").removeprefix("98").removeprefix("0")
    if len(national) == NATIONAL_LENGTH and national.startswith("9"):
        return f"0{national}"
    return digits


def is_mobile(number: str) -> bool:
    """Whether a normalised number is a mobile one."""
    return _MOBILE.fullmatch(number) is not None
