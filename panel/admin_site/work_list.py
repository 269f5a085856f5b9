"""What waits for a person, counted on the admin's front page; each application adds its own lines."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from panel.admin_site.one_statement import count_capped


@dataclass(frozen=True, slots=True)
class WorkLine:
    """The rows of `count()` wait at `url_name` (with `query` behind it), for who has `permission`.

    `count` gives a queryset, which is counted in one statement with all the others; a number is taken as it is.
    """

    label: Any
    count: Callable[[], QuerySet | int]
    url_name: str
    permission: str
    query: str = ""


_lines: list[WorkLine] = []


def add_work(line):
    """Show `line` on the front page; called once, when an application's admin is loaded."""
    _lines.append(line)


def ask_for_work(user):
    """`[(line, question or number)]` of the lines that `user` may see."""
    lines = [(line, line.count()) for line in _lines if user.has_perm(line.permission)]
    return [(line, count_capped(rows) if isinstance(rows, QuerySet) else rows) for line, rows in lines]


def count_work():
    """`{name: question how many}` of all lines; the name is made of the list's model and its query."""
    return {_name(line): _ask(line.count()) for line in _lines}


def _name(line):
    """`providers_dispatch:state__exact=unclear`: the same in every language, as long as the page stays."""
    model = line.url_name.removeprefix("admin:").removesuffix("_changelist")
    return f"{model}:{line.query.removeprefix('?')}".rstrip(":")


def _ask(rows):
    return count_capped(rows) if isinstance(rows, QuerySet) else ("SELECT %s::bigint", (rows,))


def show_work(lines):
    """`[{label, count, url}]` of `[(line, number)]`, those with work first."""
    shown = [
        {"label": line.label, "count": count, "url": reverse(line.url_name) + line.query}
        for line, count in lines
    ]
    return sorted(shown, key=lambda line: line["count"] == 0)
