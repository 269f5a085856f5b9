"""The table at the end: what was counted, and what had to be so."""

from collections.abc import Iterable
from dataclasses import dataclass, field

HEAD = ("what", "wanted", "found", "")
NOTES_SHOWN = 12


class ChaosError(Exception):
    """The run itself failed; the text is for people."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; without `wanted` it is for information. `notes` stand below it."""

    what: str
    found: int | float | str
    wanted: int | float | str | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def missed(self) -> bool:
        """Whether something else had to be found, or there is something against what was."""
        return self.wanted is not None and (self.found != self.wanted or bool(self.notes))

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The line of the table."""
        wanted = "" if self.wanted is None else _format(self.wanted)
        verdict = "MISS" if self.missed else "info" if self.wanted is None else "pass"
        return self.what, wanted, _format(self.found), verdict


def count_row(what: str, faults: list[str]) -> Row:
    """A line that wants none of these."""
    return Row(what, len(faults), 0, faults)


def format_table(rows: list[Row]) -> str:
    """The rows as a table, each with its first notes."""
    widths = [max(len(cells[place]) for cells in (HEAD, *(row.cells for row in rows))) for place in range(4)]
    lines = [_format_line(HEAD, widths), "  ".join("─" * width for width in widths)]
    for row in rows:
        lines.append(_format_line(row.cells, widths))
        lines += [f"    {note}" for note in row.notes[:NOTES_SHOWN]]
        if len(row.notes) > NOTES_SHOWN:
            lines.append(f"    … and {len(row.notes) - NOTES_SHOWN} more")
    return "\n".join(lines)


def _format_line(cells: Iterable[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _format(value: int | float | str) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else value
