"""Tables as files: what a spreadsheet reads is what was written, and memory does not grow with rows."""

import csv
import io
import tracemalloc
from decimal import Decimal
from itertools import repeat

import pytest
from django.utils import translation
from openpyxl import load_workbook

from panel.lib import tables

HEADER = ["شماره", "link"]


def csv_of(rows):
    content = bytearray()
    tables.write_csv(HEADER, iter(rows), content.extend)
    return bytes(content)


def workbook_of(rows):
    content = bytearray()
    tables.write_xlsx(HEADER, iter(rows), content.extend)
    return load_workbook(io.BytesIO(bytes(content)))


def values(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_csv_begins_with_a_byte_order_mark_and_keeps_every_value():
    content = csv_of([[1, 'a "b", c'], [-2, None], [Decimal("1.50"), "سلام\nدنیا"]])
    assert content[:3] == b"\xef\xbb\xbf"
    assert list(csv.reader(io.StringIO(content[3:].decode(), newline=""))) == [
        HEADER,
        ["1", 'a "b", c'],
        ["-2", ""],
        ["1.50", "سلام\nدنیا"],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+98", "-cmd", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_is_calculated(text):
    assert list(csv.reader(io.StringIO(csv_of([[1, text]])[3:].decode(), newline="")))[1] == ["1", "'" + text]
    cell = workbook_of([[1, text]]).active["B2"]
    assert cell.data_type == "s"
    assert cell.value.strip() == text.strip()


def test_an_excel_sheet_keeps_numbers_as_numbers_and_long_ones_whole():
    book = workbook_of([[-12, "a"], [10**15 - 1, None], [10**18 + 1, "x\x00y"]])
    assert values(book.active) == [HEADER, [-12, "a"], [10**15 - 1, None], [str(10**18 + 1), "xy"]]
    assert book.active.freeze_panes == "A2"


def test_an_empty_table_is_its_header():
    assert values(workbook_of([]).active) == [HEADER]
    assert csv_of([]).decode("utf-8-sig") == "شماره,link\r\n"


@pytest.mark.parametrize(("language", "from_the_right"), [("fa", True), ("en", False)])
def test_a_sheet_lies_as_the_language_is_written(language, from_the_right):
    with translation.override(language):
        assert bool(workbook_of([[1, "a"]]).active.sheet_view.rightToLeft) == from_the_right


def test_rows_beyond_the_limit_of_a_sheet_go_on_in_another(monkeypatch):
    monkeypatch.setattr(tables, "SHEET_ROWS", 3)
    book = workbook_of([[n, "a"] for n in range(5)])
    assert [[row[0] for row in values(sheet)[1:]] for sheet in book] == [[0, 1], [2, 3], [4]]
    assert {tuple(values(sheet)[0]) for sheet in book} == {tuple(HEADER)}


@pytest.mark.parametrize(("writer", "rows"), [(tables.write_csv, 40_000), (tables.write_xlsx, 8_000)])
def test_memory_stays_the_same_however_many_rows_there_are(writer, rows):
    def peak(count):
        tracemalloc.start()
        writer(HEADER, repeat([1, "x" * 100], count), lambda content: None)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(10)  # what is loaded once
    assert peak(rows) - peak(rows // 8) < 500_000
