"""The embedded Valkey: broker and cache, nothing durable."""

import secrets
import time
from pathlib import Path

from panel.engines import ports, processes
from panel.engines.home import EngineError, Home
from panel.engines.record import HOST, Engine

TRIES = 3
CONFIGURATION_NAME = "valkey.conf"
START_SECONDS = 10
# The title stays the command line, by which a server of ours is told from another's.
# No snapshot and no append-only file: orders live in PostgreSQL, and losing the broker loses none of them.
CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
daemonize yes
set-proc-title no
dir {folder}
pidfile {folder}/valkey.pid
logfile {folder}/valkey.log
save ""
appendonly no
maxmemory-policy noeviction
"""


def is_ready(known: Engine) -> bool:
    """True when the recorded server runs and answers to its password."""
    return known.alive and answers(known.port, known.password)


def answers(port: int, password: str) -> bool:
    """True when a Valkey with this password listens on the port."""
    return ports.exchange(port, f"AUTH {password}\r\n".encode()).startswith(b"+OK")


def start(home: Home, known: Engine | None) -> Engine:
    """Start the server, on the port it had when that is free; the same engine when it runs already.

    Raises EngineError with the server's own last word when it does not start.
    """
    if known and is_ready(known):
        return known
    stop_stray(home)
    password = known.password if known else secrets.token_hex(16)
    wanted = known.port if known else None
    for _ in range(TRIES):
        port = ports.pick_port(wanted)
        values = {"host": HOST, "port": port, "password": password, "folder": home.run}
        configuration = home.write_private(CONFIGURATION_NAME, CONFIGURATION.format(**values))
        done = home.execute([home.valkey, configuration], capture_output=True)
        pid = wait_ready(home, port, password) if done.returncode == 0 else None
        if pid:
            return Engine(port=port, password=password, pid=pid, started=processes.read_started(pid) or "")
    last = (done.stdout + done.stderr + read_log(home)).strip().splitlines() or ["it said nothing"]
    raise EngineError(f"Valkey does not start: {last[-1].strip()}")


def stop(known: Engine) -> None:
    """Stop the recorded server."""
    processes.end(known.pid, known.started, seconds=10)


def wait_ready(home: Home, port: int, password: str) -> int | None:
    """The server's pid once it answers; None when it does not within ten seconds."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if answers(port, password) and (pid := read_pid(home.run)):
            return pid
        time.sleep(0.02)
    return None


def stop_stray(home: Home) -> None:
    """End a server of ours that runs unrecorded, and forget the pid of the last one."""
    pid = read_pid(home.run)
    started = processes.read_started(pid) if pid else None
    if started and f" {home.folder / CONFIGURATION_NAME} " in processes.read_command(pid):
        processes.end(pid, started, seconds=5)
    (home.run / "valkey.pid").unlink(missing_ok=True)


def read_pid(folder: Path) -> int | None:
    """The pid in the server's pid file."""
    try:
        return int((folder / "valkey.pid").read_text())
    except (OSError, ValueError):
        return None


def read_log(home: Home) -> str:
    """The end of the server's log."""
    log = home.run / "valkey.log"
    return log.read_text(errors="replace")[-2000:] if log.exists() else ""
