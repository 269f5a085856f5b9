"""What every row gets: fresh databases, the web process, the load, and its turns with pgbench."""

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from django.conf import settings
from django.db import connection

from bench import databases as names
from bench.connection import LoadError
from bench.databases import Databases
from bench.load import Check, Load, run_load
from bench.pgbench import Pgbench
from bench.results import BenchError
from bench.servers import ROOT, run_web

PAIRS = 3
WARM_UP_SECONDS = 1.0

Measure = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Both sides of a row, taken in turns."""

    ours: list[float]
    theirs: list[float]

    @property
    def ratio(self) -> float:
        """The median of the pairs' ratios, ours to theirs."""
        return median(our / their for our, their in zip(self.ours, self.theirs, strict=True))

    @property
    def facts(self) -> dict:
        """Every single number, rounded."""
        return {"ours": [round(n, 1) for n in self.ours], "theirs": [round(n, 1) for n in self.theirs]}

    def describe(self, unit: str, their_unit: str) -> str:
        """Both medians in words."""
        return f"{median(self.ours):,.0f} {unit} beside {median(self.theirs):,.0f} {their_unit}"


def take_pairs(ours: Measure, theirs: Measure) -> Pairs:
    """Measure both sides A B A B A B, so that a slow minute of the machine is shared by both."""
    taken = [(ours(), theirs()) for _ in range(PAIRS)]
    return Pairs([our for our, _ in taken], [their for _, their in taken])


@dataclass
class Bench:
    """One run of the bench: `seconds` of load for each side of each pair, logs in `folder`."""

    seconds: float
    environment: dict[str, str]
    databases: Databases
    pgbench: Pgbench | None  # where nothing is compared with it
    folder: Path
    audits: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def fresh_database(self, name: str = names.PANEL, template: str = names.TEMPLATE) -> Iterator[str]:
        """A seeded database for one row, or a copy of another; yields its URL. Its ledger is audited at the end."""
        connection.close()  # nothing may be connected to what is copied
        self.databases.drop(name)
        self.databases.create(name, template)
        try:
            yield self.databases.url_of(name)
            self.audits.append(self._audit(name))
        finally:
            connection.close()
            self.databases.drop(name)

    @contextlib.contextmanager
    def web(self, url: str = "", application: str = "panel.wsgi:application") -> Iterator[int]:
        """The web process on a database (URL; without one the usual); yields its port."""
        environment = self.environment | ({"DATABASE_URL": url} if url else {})
        with run_web(environment, self.folder, application) as port:
            yield port

    def collect_static(self) -> None:
        """Make the files that pages name ready, as in production, here and for web processes started later."""
        settings.STATIC_ROOT = (
            self.folder / "static"
        )  # this process reads its settings before there is a folder
        self.environment["STATIC_ROOT"] = str(settings.STATIC_ROOT)
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)

    def load(self, port: int, next_request: Callable[[], bytes], check: Check, seconds: float = 0) -> Load:
        """Put the usual load on the web process. Raises BenchError when a single answer is wrong."""
        try:
            load = run_load(port, next_request, check, seconds or self.seconds)
        except (LoadError, OSError) as error:
            raise BenchError(f"the web process failed: {error}") from error
        if load.wrong:
            raise BenchError(
                f"{load.wrong} of {load.answers} answers were wrong, the first: {load.first_wrong}"
            )
        return load

    def warm_up(self, port: int, next_request: Callable[[], bytes], check: Check) -> None:
        """Let every thread connect, prepare its statements and fill its caches."""
        self.load(port, next_request, check, WARM_UP_SECONDS)

    def take_pgbench(self) -> float:
        """pgbench's transactions a second, over as long a time as our side gets."""
        return self.pgbench.measure(self.seconds)

    def _audit(self, name: str) -> str:
        """What the audit of the ledger of that database found; empty when all adds up."""
        done = subprocess.run(
            [sys.executable, "manage.py", "audit_ledger"],
            cwd=ROOT,
            env=self.environment | {"DATABASE_URL": self.databases.url_of(name)},
            capture_output=True,
            text=True,
            check=False,
        )
        return "" if done.returncode == 0 else f"{name}: {done.stderr.strip()[-300:]}"
