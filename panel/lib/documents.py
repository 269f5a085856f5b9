"""Documents on A4 as PDF in our own font: Persian joined and from right to left, English from left to right."""

import logging

from django.conf import settings
from fpdf import FPDF

from panel.lib.dates import format_number

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table it leaves out
FONTS = settings.BASE_DIR / "static" / "vendor" / "vazirmatn" / "33.0.3"
PDF_TYPE = "application/pdf"
MARGIN = 18  # millimetres, as all lengths here
LINE = 7
INK, MUTED, RULE, GROUND = (23, 32, 51), (85, 97, 118), (219, 225, 234), (245, 247, 250)
_FA_LETTERS = range(0x0620, 0x0660), range(0x066E, 0x06D4)


class Document(FPDF):
    """A document of `language`; `footer_text` stands at the foot of each page, beside its number."""

    def __init__(self, language, title, footer_text=""):
        super().__init__(format="A4")
        self.language, self.footer_text = language, footer_text
        self.from_right = language == "fa"
        self.add_font("Vazirmatn", "", FONTS / "Vazirmatn-Regular.ttf")
        self.add_font("Vazirmatn", "B", FONTS / "Vazirmatn-Bold.ttf")
        self.set_title(title)
        self.set_lang("fa-IR" if self.from_right else "en")
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN + LINE)
        self.write_style()
        self.add_page()

    @property
    def start(self):
        """The side that lines begin on: L or R."""
        return "R" if self.from_right else "L"

    @property
    def end(self):
        """The other side."""
        return "L" if self.from_right else "R"

    def footer(self):
        """The footer of fpdf's: called by it for each page."""
        self.set_y(-MARGIN)
        self.write_style(8, MUTED)
        left, right = self.footer_text, format_number(self.page_no(), self.language)
        self.put(left, self.epw - 20, self.start, at=0)
        self.put(right, 20, self.end, at=self.epw - 20)

    def write_style(self, size=10, colour=INK, bold=False):
        """How what follows is written: size in points."""
        self.set_font("Vazirmatn", "B" if bold else "", size)
        self.set_text_color(*colour)

    def put(self, text, width, align, at, height=LINE, fill=False):
        """One line of text in a box that begins `at` from the start of lines; too long a text is cut, with dots."""
        self.shape(text)
        text = self._cut(text, width)
        x = self.w - MARGIN - at - width if self.from_right else MARGIN + at
        self.set_x(x)
        self.cell(width, height, text, align=align, fill=fill)

    def line_of(self, text, size=10, colour=INK, bold=False, align=None):
        """Text over the whole width, in as many lines as it takes."""
        self.write_style(size, colour, bold)
        self.shape(text)
        self.set_x(MARGIN)
        align = align or self.start
        self.multi_cell(self.epw, size * 0.62, text, align=align, new_x="LMARGIN", new_y="NEXT")

    def rule(self, space=4):
        """A line across, with that space on both sides."""
        self.set_y(self.get_y() + space)
        self.set_draw_color(*RULE)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())
        self.set_y(self.get_y() + space)

    def facts(self, pairs, label_width=45):
        """Lines of a label and what it says; the latter may take several lines."""
        for label, text in pairs:
            self.write_style(9, MUTED)
            self.put(label, label_width, self.start, at=0)
            self.write_style()
            self.shape(text)
            width = self.epw - label_width
            self.set_x(MARGIN if self.from_right else MARGIN + label_width)
            self.multi_cell(width, LINE, text, align=self.start, new_x="LMARGIN", new_y="NEXT")

    def shape(self, text):
        """Shape the text from right to left if it has Persian letters: bare numbers and dates run the other way."""
        rtl = any(ord(letter) in one for letter in text for one in _FA_LETTERS)
        script, language = ("arab", "fas") if rtl else ("latn", "eng")
        self.set_text_shaping(True, direction="rtl" if rtl else "ltr", script=script, language=language)

    def _cut(self, text, width):
        if self.get_string_width(text) <= width - 2:
            return text
        while text and self.get_string_width(f"{text}…") > width - 2:
            text = text[:-1]
        return f"{text}…"


class Table:
    """A table of a document: `columns` are (heading, share of the width, whether it holds numbers)."""

    def __init__(self, document, columns):
        self.document, self.columns = document, columns
        self._head()

    def row(self, texts):
        """A line of the table; a new page begins with the heading again."""
        document = self.document
        if document.will_page_break(LINE):
            document.add_page()
            self._head()
        document.write_style(9)
        self._line(texts)
        document.set_draw_color(*RULE)
        document.line(MARGIN, document.get_y(), document.w - MARGIN, document.get_y())

    def _head(self):
        self.document.write_style(9, bold=True)
        self.document.set_fill_color(*GROUND)
        self._line([heading for heading, _, _ in self.columns], fill=True)

    def _line(self, texts, fill=False):
        document, at = self.document, 0.0
        for (_, share, numeric), text in zip(self.columns, texts, strict=True):
            width = document.epw * share
            document.put(text, width, document.end if numeric else document.start, at, fill=fill)
            at += width
        document.ln(LINE)
