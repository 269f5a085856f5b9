"""Documents: fonts inside, pages as many as it takes, and text that runs the way it is read."""

import io
import re
import zlib

import pytest

from panel.lib.documents import Document, Table


def finish(document):
    return bytes(document.output())


def read_streams(pdf):
    """Everything in the file that is compressed, laid open."""
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    found = []
    for part in parts:
        try:
            found.append(zlib.decompress(part))
        except zlib.error:
            found.append(part)
    return found


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("صورت‌حساب ۱۲ (Sara)", "RTL"),
        ("Sara (VIP)", "LTR"),
        ("۱۴۰۵/۰۹/۰۶ ۱۲:۳۰", "LTR"),
        ("−۹٬۰۰۰", "LTR"),
        ("", "LTR"),
    ],
)
def test_only_persian_letters_run_from_the_right(text, direction):
    document = Document("fa", "x")
    document.shape(text)
    assert document.text_shaping["direction"].value == direction


def test_persian_letters_are_joined():
    """Beh at the beginning and at the end of a word are other glyphs than beh alone."""
    document = Document("fa", "x")
    document.shape("ب")
    font = document.current_font
    shapes = [
        tuple(glyph["mapped_char"] for glyph in font.shape_text(text, 10, document.text_shaping))
        for text in ("ب", "بب")
    ]
    assert shapes[0][0] not in shapes[1]
    assert len(set(shapes[1])) == 2


def test_the_fonts_are_inside_and_say_what_their_glyphs_mean():
    document = Document("fa", "عنوان", "پا")
    document.line_of("سلام", bold=True)
    pdf = finish(document)
    assert len(re.findall(rb"/FontFile2", pdf)) == 2
    assert any(b"beginbfchar" in stream or b"beginbfrange" in stream for stream in read_streams(pdf))


@pytest.mark.parametrize(("rows", "pages"), [(1, 1), (30, 1), (100, 3)])
def test_a_table_goes_on_over_pages_with_its_heading(rows, pages):
    document = Document("en", "Table", "Seller")
    table = Table(document, [("What", 0.6, False), ("How much", 0.4, True)])
    for number in range(rows):
        table.row([f"row {number}", str(number)])
    assert document.pages_count == pages
    assert len(re.findall(rb"/Type /Page\b", finish(document))) == pages


def test_text_that_does_not_fit_its_column_is_cut():
    document = Document("en", "Table")
    assert document._cut("short", 50) == "short"
    cut = document._cut("long " * 50, 50)
    assert (cut[-1], document.get_string_width(cut) <= 48) == ("…", True)
    assert io.BytesIO(finish(document)).read(5) == b"%PDF-"
