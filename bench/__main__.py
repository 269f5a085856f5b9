"""`python -m bench [ROW …] [--seconds N]`: take the rows, print the table, write `bench/results.json`.

Exit status 1 when a row missed its target or could not be measured. Whatever was started is stopped and the
bench's databases are dropped, also after Ctrl-C and SIGTERM.
"""

import argparse
import contextlib
import importlib
import os
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import django
import psycopg

from bench import databases as names
from bench.databases import Databases
from bench.pgbench import Pgbench
from bench.results import BenchError, Result
from bench.surroundings import build_environment
from bench.telling import run_and_tell

ROW_NAMES = ("add", "hot", "bulk", "status", "services", "forward", "poll", "growth", "sync", "sms")
ROW_NAMES += ("next", "likes", "fair", "pages")
RESULTS = Path(__file__).parent / "results.json"
SECONDS = 5.0


def main() -> int:
    """Run the bench and return its exit status."""
    wanted = _read_arguments()
    return run_and_tell(partial(_run, wanted), RESULTS if set(wanted.rows) == set(ROW_NAMES) else None)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"only these rows: {', '.join(ROW_NAMES)}")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of load for each side of each pair")
    wanted = parser.parse_args()
    if unknown := set(wanted.rows) - set(ROW_NAMES):
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    wanted.rows = [name for name in ROW_NAMES if name in wanted.rows or not wanted.rows]
    return wanted


def _run(wanted: argparse.Namespace, database_url: str, redis_url: str) -> tuple[list[Result], str]:
    databases = Databases(database_url)
    environment = build_environment(databases.url_of(names.PANEL), redis_url)
    os.environ |= environment
    databases.drop_all()  # what a killed bench left
    with contextlib.ExitStack() as stack:
        stack.callback(databases.drop_all)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        print("filling the databases …", flush=True)
        databases.create(names.PGBENCH)
        pgbench = Pgbench(databases.url_of(names.PGBENCH))
        run = _prepare_panel(databases)
        bench = run.Bench(wanted.seconds, environment, databases, pgbench, folder)
        return _take_rows(bench, wanted.rows), databases.read_version()


def _prepare_panel(databases: Databases):
    """Seed the template that every row's database is a copy of; returns the module `bench.run`."""
    databases.create(names.PANEL)
    django.setup()
    # Models can be imported only once Django is set up, and Django only once its database is known.
    importlib.import_module("bench.seeding").seed_panel()
    django.db.connection.close()
    databases.rename(names.PANEL, names.TEMPLATE)
    return importlib.import_module("bench.run")


def _take_rows(bench, wanted: Sequence[str]) -> list[Result]:
    rows = importlib.import_module("bench.rows").ROWS
    results = []
    for name in wanted:
        print(f"{name} …", flush=True)
        try:
            taken = list(rows[name](bench))
        except (BenchError, psycopg.Error, django.db.Error, OSError) as error:
            taken = [Result(name, rows[name].__doc__.splitlines()[0], None, note=f"not measured: {error}")]
        results += taken
    if bench.audits:
        faults = [audit for audit in bench.audits if audit]
        what = f"ledgers of {len(bench.audits)} databases that don't add up"
        results.append(Result("ledger", what, len(faults), 0, at_most=True, note="; ".join(faults)))
    return results


if __name__ == "__main__":
    sys.exit(main())
