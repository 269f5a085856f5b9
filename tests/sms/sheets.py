"""Files of numbers as customers' programs write them."""

import io
import re
import zipfile

from openpyxl import Workbook

CONTENT_TYPES = "[Content_Types].xml"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
INLINE = re.compile(r't="inlineStr"><is>(.*?)</is>')
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def make_workbook(*rows, before=()):
    """The bytes of an .xlsx with those rows in its first sheet; `before` are hidden sheets that stand before it."""
    workbook = Workbook()
    sheet = workbook.active
    for row in rows:
        sheet.append(row)
    for hidden in before:
        other = workbook.create_sheet("hidden", 0)
        other.append(hidden)
        other.sheet_state = "hidden"
    file = io.BytesIO()
    workbook.save(file)
    return _share_strings(file.getvalue())


def _share_strings(data):
    """The texts of the first sheet in a part of their own, as Excel keeps them and openpyxl does not."""
    strings = []

    def share(found):
        strings.append(f"<si>{found[1]}</si>")
        return f't="s"><v>{len(strings) - 1}</v>'

    data = change_part(data, SHEET, lambda xml: INLINE.sub(share, xml))
    override = f'<Override PartName="/{STRINGS}" ContentType="{STRINGS_TYPE}"/></Types>'
    data = change_part(data, CONTENT_TYPES, lambda xml: xml.replace("</Types>", override))
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(STRINGS, f'<?xml version="1.0"?><sst xmlns="{MAIN}">{"".join(strings)}</sst>')
    return file.getvalue()


def change_part(data, name, change):
    """The archive with what `change` makes of the text of one part."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content.decode()) if part == name else content)
    return file.getvalue()


def make_csv(*lines, encoding="utf-8"):
    """The bytes of a text file with those lines."""
    return "\r\n".join(lines).encode(encoding)
