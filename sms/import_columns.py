"""Which columns of a file hold numbers and names, and the mobile in a cell that a spreadsheet has been at."""

import re
from collections import Counter
from dataclasses import dataclass

from panel.lib.dates import to_latin_digits
from sms.numbers import parse_recipient

# The first one that is there is taken: a list with mobiles and other phones is about its mobiles.
NUMBER_TITLES = (
    *(
        "mobile",
        "mobile number",
        "mobile phone",
        "mobile no",
        "cell",
        "cell phone",
        "cellphone",
        "cell number",
    ),
    *("موبایل", "شماره موبایل", "تلفن همراه", "شماره تلفن همراه", "همراه", "شماره همراه"),
    *(
        "phone",
        "phone number",
        "phone 1 value",
        "number",
        "numbers",
        "msisdn",
        "recipient",
        "receptor",
        "to",
        "tel",
    ),
    *("telephone", "تلفن", "شماره تلفن", "شماره تماس", "شماره", "شماره ها", "گوشی", "گیرنده"),
)
# All that are there make the name, in the order of the file.
NAME_TITLES = {
    *(
        "name",
        "full name",
        "fullname",
        "first name",
        "firstname",
        "last name",
        "lastname",
        "surname",
        "family",
    ),
    *(
        "contact",
        "contact name",
        "نام",
        "نام خانوادگی",
        "نام و نام خانوادگی",
        "اسم",
        "فامیل",
        "مخاطب",
        "نام مخاطب",
    ),
}
_AS_ONE_LETTER = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": " ", "_": " ", "-": " ", ".": " ", ":": " "})
_MOBILE_SIGNS = re.compile(r"[0-9+() .\-'\"=]{8,30}")
_WHOLE = re.compile(r"(\+?[0-9]{10,14})\.0+")
# 9.123456789E+09, up to what 0098 and ten digits make.
_POWER = re.compile(r"([0-9])(?:[.,٫]([0-9]+))?[eE]\+?(0?9|1[0-3])")


class Shortened(ValueError):
    """The spreadsheet wrote the number as a power of ten and lost its last digits."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions from 0. `titled`: the first row is a heading; `hits`: rows that held a mobile when it was found."""

    number: int
    names: tuple[int, ...]
    titled: bool
    hits: int


def find_columns(rows):
    """The Columns by the heading of the first of `rows`, or by what is in them; None without any mobile."""
    if not rows:
        return None
    titles = [_read_title(cell) for cell in rows[0]]
    hits = Counter(place for row in rows for place, cell in enumerate(row) if _is_mobile(cell))
    names = tuple(place for place, title in enumerate(titles) if title in NAME_TITLES)
    for wanted in NUMBER_TITLES:
        number = titles.index(wanted) if wanted in titles else None
        # A number of the row is a number too, but no mobile.
        if number is not None and (hits[number] or not hits):
            return Columns(number, names, True, hits[number])
    if not hits:
        return None
    number = max(hits, key=lambda place: (hits[place], -place))
    first = rows[0][number] if number < len(rows[0]) else ""
    # A heading in words nobody thought of is no faulty line.
    titled = bool(names) or not any(map(str.isdigit, first))
    return Columns(number, names or _find_names(rows, number), titled, hits[number])


def read_mobile(cell):
    """The mobile (E.164) in a cell's text, leading zero lost or not. Raises ValueError, also as Shortened."""
    text = to_latin_digits(cell)
    if power := _POWER.fullmatch(text):
        whole, rest, zeros = power[1], power[2] or "", int(power[3])
        if len(rest) < zeros:
            raise Shortened("digits are missing")
        text = whole + rest
    elif plain := _WHOLE.fullmatch(text):
        text = plain[1]
    return parse_recipient(text)


def _read_title(cell):
    return " ".join(cell.translate(_AS_ONE_LETTER).casefold().split())


def _is_mobile(cell):
    """Whether a cell is a mobile and nothing else, as far as can be told without asking the plan of numbers."""
    text = to_latin_digits(cell)
    if not (_MOBILE_SIGNS.fullmatch(text) or _POWER.fullmatch(text)):
        return False
    try:
        read_mobile(cell)
    except Shortened:
        return True
    except ValueError:
        return False
    return True


def _find_names(rows, number):
    """The first other column in which most rows have letters, as a tuple; empty if there is none."""
    lettered = Counter(
        place
        for row in rows
        for place, cell in enumerate(row)
        if place != number and any(map(str.isalpha, cell))
    )
    found = sorted(place for place, count in lettered.items() if count * 2 > len(rows))
    return tuple(found[:1])
