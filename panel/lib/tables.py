"""Tables as files, a row at a time: CSV and Excel. Memory stays the same however many rows there are."""

import csv
from itertools import chain, islice
from tempfile import TemporaryFile

from django.utils.translation import get_language_bidi
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_ROWS = 1_048_576  # Excel's limit
_CELL_CHARACTERS = 32_767  # the same
_EXACT = 10**15  # Excel keeps 15 digits of a number
_PIECE = 1 << 16
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(header, rows, write):
    """Hand the table to `write(bytes)` in pieces: UTF-8 with a byte order mark, so that Excel reads it.

    `header` is a list of words; `rows` an iterator of lists of str, int, Decimal or None. Text that a spreadsheet
    would calculate gets an apostrophe before it.
    """
    pieces = _Pieces(write)
    pieces.write("\ufeff")
    writer = csv.writer(pieces)
    for row in chain([header], rows):
        writer.writerow([_harmless(value) for value in row])
    pieces.flush()


def write_xlsx(header, rows, write):
    """The same as an Excel workbook: numbers are numbers, text is never a formula.

    The header stays in sight; in a language that is written from the right, so does the sheet. Rows beyond Excel's
    limit go on in another sheet. Rows are read before the first byte is written.
    """
    book = Workbook(write_only=True)
    rows = iter(rows)
    first = next(rows, None)
    while True:
        sheet = book.create_sheet()
        sheet.freeze_panes = "A2"
        sheet.sheet_view.rightToLeft = get_language_bidi()
        filled = chain([] if first is None else [first], islice(rows, SHEET_ROWS - 2))
        for row in chain([header], filled):
            sheet.append([_cell(sheet, value) for value in row])
        if (first := next(rows, None)) is None:
            break
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(_PIECE):
            write(piece)


def _harmless(value):
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _cell(sheet, value):
    if isinstance(value, int) and abs(value) >= _EXACT:
        value = str(value)
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet)
    cell._value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_CELL_CHARACTERS]
    cell.data_type = "s"
    return cell


class _Pieces:
    """A text file for `csv` that hands bytes on, a good many at a time."""

    def __init__(self, write):
        self._write = write
        self._buffer = bytearray()

    def write(self, text):
        self._buffer += text.encode()
        if len(self._buffer) >= _PIECE:
            self.flush()

    def flush(self):
        if self._buffer:
            self._write(bytes(self._buffer))
            self._buffer.clear()
