"""A program of its own that writes the rows of a workbook (standard input) as CSV: `line, cell, cell, …`.

A workbook of some kilobytes can ask for hundreds of gigabytes or for minutes, and the library then ends its process.
So it is read in one that may have little of both. Run with the number of the last line and of cells to write.
"""

import csv
import io
import resource
import sys

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY_BYTES = 1024**3
CPU_SECONDS = 60
CELL_CHARACTERS = 1_000


def limit_itself():
    """Let this process end when it takes too much."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def find_sheet(workbook):
    """The first sheet with cells that is not hidden."""
    for place, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            return workbook.get_sheet_by_index(place)
    raise SystemExit("no sheet to see")


def write_rows(sheet, last_line, cells, out):
    """Write each row that is not blank, up to the first one behind `last_line`."""
    if sheet.start is None:
        return
    left = [""] * min(
        sheet.start[1], cells
    )  # rows begin with the first, their cells with the first that is used
    writer = csv.writer(out)
    for line, row in enumerate(sheet.iter_rows(), 1):
        texts = [write_cell(value) for value in left + row[: cells - len(left)]]
        if any(texts):
            writer.writerow([line, *texts])
            if line > last_line:
                return


def write_cell(value):
    """A cell's value as text, without the point that every number of a spreadsheet may come with."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()[:CELL_CHARACTERS]


def main():
    limit_itself()
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="")
    write_rows(find_sheet(workbook), *map(int, sys.argv[1:]), out)
    out.flush()


if __name__ == "__main__":
    main()
