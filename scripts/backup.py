"""Back the database up: `python -m scripts.backup base|wal|forget --to FOLDER`.

`wal` runs for ever (a service of its own, on another machine than the database); `base` once a day, then `forget`.
The server is DATABASE_URL's, whose role needs REPLICATION; the embedded one when that is unset.
"""

import argparse
import os
import sys
from pathlib import Path

from panel import engines
from panel.backups import BackupError, Server, forget_old, receive_wal, take_base


def main():
    """Do what the command line says; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.backup", description=__doc__)
    parser.add_argument("what", choices=["base", "wal", "forget"])
    parser.add_argument("--to", type=Path, required=True, help="the folder of all backups")
    parser.add_argument("--keep", type=int, default=7, help="base backups that `forget` leaves (7)")
    given = parser.parse_args()
    try:
        return {"base": take, "wal": stream, "forget": forget}[given.what](given)
    except BackupError as error:
        print(error, file=sys.stderr)
        return 1


def take(given):
    print(take_base(find_server(), given.to))
    return 0


def stream(given):
    """Until it is told to stop; a supervisor starts it again when the connection broke."""
    process = receive_wal(find_server(), given.to)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        return process.wait()


def forget(given):
    print(f"{forget_old(given.to, max(given.keep, 1))} base backups forgotten")
    return 0


def find_server():
    """The server of DATABASE_URL, or the embedded one. Raises BackupError when there is none."""
    running = None if os.environ.get("DATABASE_URL") else engines.find()
    url = os.environ.get("DATABASE_URL") or (running and running.database_url)
    if not url:
        raise BackupError("no server: set DATABASE_URL, or start the embedded engines")
    return Server.read(url)


if __name__ == "__main__":
    sys.exit(main())
