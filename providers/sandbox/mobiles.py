"""Mobile numbers: every usual spelling of one number made the same."""

import unicodedata

NATIONAL_LENGTH = 10


def normalise_mobile(text: str) -> str:
    """`+98 912…`, `0098912…`, `98912…`, `912…` and `۰۹۱۲…` all as `0912…`; other numbers as bare digits."""
    digits = "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdecimal())
    national = digits.removeprefix("00").removeprefix("98").removeprefix("0")
    if len(national) == NATIONAL_LENGTH and national.startswith("9"):
        return f"0{national}"
    return digits
