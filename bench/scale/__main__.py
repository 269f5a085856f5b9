"""`python -m bench.scale [--orders N …] [--seconds N]`: the work of every day on 1,000, 100,000, 5,000,000 orders.

Prints each figure with its growth from step to step and writes `bench/scale.json`. Exit status 1 when something
that must not grow grew beyond its target, or could not be measured.
"""

import argparse
import contextlib
import importlib
import os
import sys
import tempfile
from functools import partial
from pathlib import Path

import django

from bench import databases as names
from bench.databases import Databases
from bench.results import Result
from bench.servers import run_sandbox
from bench.surroundings import build_environment
from bench.telling import run_and_tell

SIZES = (1_000, 100_000, 5_000_000)
SMALLEST = 500
SECONDS = 5.0
RESULTS = Path(__file__).resolve().parent.parent / "scale.json"


def main() -> int:
    """Run it and return the exit status."""
    wanted = _read_arguments()
    return run_and_tell(partial(_run, wanted), RESULTS if tuple(wanted.orders) == SIZES else None)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument(
        "--orders", type=int, nargs="+", default=list(SIZES), metavar="N", help="of each step"
    )
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="of load for each figure taken over HTTP"
    )
    wanted = parser.parse_args()
    if wanted.orders != sorted(set(wanted.orders)) or wanted.orders[0] < SMALLEST:
        parser.error(f"steps grow, and the first has {SMALLEST} orders or more")
    return wanted


def _run(wanted: argparse.Namespace, database_url: str, redis_url: str) -> tuple[list[Result], str]:
    databases = Databases(database_url)
    environment = build_environment(databases.url_of(names.PANEL), redis_url)
    os.environ |= environment
    databases.drop_all()  # what a killed bench left
    with contextlib.ExitStack() as stack:
        stack.callback(databases.drop_all)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        databases.create(names.PANEL)
        django.setup()
        # Models can be imported only once Django is set up, and Django only once its database is known.
        run = importlib.import_module("bench.run")
        comparing = importlib.import_module("bench.scale.comparing")
        bench = run.Bench(wanted.seconds, environment, databases, None, folder)
        sandbox = stack.enter_context(run_sandbox(environment, folder))
        return list(comparing.compare_steps(bench, sandbox, wanted.orders)), databases.read_version()


if __name__ == "__main__":
    sys.exit(main())
