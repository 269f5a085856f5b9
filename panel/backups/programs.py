"""PostgreSQL's programs, and the server that they are to talk to."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from panel.engines import EngineError, pg_bin
from panel.engines.home import NOBODY
from panel.engines.postgres import find_cause


class BackupError(Exception):
    """A backup or restore can't be made; the text is one line for people."""


@dataclass(frozen=True)
class Server:
    """Where a PostgreSQL listens, and as whom to enter. Its password is never part of a command line."""

    host: str
    port: int
    user: str
    password: str
    database: str

    @classmethod
    def read(cls, url):
        """Read `postgres://user:password@host:port/database`."""
        parts = urlsplit(url)
        name = parts.path.lstrip("/")
        user, password = unquote(parts.username or "postgres"), unquote(parts.password or "")
        return cls(parts.hostname or "localhost", parts.port or 5432, user, password, unquote(name))

    @property
    def words(self):
        """Options for PostgreSQL's clients, which must not ask for a password."""
        return ["-h", self.host, "-p", str(self.port), "-U", self.user, "--no-password"]

    @property
    def environment(self):
        """What the clients need beside their options."""
        return os.environ | {"PGPASSWORD": self.password, "LC_ALL": "C"}


def find_program(name):
    """The path of a program: in the folder PG_BIN names, in the embedded engines' wheel, or on the PATH."""
    if folder := os.environ.get("PG_BIN"):
        return Path(folder) / name
    try:
        return pg_bin(name)
    except EngineError:
        found = shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is not here: install PostgreSQL's programs, or set PG_BIN to their folder")
    return Path(found)


def run(name, *options, server=None, programs=None, as_owner=False):
    """Run one of PostgreSQL's programs to its end. Raises BackupError with its own last word.

    `programs` is a folder to take it from; `as_owner` runs it as whom a server may run: root may not.
    """
    command = [programs / name if programs else find_program(name), *options]
    identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if as_owner and os.geteuid() == 0 else {}
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        command,
        env=server.environment if server else os.environ | {"LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        **identity,
    )
    if done.returncode:
        raise BackupError(f"{name} failed: {find_cause(done.stderr or done.stdout)}")
    return done.stdout
