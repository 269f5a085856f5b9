"""What a row measured, the table for people and the JSON for machines."""

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

HEAD = ("row", "what", "target", "measured", "")


class BenchError(Exception):
    """A row could not be measured, or what it measured was wrong; the text is one line for people."""


@dataclass(frozen=True, slots=True)
class Result:
    """One measured number. Without a target it is for information; `facts` are the numbers behind it."""

    row: str
    what: str
    measured: float | None
    target: float | None = None
    at_most: bool = False
    unit: str = ""
    note: str = ""
    facts: dict = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """`pass`, `MISS`, or `info` where there is no target."""
        if self.measured is None:
            return "MISS"
        if self.target is None:
            return "info"
        reached = self.measured <= self.target if self.at_most else self.measured >= self.target
        return "pass" if reached else "MISS"

    @property
    def cells(self) -> tuple[str, ...]:
        """The line of the table."""
        bound = "≤" if self.at_most else "≥"
        target = "" if self.target is None else f"{bound} {_format(self.target)}{self.unit}"
        measured = "–" if self.measured is None else f"{_format(self.measured)}{self.unit}"
        return self.row, self.what, target, measured, self.verdict


def format_table(results: list[Result]) -> str:
    """The results as a table with a note below each row that has one."""
    widths = [
        max(len(row[place]) for row in (HEAD, *(r.cells for r in results))) for place in range(len(HEAD))
    ]
    lines = [_format_line(HEAD, widths), "  ".join("─" * width for width in widths)]
    for result in results:
        lines.append(_format_line(result.cells, widths))
        if result.note:
            lines.append(f"{' ' * widths[0]}  {result.note}")
    return "\n".join(lines)


def write_results(path: Path, results: list[Result], postgres: str) -> None:
    """Write the results, and on what machine they were taken, as JSON."""
    content = {
        "taken": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cpus": os.cpu_count(),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "postgresql": postgres,
        },
        "results": [asdict(result) | {"verdict": result.verdict} for result in results],
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _format_line(cells: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _format(number: float) -> str:
    return f"{number:,.2f}" if isinstance(number, float) else f"{number:,}"
