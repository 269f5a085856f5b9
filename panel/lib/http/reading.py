"""Reading other people's JSON leniently: numbers that are texts, texts that are numbers.

What can't be read becomes None, never zero: a zero here would be somebody's money.
"""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime

NUMBER = re.compile(r"[+-]?(\d{1,20}(\.\d{1,20})?|\.\d{1,20})([eE][+-]?\d{1,2})?", re.ASCII)
WHOLE_MAX = 2**63 - 1  # a bigint column
DECIMAL_MAX = Decimal(10) ** 15
LONGEST_WAIT_SECONDS = 86_400
# Control characters, C1 ones too, and those that turn the direction of the text after them. Marks (U+200E, U+200F)
# and joiners, which Persian needs, stay.
HARMFUL = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


class Unreadable(Exception):
    """The body is not JSON."""


def read_json(body):
    """The value in a body, fractions as Decimal, None for numbers beyond all bounds. Raises Unreadable."""
    try:
        text = body.decode("utf-8-sig")
        return json.loads(
            text, parse_float=_read_fraction, parse_int=_read_digits, parse_constant=lambda _word: None
        )
    except (ValueError, RecursionError) as error:
        raise Unreadable("the answer is not JSON") from error


def _read_digits(text):
    try:
        return int(text)
    except ValueError:  # more digits than Python reads: one such number makes nothing else unreadable
        return None


def _read_fraction(text):
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def read_decimal(value):
    """A Decimal from a number or its text, within ±10^15; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    text = str(value).strip()
    if not NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    return number if abs(number) <= DECIMAL_MAX else None


def read_whole(value):
    """An int from a whole number or its text ("157", 157, "157.0"); None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) <= WHOLE_MAX else None
    number = read_decimal(value)
    return int(number) if number is not None and number == number.to_integral_value() else None


def read_flag(value):
    """Whether a value says yes: true, 1, "1", "true", "yes"."""
    return value is True or str(value).strip().lower() in ("1", "true", "yes")


def read_text(value, limit):
    """A text or number as one line of at most `limit` characters without HARMFUL ones; "" for others."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return ""
    words = str(value).encode("utf-8", "replace").decode().split()
    return " ".join(words).translate(HARMFUL)[:limit]


def read_identifier(value):
    """An id of the other side as text; None for what is none: bool, 0, empty, negative, fraction, word."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip()
    # A digit other than 0 is asked for: "0", "null" and "false" are no ids.
    return text if re.fullmatch(r"(?=.*[1-9])[A-Za-z0-9][A-Za-z0-9_-]{0,63}", text) else None


def read_code(value):
    """An opaque code of the other side (hex digits may be letters alone) as text; None for what is none.

    No code: bool, 0, empty, negative, fraction, and the words that stand for nothing.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip()
    if text.casefold() in ("0", "null", "none", "false", "true", "undefined", "nan"):
        return None
    return text if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", text) else None


def read_retry_after(headers):
    """Seconds of a Retry-After header, given in seconds or as a date, at most a day; None if unreadable."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), LONGEST_WAIT_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = int((moment - datetime.now(UTC)).total_seconds())
    return min(max(seconds, 0), LONGEST_WAIT_SECONDS)
