"""From a bench's first engine to its exit status: what `bench` and `bench.scale` do alike."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg

from bench.results import BenchError, Result, format_table, write_results
from bench.surroundings import find_engines
from panel.engines import EngineError

INTERRUPTED = 130

# Takes the addresses of PostgreSQL and Redis, returns what was measured and the server's version.
Run = Callable[[str, str], tuple[list[Result], str]]


def run_and_tell(run: Run, path: Path | None) -> int:
    """Run it, print the table, write it to `path` where there is one; returns 1 on a miss, and where it can't run.

    Whatever `run` has started is stopped by itself, also after Ctrl-C and SIGTERM.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(INTERRUPTED))  # unwinds as Ctrl-C does
    try:
        with find_engines() as (database_url, redis_url):
            results, version = run(database_url, redis_url)
    except (EngineError, BenchError, psycopg.Error) as error:
        print(f"the bench cannot run: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    print(f"\n{format_table(results)}")
    if path is not None:
        write_results(path, results, version)
    return 1 if any(result.verdict == "MISS" for result in results) else 0
