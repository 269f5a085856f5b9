"""The kinds of jobs; each application adds its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class JobKind:
    """`work(run)` does a job of this kind (see panel.jobs.running.Run); `describe(job)` words what came of it.

    `back(job)` is the address of the page that it was started on.
    """

    name: str
    label: Any
    work: Callable
    describe: Callable[[Any], Any] = lambda job: ""
    back: Callable[[Any], str] = lambda job: ""


_kinds: dict[str, JobKind] = {}


def add_job_kind(kind):
    """Make a kind known; called once, when an application is ready."""
    _kinds[kind.name] = kind


def find_job_kind(name):
    """The JobKind of that name. Raises KeyError."""
    return _kinds[name]
