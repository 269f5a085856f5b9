"""The embedded PostgreSQL: its first start, its later starts after whatever end, its stop."""

import secrets
import shutil
import subprocess
import time
from pathlib import Path

from panel.engines import ports, processes
from panel.engines.home import EngineError, Home, borrow_name
from panel.engines.record import HOST, NAME, Engine

TRIES = 8
ERROR_WORDS = ("FATAL:", "PANIC:", "ERROR:", "error:")
LOG_LIMIT_BYTES = 16 * 1024 * 1024
SSL_REQUEST = bytes([0, 0, 0, 8, 4, 210, 22, 47])
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def is_ready(folder: Path, known: Engine) -> bool:
    """True when the recorded server runs, says so in its pid file, and answers as PostgreSQL on its port."""
    pid, port, state = read_pid_file(folder / "run" / "data")
    if (pid, port, state) != (known.pid, known.port, "ready") or not known.alive:
        return False
    return ports.exchange(known.port, SSL_REQUEST) in (b"N", b"S")


def start(home: Home, known: Engine | None) -> Engine:
    """Start the server on its data, made first when there are none; the same engine when it runs already.

    Raises EngineError with the server's own last word when it does not start.
    """
    if known and is_ready(home.folder, known):
        return known
    data, password = home.run / "data", known.password if known else secrets.token_hex(16)
    stop_stray(home, data)
    if not data.exists():
        create_cluster(home, data, password)
    elif known is None:
        set_password(home, data, password)
    port = start_server(home, data, known.port if known else None)
    create_database(home, port, password)
    pid, _, _ = read_pid_file(data)
    return Engine(port=port, password=password, pid=pid, started=processes.read_started(pid) or "")


def stop(home: Home, known: Engine, mode: str = "fast") -> None:
    """Stop the recorded server, letting no new client in and breaking off the others.

    In `immediate` mode it writes nothing more, as after a crash, and recovers at its next start.
    """
    if known.alive:
        command = [home.programs / "pg_ctl", "stop", "-D", home.run / "data", "-m", mode, "-w", "-t", "60"]
        if home.execute(command, capture_output=True).returncode:
            processes.end(known.pid, known.started, seconds=5)


def create_cluster(home: Home, data: Path, password: str) -> None:
    """Make the data folder, in one step for whoever looks: a half-made one is thrown away."""
    half_done = data.with_name("data.new")
    shutil.rmtree(half_done, ignore_errors=True)
    password_file = home.write_private("password", password)
    # PostgreSQL's own C.UTF-8, so that no locale of the machine is needed and none changes under the data.
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"]
    named = borrow_name(home.engines_uid)
    command = [*named, home.programs / "initdb", "-D", half_done, "-U", NAME, "-A", "scram-sha-256", *locale]
    try:
        done = home.execute([*command, f"--pwfile={password_file}"], capture_output=True)
    finally:
        password_file.unlink()
    if done.returncode:
        raise EngineError(f"PostgreSQL's data could not be made: {find_cause(done.stderr)}")
    half_done.rename(data)


def set_password(home: Home, data: Path, password: str) -> None:
    """Give data whose password was lost a new one, by the single-user server, which asks for none."""
    named = borrow_name(home.engines_uid)
    command = [*named, home.programs / "postgres", "--single", "-D", data, "postgres"]
    with_password = {"input": f"ALTER ROLE {NAME} PASSWORD '{password}'\n", "stdin": None}
    for _ in range(TRIES):
        done = home.execute(command, capture_output=True, **with_password)
        if done.returncode == 0:
            return
        time.sleep(1)
    raise EngineError(f"PostgreSQL's password could not be set: {find_cause(done.stderr)}")


def start_server(home: Home, data: Path, wanted_port: int | None) -> int:
    """Start the server and return its port. The first tries after a killed server may fail: try again."""
    log = home.folder / "postgres.log"
    for _ in range(TRIES):
        port = wanted_port = ports.pick_port(wanted_port)
        settings = " ".join(f"-c {name}={value}" for name, value in {"port": port, **SETTINGS}.items())
        command = [home.programs / "pg_ctl", "start", "-D", data, "-w", "-t", "120", "-o", settings]
        mode = "w" if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES else "a"
        # The server keeps the open file, so its user needs no right to the folder.
        with open(log, mode) as output:
            before = output.tell()
            if home.execute(command, stdout=output, stderr=subprocess.STDOUT).returncode == 0:
                return port
        time.sleep(1)
    with open(log) as output:
        output.seek(before)
        raise EngineError(f"PostgreSQL does not start: {find_cause(output.read())} (more in {log})")


def create_database(home: Home, port: int, password: str) -> None:
    """Make the database named panel where it is missing."""
    script = (
        f"SELECT 'CREATE DATABASE {NAME}' WHERE NOT EXISTS "  # noqa: S608 - a constant of ours
        f"(SELECT FROM pg_database WHERE datname = '{NAME}') \\gexec\n"
    )
    where = ["-h", HOST, "-p", str(port), "-U", NAME, "-d", "postgres"]
    command = [home.programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *where]
    options = {"input": script, "stdin": None, "env": {"PGPASSWORD": password}}
    done = home.execute(command, capture_output=True, **options)
    if done.returncode:
        raise EngineError(f"PostgreSQL has no database {NAME}: {find_cause(done.stderr)}")


def stop_stray(home: Home, data: Path) -> None:
    """End a server that runs on our data unrecorded; forget a pid file whose pid is now another's."""
    pid, _, _ = read_pid_file(data)
    started = processes.read_started(pid) if pid else None
    if started is None:
        return
    if f" -D {data} " in processes.read_command(pid):
        stop(home, Engine(port=0, password="", pid=pid, started=started))
    else:
        (data / "postmaster.pid").unlink()


def read_pid_file(data: Path) -> tuple[int, int, str]:
    """The server's pid, port and state as its pid file has them; zeros and nothing where it has none."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), int(lines[3]), lines[7].strip()
    except (OSError, ValueError, IndexError):
        return 0, 0, ""


def find_cause(text: str) -> str:
    """The line of a program's output that says what is wrong: the last that names an error, else the last."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    causes = [line for line in lines if any(word in line for word in ERROR_WORDS)]
    return (causes or lines or ["it said nothing"])[-1]
