"""`demo.pids.json`: the processes of a demo, so that what a killed demo left can be stopped."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from panel import engines
from panel.engines import processes

NAME = "demo.pids.json"
# First what makes work, then what does it, then what serves.
STOP_ORDER = ("journey", "beat", "worker", "web", "sandbox")
STOP_SECONDS = 15
DEMO_STOP_SECONDS = 90


@dataclass(frozen=True)
class Process:
    """One process: its pid and its start, which no later process with that pid shares."""

    pid: int
    started: str

    @property
    def runs(self) -> bool:
        """True while it lives."""
        return processes.is_same(self.pid, self.started)


@dataclass
class DemoRecord:
    """The demo's own process, its children by name, its addresses, and whether it started the engines."""

    demo: Process
    url: str
    sandbox_url: str
    engines_started: bool = False
    children: dict[str, Process] = field(default_factory=dict)


def describe_self(url: str, sandbox_url: str) -> DemoRecord:
    """The record of a demo that runs in this process and has started nothing yet."""
    return DemoRecord(Process(os.getpid(), processes.read_started(os.getpid()) or ""), url, sandbox_url)


def write_record(folder: Path, record: DemoRecord) -> None:
    """Write the record in one step."""
    new = folder / f"{NAME}.new"
    new.write_text(json.dumps(asdict(record), indent=2))
    new.replace(folder / NAME)


def read_record(folder: Path) -> DemoRecord | None:
    """The record of the last demo; None when it stopped in order, or when nothing readable is there."""
    try:
        content = json.loads((folder / NAME).read_text())
        children = {name: Process(**child) for name, child in content["children"].items()}
        demo = Process(**content["demo"])
        addresses = content["url"], content["sandbox_url"]
        return DemoRecord(demo, *addresses, content["engines_started"], children)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def find_running(folder: Path) -> DemoRecord | None:
    """The record of the demo that runs now in this checkout, if one does."""
    record = read_record(folder)
    return record if record and record.demo.runs else None


def forget_record(folder: Path) -> None:
    """Remove the record: nothing of the demo runs any more."""
    (folder / NAME).unlink(missing_ok=True)


def stop_leftovers(folder: Path, record: DemoRecord) -> list[str]:
    """End what a dead demo left running, and only that; returns the names of what was ended."""
    stopped = []
    for name in sorted(record.children, key=STOP_ORDER.index):
        child = record.children[name]
        if processes.end(child.pid, child.started, STOP_SECONDS, group=True):
            stopped.append(name)
    if record.engines_started and engines.stop(folder):
        stopped += ["Valkey", "PostgreSQL"]
    forget_record(folder)
    return stopped


def stop_demo(folder: Path) -> list[str]:
    """Stop the demo of this checkout, running or killed; returns the names of what was ended.

    A running one is asked to stop by itself and does so in order.
    """
    record = read_record(folder)
    if record is None:
        return []
    ended = ["demo"] if processes.end(record.demo.pid, record.demo.started, DEMO_STOP_SECONDS) else []
    return ended + stop_leftovers(folder, record)
