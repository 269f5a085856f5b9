"""What waits for a person, counted on the admin's front page; each application adds its own lines."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class WorkLine:
    """`count()` rows wait at `url_name` (with `query` behind it), for who has `permission`."""

    label: Any
    count: Callable[[], int]
    url_name: str
    permission: str
    query: str = ""


_lines: list[WorkLine] = []


def add_work(line):
    """Show `line` on the front page; called once, when an application's admin is loaded."""
    _lines.append(line)


def count_work(user):
    """`[{label, count, url}]` of the lines that `user` may see, those with work first."""
    lines = [
        {"label": line.label, "count": line.count(), "url": reverse(line.url_name) + line.query}
        for line in _lines
        if user.has_perm(line.permission)
    ]
    return sorted(lines, key=lambda line: line["count"] == 0)
