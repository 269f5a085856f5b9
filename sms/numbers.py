"""Lists of mobile numbers as callers give them."""

from dataclasses import dataclass
from typing import Any

from panel.lib.mobile import parse_mobile

HOME = "+98"  # prices are those of this country, and gateways charge a multiple for any other


@dataclass(frozen=True, slots=True)
class Numbers:
    """`good` in E.164, each once and in order; `bad` as given; `repeated` is how many came again."""

    good: list[str]
    bad: list[Any]
    repeated: int


def read_numbers(values):
    """The mobile numbers among `values`: texts in any usual spelling, or whole numbers as JSON has them."""
    good, bad, repeated = {}, [], 0
    for value in values:
        number = _read_number(value)
        if number is None:
            bad.append(value)
        elif number in good:
            repeated += 1
        else:
            good[number] = True
    return Numbers(list(good), bad, repeated)


def _read_number(value):
    if isinstance(value, int) and not isinstance(value, bool):
        # Longer ones are no number of a phone, and Python refuses to write out very long ones.
        value = str(value) if 0 < value < 10**16 else ""
    if not isinstance(value, str):
        return None
    try:
        return parse_recipient(value)
    except ValueError:
        return None


def parse_recipient(text):
    """The E.164 of a mobile that customers may send to, from any usual spelling. Raises ValueError for any other."""
    number = parse_mobile(text)
    if not number.startswith(HOME):
        raise ValueError("not a number of this country")
    return number
