"""`engines.json`: which engines run for this checkout, and how to reach them."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from panel.engines import processes
from panel.engines.home import EngineError

HOST = "127.0.0.1"
NAME = "panel"


@dataclass(frozen=True)
class Engine:
    """One server process: its port on loopback, its password, and which process it is."""

    port: int
    password: str = field(repr=False)
    pid: int
    started: str

    @property
    def alive(self) -> bool:
        """True while its process runs."""
        return processes.is_same(self.pid, self.started)


@dataclass(frozen=True)
class Engines:
    """The engines of one checkout. Both listen on loopback TCP only and ask for a password."""

    uid: int
    home: str
    postgres: Engine
    valkey: Engine

    @property
    def database_url(self) -> str:
        """The database named panel, for Django's settings."""
        return f"postgres://{NAME}:{self.postgres.password}@{HOST}:{self.postgres.port}/{NAME}"

    @property
    def redis_url(self) -> str:
        """Valkey's database 0."""
        return f"redis://:{self.valkey.password}@{HOST}:{self.valkey.port}/0"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time start or stop the engines of this checkout.

    Raises EngineError when the folder cannot be written to, or the disk is full.
    """
    try:
        folder.mkdir(mode=0o755, exist_ok=True)
        with open(folder / "engines.lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise EngineError(f"{error.strerror or error}: {error.filename or folder}") from error


def read_record(folder: Path, home: Path) -> Engines | None:
    """What was last written for this home; None when nothing was, or nothing that can be read as such.

    Raises EngineError when another user's engines are recorded.
    """
    try:
        content = json.loads((folder / "engines.json").read_text())
        engines = {name: Engine(**content[name]) for name in ("postgres", "valkey")}
        record = Engines(uid=content["uid"], home=content["home"], **engines)
    except PermissionError as error:
        raise EngineError(f"{folder} belongs to another user: run as its owner") from error
    except (OSError, ValueError, TypeError, KeyError):
        return None
    if record.uid != os.geteuid():
        raise EngineError(f"the engines in {folder} belong to uid {record.uid}: run as that user")
    return record if record.home == str(home) else None


def write_record(folder: Path, engines: Engines) -> None:
    """Write the record in one step, readable by its owner only."""
    new = folder / "engines.json.new"
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(engines), file, indent=2)
    new.replace(folder / "engines.json")
