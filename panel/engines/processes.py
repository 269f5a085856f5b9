"""What this machine's process table says, so that no process is taken for another that had its pid before."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

PROC = Path("/proc/self/stat").exists()
# Positions in /proc/PID/stat after the command's name: its state and its start in clock ticks since boot.
STATE, START = 0, 19
KILL_SECONDS = 5


def read_started(pid: int) -> str | None:
    """When the process started, in whatever unit the system counts; None when it is gone or only a zombie."""
    if PROC:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[STATE] in "ZX" else fields[START]
    state, _, started = _ask_ps(pid, "stat=,lstart=").partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


def read_command(pid: int) -> str:
    """The process' command line, its arguments parted by spaces; empty when it is gone."""
    if PROC:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    return _ask_ps(pid, "args=") + " "


def is_same(pid: int, started: str) -> bool:
    """True while the process that had this pid at that time still runs."""
    return bool(started) and read_started(pid) == started


def wait_gone(pid: int, started: str, seconds: float) -> bool:
    """True as soon as the process is gone, False when it still runs after so many seconds."""
    deadline = time.monotonic() + seconds
    while is_same(pid, started):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def end(pid: int, started: str, seconds: float, group: bool = False) -> bool:
    """Ask exactly this process to end, and kill it (and the group it leads) after so many seconds.

    Returns False when it was gone already.
    """
    if not is_same(pid, started):
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        if not wait_gone(pid, started, seconds):
            os.kill(pid, signal.SIGKILL)
            wait_gone(pid, started, KILL_SECONDS)
    if group:
        kill_group(pid)
    return True


def kill_group(pid: int) -> None:
    """Kill what a process just ended left in the group it led."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says the latter of zombies
        os.killpg(pid, signal.SIGKILL)


def _ask_ps(pid: int, columns: str) -> str:
    answer = subprocess.run(["ps", "-o", columns, "-p", str(pid)], capture_output=True, text=True)  # noqa: S603, S607 - fixed words and a number; ps has no one place
    return answer.stdout.strip()
