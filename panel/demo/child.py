"""One process of the demo: how it is started, how it is seen to be dead, how it is stopped."""

import subprocess
import time
from pathlib import Path

from panel.engines import processes

LOG_LIMIT_BYTES = 16 * 1024 * 1024
STOP_SECONDS = 15
LONGEST_DELAY_SECONDS = 5
STEADY_SECONDS = 30


class Child:
    """A command kept running in a process group of its own, its output appended to a log file."""

    def __init__(self, name: str, command: list[str], folder: Path, log: Path | None, restarts: bool = True):
        self.name = name
        self.command = command
        self.folder = folder
        self.log = log
        self.restarts = restarts
        self.process: subprocess.Popen | None = None
        self.started = ""
        self.start_at = 0.0
        self.delay = 0.0
        self.born = 0.0
        self.status = 0

    def start(self, environment: dict[str, str]) -> None:
        """Start the command; without a log file it speaks on our own output."""
        output = None
        if self.log:
            too_long = self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES
            output = open(self.log, "w" if too_long else "a")  # noqa: SIM115 - closed below, once the child has it
        try:
            self.process = subprocess.Popen(  # noqa: S603 - a command of ours
                self.command,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
            )
        finally:
            if output:
                output.close()
        self.started = processes.read_started(self.process.pid) or ""
        self.born = time.monotonic()

    @property
    def runs(self) -> bool:
        """True while its process lives."""
        return self.process is not None and processes.is_same(self.process.pid, self.started)

    def bury(self) -> None:
        """Take a dead process' exit status and set when to start the next: at once, then ever later."""
        steady = time.monotonic() - self.born > STEADY_SECONDS
        self.start_at = time.monotonic() + (0 if steady else self.delay)
        self.delay = 1 if steady else min(max(2 * self.delay, 1), LONGEST_DELAY_SECONDS)
        # Not reaped yet, so its group's number is still its own: whatever it left behind goes with it.
        processes.kill_group(self.process.pid)
        self.status = self.process.wait()
        self.process = None

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask it to end, kill it after so many seconds."""
        if self.process is not None:
            processes.end(self.process.pid, self.started, seconds)
            processes.kill_group(self.process.pid)
            self.process.wait()
            self.process = None
