"""Files of numbers: every kind that spreadsheets write is read, and none takes more than its share."""

import io
import tracemalloc
from pathlib import Path

import pytest
from django.utils.translation import override

from sms import import_files
from sms.import_files import ImportRefused, read_rows
from tests.sms.sheets import SHEET, STRINGS, change_part, make_csv, make_workbook

TABLE = [["نام", "موبایل"], ["علی", "09120000001"], ["سارا", "09120000002"]]


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


UNREADABLE = "This is no workbook that can be read, or it holds too much. Save only the numbers, as CSV."
NUMBERS = Path(__file__).with_name("files")


def read(data):
    return list(read_rows(io.BytesIO(data)))


def refuse(data):
    with pytest.raises(ImportRefused) as refused:
        read(data)
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_of_any_spreadsheet(encoding, separator):
    table = [row if encoding != "cp1256" else [cell.replace("ی", "ي") for cell in row] for row in TABLE]
    data = make_csv(*map(separator.join, table), encoding=encoding)
    assert read(data) == list(enumerate(table, 1))


def test_utf_16_of_the_other_byte_order():
    data = b"\xfe\xff" + "\r\n".join(",".join(row) for row in TABLE).encode("utf-16-be")
    assert read(data) == list(enumerate(TABLE, 1))


def test_one_column_of_numbers_is_a_csv():
    assert read(make_csv("09120000001", "", "  ", "09120000002")) == [
        (1, ["09120000001"]),
        (4, ["09120000002"]),
    ]


def test_a_separator_in_names_is_none():
    data = make_csv("a, b, c, d;09120000001", "e, f, g;09120000002")
    assert read(data) == [(1, ["a, b, c, d", "09120000001"]), (2, ["e, f, g", "09120000002"])]


def test_quoted_cells_may_span_lines_which_are_counted():
    data = make_csv("name,mobile", '"a\nb, c",09120000001', "d,09120000002")
    assert read(data) == [(1, ["name", "mobile"]), (2, ["a\nb, c", "09120000001"]), (4, ["d", "09120000002"])]


def test_a_workbook_with_its_numbers_and_gaps():
    data = make_workbook(["Mobile", "Name"], [], [9120000001, "علی"], [9.120000002e9, 1.5, None], [True])
    assert read(data) == [
        (1, ["Mobile", "Name"]),
        (3, ["9120000001", "علی"]),
        (4, ["9120000002", "1.5"]),
        (5, ["True"]),
    ]


@pytest.mark.parametrize("name", ["numbers.xls", "numbers.ods"])
def test_workbooks_of_old_excel_and_of_libreoffice(name):
    assert read((NUMBERS / name).read_bytes()) == [
        (1, ["موبایل", "نام"]),
        (2, ["9120000001", "علی"]),
        (4, ["09120000002", "سارا"]),
    ]


def test_cells_are_counted_from_the_first_column():
    data = make_workbook([], [], [None, "a", None], [], [None, None, "c"])
    assert read(data) == [(3, ["", "a"]), (5, ["", "", "c"])]


def test_hidden_sheets_are_passed_over():
    assert read(make_workbook(["09120000001"], before=[["09350000000"]])) == [(1, ["09120000001"])]


def test_a_workbook_that_misstates_its_size_is_read_whole():
    data = make_workbook(["09120000001", "a"], ["09120000002", "b"])
    lied = change_part(data, SHEET, lambda xml: xml.replace('<dimension ref="A1:B2"', '<dimension ref="A1"'))
    assert read(lied) == read(data) == [(1, ["09120000001", "a"]), (2, ["09120000002", "b"])]


def test_bounds_of_bytes_lines_and_columns(monkeypatch):
    monkeypatch.setattr(import_files, "MAX_BYTES", 1024**2)
    assert refuse(b"1" * (1024**2 + 1)) == "The file is larger than 1 MB."
    monkeypatch.setattr(import_files, "MAX_LINES", 3)
    four = [["09120000001"]] * 4
    for make in (lambda rows: make_csv(*map(",".join, rows)), lambda rows: make_workbook(*rows)):
        assert len(read(make(four[:3]))) == 3
        assert refuse(make(four)) == "The file has more than 3 lines."
        assert len(read(make([["1"] * 50]))[0][1]) == 50
        assert refuse(make([["1"] * 51])) == "The file has more than 50 columns."
    assert len(read(make_csv(*["09120000001"] * 3, "", "", ""))) == 3
    monkeypatch.setattr(import_files, "SHEET_LINES", 4)
    assert refuse(make_csv(*["09120000001"] * 3, "", "", "")) == "The file has more than 3 lines."


def test_a_workbook_that_asks_for_too_much_memory_or_time_is_refused(monkeypatch):
    far = '</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    data = change_part(make_workbook(["09120000001"]), SHEET, lambda xml: xml.replace("</row>", far))
    assert refuse(data) == UNREADABLE
    monkeypatch.setattr(import_files, "WORKBOOK_SECONDS", 0)
    assert refuse(make_workbook(*[["09120000001"]] * 5_000)) == UNREADABLE


def test_few_bytes_that_unpack_to_many_stay_with_the_reader():
    """The memory of this process grows by no more than what a file may have."""
    many = "<si><t>09120000001</t></si>" * 1_000_000 + "</sst>"
    data = change_part(make_workbook(["09120000001"]), STRINGS, lambda xml: xml.replace("</sst>", many))
    assert len(data) < 200_000
    tracemalloc.start()
    try:
        assert read(data) == [(1, ["09120000001"])]
        assert tracemalloc.get_traced_memory()[1] < import_files.MAX_BYTES
    finally:
        tracemalloc.stop()


BOMB = '<!DOCTYPE bomb [<!ENTITY a "0912"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize("name", [SHEET, STRINGS])
def test_entities_that_a_part_defines_mean_nothing(name):
    def spoil(xml):
        head, sign, rest = xml.partition("?>")
        document = head + sign + BOMB + rest if sign else BOMB + xml
        return document.replace("friend", "&b;")

    data = change_part(make_workbook(["09120000001", "friend"]), name, spoil)
    try:
        assert read(data)[0][1][0] == "09120000001"
        assert "0912091" not in str(read(data))
    except ImportRefused as refused:
        assert str(refused) == UNREADABLE


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:4],
        lambda data: change_part(data, SHEET, lambda xml: xml[:-40]),
        lambda data: change_part(data, SHEET, lambda xml: xml.replace("<v>0</v>", "<v>77</v>")),
        lambda data: change_part(data, STRINGS, lambda xml: ""),
        lambda data: change_part(data, "xl/workbook.xml", lambda xml: "no XML"),
    ],
)
def test_broken_workbooks_are_refused(spoil):
    assert refuse(spoil(make_workbook(["a", "b"]))) == UNREADABLE


def test_other_kinds_of_files_are_refused():
    assert refuse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") == UNREADABLE
    assert refuse(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") == "This is no CSV file and no workbook."
    assert refuse(b"\xff\xfea").startswith("The file can't be read.")
    assert refuse(b'a,"' + b"b" * 200_000).startswith("The file can't be read.")
    assert read(b"") == read(b"\xef\xbb\xbf") == read(b"\r\n \r\n") == []
