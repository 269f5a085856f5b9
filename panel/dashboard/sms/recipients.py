"""The recipients that a customer types in, and how many there are together with a phonebook."""

import re
from dataclasses import dataclass

from sms.models import PhonebookNumber
from sms.numbers import read_numbers

SEPARATORS = re.compile(r"[,،;؛]")
SHOWN_BAD = 20
LONGEST_BAD = 40  # characters of one that are shown


@dataclass(frozen=True, slots=True)
class BadEntry:
    """What is no mobile number, and the line that it stands in, from 1 on."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """`numbers` (E.164, each once), the entries that are none, and how many came `repeated`."""

    numbers: list[str]
    bad: list[BadEntry]
    repeated: int

    @property
    def shown_bad(self):
        return self.bad[:SHOWN_BAD]

    @property
    def more_bad(self):
        """How many bad entries are not shown."""
        return len(self.bad) - len(self.shown_bad)


def split_entries(text):
    """`(line, entry)` of each that is not empty: one a line, or several between commas."""
    return [
        (line, entry.strip())
        for line, words in enumerate(text.splitlines(), start=1)
        for entry in SEPARATORS.split(words)
        if entry.strip()
    ]


def read_typed(entries):
    """The Typed of what `split_entries` gave."""
    read = read_numbers([text for _, text in entries])
    bad = set(read.bad)
    return Typed(
        numbers=read.good,
        bad=[BadEntry(line, text[:LONGEST_BAD]) for line, text in entries if text in bad],
        repeated=read.repeated,
    )


def count_recipients(customer_id, book_id, numbers, limit):
    """How many the typed numbers and the customer's phonebook are together, each once; counted up to `limit` + 1."""
    if book_id is None:
        return len(numbers)
    book = PhonebookNumber.objects.filter(book_id=book_id, book__customer_id=customer_id)
    in_book = book.order_by()[: limit + 1].count()
    return in_book + len(numbers) - (book.filter(number__in=numbers).count() if numbers else 0)
