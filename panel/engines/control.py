"""Start, stop and find the engines of this checkout."""

import os
import shutil
from pathlib import Path

from panel.engines import postgres, valkey
from panel.engines.home import EngineError, find_wheels, locate_home, open_home
from panel.engines.record import Engines, locked, read_record, write_record

FOLDER = Path(__file__).resolve().parents[2] / ".panel"


def find(folder: Path = FOLDER) -> Engines | None:
    """The running engines of this checkout; None unless both answer on their ports. Takes milliseconds."""
    if not (folder / "engines.json").exists():
        return None
    try:
        home = locate_home(folder)
        known = read_record(folder, home)
    except (EngineError, OSError):
        return None
    ready = known and postgres.is_ready(home, known.postgres) and valkey.is_ready(known.valkey)
    return known if ready else None


def start(folder: Path = FOLDER) -> Engines:
    """Start whichever engine does not run. Two callers at once start one of each.

    Raises EngineError: no wheel for this machine, a full disk, another user's folder, a server that fails.
    """
    with locked(folder):
        home = open_home(folder)
        known = read_record(folder, home.folder)
        database = postgres.start(home, known and known.postgres)
        try:
            broker = valkey.start(home, known and known.valkey)
        except EngineError:
            postgres.stop(home, database)
            raise
        engines = Engines(uid=os.geteuid(), home=str(home.folder), postgres=database, valkey=broker)
        if engines != known:
            write_record(folder, engines)
        return engines


def stop(folder: Path = FOLDER) -> bool:
    """Stop the engines, Valkey first; their data and ports stay. Returns False when none ran."""
    if not (folder / "engines.json").exists():
        return False
    with locked(folder):
        home = open_home(folder)
        known = read_record(folder, home.folder)
        if known is None or not (known.postgres.alive or known.valkey.alive):
            return False
        valkey.stop(known.valkey)
        postgres.stop(home, known.postgres)
        return True


def erase(folder: Path = FOLDER) -> None:
    """Stop the engines and remove their data for good."""
    stop(folder)
    with locked(folder):
        shutil.rmtree(locate_home(folder), ignore_errors=True)
        (folder / "engines.json").unlink(missing_ok=True)


def pg_bin(name: str) -> Path:
    """The path of one of PostgreSQL's programs (`psql`, `pgbench`, `pg_dump` …). It needs no environment.

    Raises EngineError when the wheel has no such program.
    """
    program = find_wheels()[0] / "bin" / name
    if not program.exists():
        raise EngineError(f"PostgreSQL's wheel has no program named {name}")
    return program
