"""The sandbox's command line, shared by `python -m providers.sandbox` and `manage.py sandbox`."""

import argparse
import math
import signal
import sqlite3
import sys
import threading

from providers.sandbox.server import SandboxServer
from providers.sandbox.state import DEFAULT_PACE
from providers.sandbox.store import StateFileError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--port`, `--state`, `--pace` and `--latency` to a parser."""
    parser.add_argument("--port", type=int, default=8899, help="port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--state", metavar="FILE", help="SQLite file to remember in; in memory when left out")
    parser.add_argument("--pace", type=_seconds, default=DEFAULT_PACE, help="seconds from add to the end")
    parser.add_argument("--latency", type=_seconds, default=0.0, help="seconds to wait before each answer")


def run_sandbox(*, port: int, state: str | None, pace: float, latency: float) -> int:
    """Serve until SIGTERM or SIGINT and return the exit code: 0, or 1 after one line on stderr."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        server = SandboxServer(port=port, pace=pace, latency=latency, state=state)
    except (OSError, OverflowError, StateFileError, sqlite3.Error) as error:
        print(f"sandbox cannot start on port {port}: {error}", file=sys.stderr)
        return 1
    with server:
        print(f"sandbox listening on {server.url}", flush=True)
        stopped.wait()
    return 0


def _seconds(text: str) -> float:
    seconds = float(text)
    if not (math.isfinite(seconds) and seconds >= 0):
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds")
    return seconds
