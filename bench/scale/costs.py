"""Processor time by what takes it: web processes, PostgreSQL, this process; from /proc, so on Linux alone.

docs/scale.md reckons with these: what a call takes of a processor doesn't depend on how busy the machine is.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from bench.results import BenchError

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor time for one call, order or event, and what it writes."""

    web: float
    postgres: float
    worker: float  # of this process, which does a worker's work
    wal: float  # bytes of PostgreSQL's log, the full pages after a checkpoint among them

    @property
    def total(self) -> float:
        """All of it."""
        return self.web + self.postgres + self.worker


def measure_cost(work: Callable[[], int], port: int = 0) -> Cost:
    """What each of the things that `work` does, and counts, takes; `port`: of the web process that does it.

    Raises BenchError where that can't be read.
    """
    postmaster = _find_postmaster()
    before = _read(postmaster, port)
    done = work()
    web, postgres, worker, wal = (
        (after - start) / done for after, start in zip(_read(postmaster, port), before, strict=True)
    )
    return Cost(web * 1000, postgres * 1000, 0.0 if port else worker * 1000, wal)


def _read(postmaster: int, port: int) -> tuple[float, float, float, float]:
    web = sum(_seconds(pid) for pid in _list_tree(_find_web(port))) if port else 0.0
    postgres = _seconds(postmaster, ended=True) + sum(map(_seconds, _list_tree(postmaster)[1:]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
        return web, postgres, time.process_time(), float(cursor.fetchone()[0])


def _find_postmaster() -> int:
    """The server's first process: the parent of the one that serves us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    parent = _list_parents().get(backend)
    if parent is None:
        raise BenchError("PostgreSQL's processes can't be seen from here")
    return parent


def _find_web(port: int) -> int:
    for path in PROC.glob("[0-9]*/cmdline"):
        words = _read_words(path)
        if b"granian" in words and str(port).encode() in words:
            parent = _list_parents().get(int(path.parent.name))
            if b"granian" not in _read_words(PROC / str(parent) / "cmdline"):
                return int(path.parent.name)
    raise BenchError(f"no web process of port {port} is to be seen")


def _read_words(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().split(b"\0")
    except OSError:  # it ended meanwhile
        return []


def _list_tree(root: int) -> list[int]:
    """That process and all below it."""
    parents, found = _list_parents(), [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _list_parents() -> dict[int, int]:
    """{process: its parent}."""
    parents = {}
    for path in PROC.glob("[0-9]*/stat"):
        if fields := _read_stat(path):
            parents[int(path.parent.name)] = int(fields[1])
    return parents


def _seconds(pid: int, ended: bool = False) -> float:
    """Processor time of a process, with that of its children that `ended` where asked."""
    fields = _read_stat(PROC / str(pid) / "stat")
    return sum(map(int, fields[11 : 15 if ended else 13])) / TICKS if fields else 0.0


def _read_stat(path: Path) -> list[str]:
    """The fields after the name, which may hold spaces: state, parent, …"""
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:  # it ended meanwhile
        return []
