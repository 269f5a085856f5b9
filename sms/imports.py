"""Phonebooks filled from files: what is a mobile is added, every other line is reported."""

from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sms.import_columns import Shortened, find_columns, read_mobile
from sms.import_files import SAMPLE_LINES, ImportRefused, read_rows
from sms.models import PhonebookImport
from sms.phonebooks import MAX_NAME, check_size, find_book, insert_numbers, lock_book
from sms.readable import make_readable

MAX_FAULTS = 1_000  # kept with their text; all are counted
MAX_TEXT = 60  # characters of a faulty cell
MAX_FILE_NAME = 200
BATCH = 10_000

EMPTY, BAD, SHORTENED, REPEATED, KNOWN = "empty", "bad", "shortened", "repeated", "known"
# What the third value of each of PhonebookImport.faults means.
FAULT_WORDS = {
    EMPTY: gettext_lazy("no number"),
    BAD: gettext_lazy("no mobile number"),
    SHORTENED: gettext_lazy("the spreadsheet cut off its last digits"),
    REPEATED: gettext_lazy("earlier in the file too"),
    KNOWN: gettext_lazy("in the phonebook already"),
}


@dataclass(slots=True)
class Reading:
    """What a file holds: `found` is `{number: (line, text, name)}`, `faults` are `(line, text, why)`."""

    found: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    bad: int = 0
    repeated: int = 0

    def note(self, line, text, why):
        """Keep a line that was not taken, unless there are enough."""
        if len(self.faults) < MAX_FAULTS:
            self.faults.append((line, make_readable(text)[:MAX_TEXT], why))


def import_file(customer_id, book_id, file, file_name):
    """Add the mobiles of a CSV file or workbook, open in binary, to a phonebook; returns its PhonebookImport.

    The file is read before the book is locked. Raises ImportRefused for a file that can't be taken and SmsRefused,
    40 for an unknown book and 43 when it would get too large; nothing is changed then.
    """
    find_book(customer_id, book_id)
    reading = read_numbers_of_file(file)
    with transaction.atomic():
        book = lock_book(customer_id, book_id)
        known = _add(book, reading)
        check_size(book)
        return PhonebookImport.objects.create(
            book=book,
            file_name=make_readable(file_name)[:MAX_FILE_NAME],
            added=len(reading.found) - known,
            duplicates=reading.repeated + known,
            bad=reading.bad,
            faults=sorted(reading.faults)[:MAX_FAULTS],
        )


def read_numbers_of_file(file):
    """The Reading of an open binary file. Raises ImportRefused."""
    with closing(read_rows(file)) as rows:
        sample = list(islice(rows, SAMPLE_LINES))
        if not sample:
            raise ImportRefused(_("The file is empty."))
        columns = find_columns([cells for _line, cells in sample])
        if columns is None:
            raise ImportRefused(_("No column with mobile numbers was found in the file."))
        reading = Reading()
        for line, cells in islice(chain(sample, rows), 1 if columns.titled else 0, None):
            _read_line(reading, columns, line, cells)
    return reading


def _read_line(reading, columns, line, cells):
    text = cells[columns.number] if columns.number < len(cells) else ""
    try:
        number = read_mobile(text)
    except ValueError as error:
        reading.bad += 1
        why = SHORTENED if isinstance(error, Shortened) else BAD if text else EMPTY
        reading.note(line, text, why)
        return
    if number in reading.found:
        reading.repeated += 1
        reading.note(line, text, REPEATED)
        return
    name = " ".join(cells[place] for place in columns.names if place < len(cells) and cells[place])
    reading.found[number] = (line, text[:MAX_TEXT], make_readable(name)[:MAX_NAME])


def _add(book, reading):
    """Put what was found into the book; returns how many were there already, which become faults."""
    known = []
    lines = iter(reading.found.items())
    while batch := list(islice(lines, BATCH)):
        numbers, names = [number for number, _found in batch], [found[2] for _number, found in batch]
        added = set(insert_numbers(book, numbers, names))
        known += [
            (found[0], make_readable(found[1]), KNOWN) for number, found in batch if number not in added
        ]
    reading.faults += known[:MAX_FAULTS]
    return len(known)
