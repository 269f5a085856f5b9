"""The processes under test, started as in production on free loopback ports and stopped by their own pids."""

import contextlib
import json
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.results import BenchError
from panel.demo.child import Child
from panel.engines import ports

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
CALL_SECONDS = 60
PACE_SECONDS = 86_400
WEB_WORKERS = 2
WEB_THREADS = 3
QUEUES = "forward,poll,notify,default"


@contextlib.contextmanager
def run_web(
    environment: dict[str, str], folder: Path, application: str = "panel.wsgi:application"
) -> Iterator[int]:
    """The web process; yields its port once it answers. Raises BenchError with its last words."""
    port = ports.pick_port(None)
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        ports.HOST,
        "--port",
        str(port),
    ]
    command += [
        "--workers",
        str(WEB_WORKERS),
        "--blocking-threads",
        str(WEB_THREADS),
        application,
    ]
    with _run("web", command, environment, folder) as child:
        _wait_for_http(child, port)
        yield port


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The upstream provider of the bench."""

    url: str

    def read_counters(self) -> dict[str, int]:
        """What came in and what was made; see providers/sandbox/control.py."""
        return self._call("counters")

    def make_orders(self, count: int, link: str) -> tuple[int, int]:
        """Make many alike orders there, and return the first and the last of their ids."""
        made = self._call("orders", {"count": count, "link": link})
        return made["first"], made["last"]

    def _call(self, what: str, body: dict | None = None) -> dict:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/control/{what}", data=data)  # noqa: S310 - always http
        with urllib.request.urlopen(request, timeout=CALL_SECONDS) as answer:  # noqa: S310
            return json.load(answer)


@contextlib.contextmanager
def run_sandbox(environment: dict[str, str], folder: Path, latency: float = 0.0) -> Iterator[Sandbox]:
    """The sandbox, which answers after `latency` seconds; its orders don't come to an end."""
    port = ports.pick_port(None)
    command = [sys.executable, "-m", "providers.sandbox", "--port", str(port)]
    with _run(
        "sandbox", [*command, "--latency", str(latency), "--pace", str(PACE_SECONDS)], environment, folder
    ) as child:
        _wait_for_http(child, port)
        yield Sandbox(f"http://{ports.HOST}:{port}")


@contextlib.contextmanager
def run_worker(environment: dict[str, str], folder: Path) -> Iterator[Child]:
    """A Celery worker with threads, on all queues; yields at once."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "panel",
        "worker",
        "-P",
        "threads",
        "-c",
        "8",
        "-Q",
        QUEUES,
    ]
    command += ["--without-gossip", "--without-mingle"]
    with _run("worker", command, environment, folder) as child:
        yield child


def read_last_words(child: Child) -> str:
    """The last line that a process wrote, for whoever asks why it died."""
    lines = child.log.read_text(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "it said nothing"


@contextlib.contextmanager
def _run(name: str, command: list[str], environment: dict[str, str], folder: Path) -> Iterator[Child]:
    child = Child(name, command, ROOT, folder / f"{name}.log")
    child.start(environment)
    try:
        yield child
    finally:
        child.stop()


def _wait_for_http(child: Child, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    request = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    while not ports.exchange(port, request, seconds=5).startswith(b"HTTP/1.1"):
        if not child.runs:
            raise BenchError(f"{child.name} died: {read_last_words(child)}")
        if time.monotonic() > deadline:
            raise BenchError(f"{child.name} does not answer: {read_last_words(child)}")
        time.sleep(0.1)
