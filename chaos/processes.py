"""The panel's processes of a run: started as in production, killed on purpose, and started again."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from chaos.results import ChaosError
from panel.demo.child import Child
from panel.engines import ports

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120
LOOK_SECONDS = 0.2
WEB, BEAT, SANDBOX = "web", "beat", "sandbox"
WORKERS = ("worker-1", "worker-2", "worker-3")
LAST_WORDS = 2_000


def list_commands(web_port: int, sandbox_port: int) -> dict[str, list[str]]:
    """The processes in the order of their start: name → command."""
    python = sys.executable
    web = "--interface wsgi --workers 2 --blocking-threads 3 --workers-kill-timeout 5"
    web += " --respawn-failed-workers --respawn-interval 0.5"
    worker = (
        "-P threads -c 8 -Q forward,poll,notify,default --without-gossip --without-mingle --loglevel INFO"
    )
    celery = [python, "-m", "celery", "-A", "panel"]
    return {
        SANDBOX: [python, "-m", "providers.sandbox", "--port", str(sandbox_port), "--pace", "3"],
        WEB: [python, "-m", "granian", *web.split(), "--host", ports.HOST, "--port", str(web_port)]
        + ["panel.wsgi:application"],
        **{name: [*celery, "worker", *worker.split(), "-n", f"{name}@chaos"] for name in WORKERS},
        BEAT: [*celery, "beat", "--pidfile=", "--loglevel", "INFO"],
    }


class Processes:
    """The children by name. `keep` starts whatever died again, until `stop`."""

    def __init__(self, commands: dict[str, list[str]], environment: dict[str, str], folder: Path):
        self._environment = environment
        self._children = {
            name: Child(name, command, ROOT, folder / f"{name}.log") for name, command in commands.items()
        }
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def start(self, names: Iterable[str]) -> None:
        """Start these."""
        for name in names:
            self._children[name].start(self._environment)

    def keep(self) -> None:
        """From now on, start again whatever dies."""
        self._keeper.start()

    def wait_for_http(self, name: str, port: int) -> None:
        """Wait until the process answers on its port. Raises ChaosError with its last words."""
        child, deadline = self._children[name], time.monotonic() + START_SECONDS
        request = b"GET /api/v2 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        while not ports.exchange(port, request, seconds=5).startswith(b"HTTP/1.1"):
            if not child.runs or time.monotonic() > deadline:
                raise ChaosError(f"{name} does not answer: {self.read_last_words(name)}")
            time.sleep(0.1)

    def wait_for_word(self, names: Iterable[str], word: str) -> None:
        """Wait until each of these wrote that word into its log. Raises ChaosError with the last words of one."""
        deadline = time.monotonic() + START_SECONDS
        for name in names:
            while word not in self._children[name].log.read_text(errors="replace"):
                if time.monotonic() > deadline:
                    raise ChaosError(f"{name} does not get ready: {self.read_last_words(name)}")
                time.sleep(0.1)

    def read_last_words(self, name: str) -> str:
        """The end of its log."""
        return self._children[name].log.read_text(errors="replace").strip()[-LAST_WORDS:] or "it said nothing"

    def kill(self, name: str) -> None:
        """SIGKILL to the process and all of its group."""
        with self._lock:
            child = self._children[name]
            if child.runs:
                os.killpg(child.process.pid, signal.SIGKILL)

    def kill_part(self, name: str, place: int) -> None:
        """SIGKILL to one of the process's own children, where it has some now."""
        with self._lock:
            child = self._children[name]
            parts = list_children(child.process.pid) if child.runs else []
            if parts:
                os.kill(parts[place % len(parts)], signal.SIGKILL)

    def stop(self) -> None:
        """Stop all, those that make work first."""
        self._ended.set()
        if self._keeper.is_alive():
            self._keeper.join()
        for name in (BEAT, *WORKERS, WEB, SANDBOX):
            self._children[name].stop()

    def _keep(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            with self._lock:
                for child in self._children.values():
                    self._look_after(child)

    def _look_after(self, child: Child) -> None:
        if child.process is not None and not child.runs:
            child.bury()
        if child.process is None and child.start_at and time.monotonic() >= child.start_at:
            child.start(self._environment)


def list_children(pid: int) -> list[int]:
    """The pids whose parent it is, oldest first; none where the system has no /proc."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] not in "ZX":
            found.append(int(entry.parent.name))
    return sorted(found)
