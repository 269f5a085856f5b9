"""The admin's front page: what waits, how far behind the queues are, and blocks that the applications add.

Whatever is on it costs the same with a thousand orders and with a million: lines are counted by partial indexes and
no further than a cap, ages are the first row of such an index, figures by day are rows that beat measured. All lines,
ages and questions of blocks together are one statement; a block may take one or two of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from panel.admin_site.one_statement import ask_together, find_first
from panel.admin_site.work_list import ask_for_work, show_work


@dataclass(frozen=True, slots=True)
class QueueAge:
    """Since when the first of a queue has waited: `field` of the first of `rows()`, for who has `permission`.

    It is marked when that is more than `late_seconds` ago. `quiet` is what to say of an empty queue.
    """

    label: Any
    rows: Callable[[], QuerySet]
    field: str
    permission: str
    url_name: str
    late_seconds: float
    quiet: Any
    query: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the page, drawn by `template` with what `read(user, answers)` gives as `block`.

    `answers` are those to the questions of `ask()` (see one_statement.py). `read` may give None, which
    shows nothing. Only for who has `permission`; lower places come first.
    """

    title: Any
    template: str
    read: Callable[[Any, list], dict | None]
    permission: str
    place: int
    ask: Callable[[], list] = list


_ages: list[QueueAge] = []
_blocks: list[Block] = []


def add_age(age):
    """Show how old the first of that queue is; called once, when an application's admin is loaded."""
    _ages.append(age)


def add_block(block):
    """Show the Block; called once, when an application's admin is loaded."""
    _blocks.append(block)


def read_front_page(user):
    """`{lines, ages, blocks}` of all that `user` may see."""
    work = ask_for_work(user)
    ages = [age for age in _ages if user.has_perm(age.permission)]
    blocks = sorted((one for one in _blocks if user.has_perm(one.permission)), key=lambda one: one.place)
    asked = [(block, block.ask()) for block in blocks]
    questions = [question for _line, question in work if not isinstance(question, int)]
    questions += [find_first(age.rows(), age.field) for age in ages]
    questions += [question for _block, its in asked for question in its]
    answers = iter(ask_together(questions))
    counts = [(line, question if isinstance(question, int) else next(answers)) for line, question in work]
    return {
        "lines": show_work(counts),
        "ages": [_show_age(age, next(answers)) for age in ages],
        "blocks": list(_show_blocks(user, asked, answers)),
    }


def _show_age(age, since):
    late = since is not None and since < timezone.now() - timedelta(seconds=age.late_seconds)
    url = reverse(age.url_name) + age.query
    return {"label": age.label, "since": since, "late": late, "quiet": age.quiet, "url": url}


def _show_blocks(user, asked, answers):
    for block, questions in asked:
        values = block.read(user, list(islice(answers, len(questions))))
        if values is not None:
            yield {"title": block.title, "template": block.template, "name": f"block-{block.place}", **values}
