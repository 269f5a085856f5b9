"""The rows of a file of numbers: CSV in the encodings and with the separators of spreadsheets, or a workbook.

What customers send is not trusted: a file is bounded in bytes, lines and columns, a workbook also in the memory and
time that reading it takes, and one that can't be read is refused with a sentence for its sender.
"""

import codecs
import csv
import io
import subprocess
import sys
import tempfile
import threading

from django.utils.translation import gettext as _

from panel.lib.dates import format_number
from panel.lib.language import page_language
from sms import workbook_reader
from sms.import_columns import find_columns

MAX_BYTES = 10 * 1024**2
MAX_LINES = 200_000
SHEET_LINES = 1_048_576  # of a spreadsheet, which writes all of them, blank ones too; more are nobody's list
MAX_COLUMNS = 50
WORKBOOK_SECONDS = 120
SAMPLE_LINES = 100
SEPARATORS = ",;\t"
WORKBOOK_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods, .xls
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class ImportRefused(Exception):
    """Nothing of the file was taken; its words, in the active language, say why."""


def read_rows(file):
    """Yield `(line, cells)` of each row of an open binary `file` that is not blank: texts, counted from 1.

    The kind of file is told by what is in it. Raises ImportRefused, also between rows.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ImportRefused(
            _("The file is larger than %(limit)s MB.") % {"limit": _show(MAX_BYTES // 1024**2)}
        )
    rows = _read_workbook(data) if data.startswith(WORKBOOK_STARTS) else _read_csv(data)
    for line, row in rows:
        cells = _trim(row)
        if line > (MAX_LINES if cells else SHEET_LINES):
            raise ImportRefused(_("The file has more than %(limit)s lines.") % {"limit": _show(MAX_LINES)})
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            raise ImportRefused(
                _("The file has more than %(limit)s columns.") % {"limit": _show(MAX_COLUMNS)}
            )
        yield line, cells


def _read_csv(data):
    if b"\0" in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ImportRefused(_("This is no CSV file and no workbook."))
    lines = io.TextIOWrapper(io.BytesIO(data), _find_encoding(data), newline="")
    try:
        separator = _find_separator(lines)
        lines.seek(0)
        reader = csv.reader(lines, delimiter=separator)
        line = 1
        for row in reader:
            yield line, row
            line = reader.line_num + 1  # where the next one begins, however many lines this one spans
    except (csv.Error, UnicodeError) as error:
        raise ImportRefused(_("The file can't be read. Save it anew, as .xlsx or CSV in UTF-8.")) from error


def _find_encoding(data):
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1256"  # what Windows calls ANSI in Iran
    return "utf-8"


def _find_separator(lines):
    """The separator under which most of the first lines have a mobile of their own, then the most columns."""
    sample = [line for line, _count in zip(lines, range(SAMPLE_LINES), strict=False)]

    def rate(separator):
        rows = [_trim(row) for row in csv.reader(sample, delimiter=separator)]
        columns = find_columns(rows)
        return (
            (columns.hits, columns.titled, sum(map(len, rows)))
            if columns
            else (0, False, sum(map(len, rows)))
        )

    return max(SEPARATORS, key=rate)


def _read_workbook(data):
    """The rows of the first visible sheet, read by a process with little memory and time."""
    command = [sys.executable, "-I", workbook_reader.__file__, str(MAX_LINES), str(MAX_COLUMNS + 1)]
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        process = subprocess.Popen(  # noqa: S603 - our own program and numbers
            command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    timer = threading.Timer(WORKBOOK_SECONDS, process.kill)
    timer.start()
    try:
        with io.TextIOWrapper(process.stdout, "utf-8", newline="") as lines:
            for line, *cells in csv.reader(lines):
                yield int(line), cells
        if process.wait():
            raise ValueError("the reader gave up")
    except (ValueError, csv.Error) as error:  # also where it was stopped amid a line
        words = _(
            "This is no workbook that can be read, or it holds too much. Save only the numbers, as CSV."
        )
        raise ImportRefused(words) from error
    finally:
        timer.cancel()
        process.kill()
        process.wait()


def _trim(row):
    """The cells of a row, without the empty ones at its end."""
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _show(limit):
    return format_number(limit, page_language())
