"""Restore a backup into a fresh server: `python -m scripts.restore --from FOLDER --until 2026-11-28T10:00:00+03:30`.

The server listens on loopback, on a port of its own; nothing that runs is touched. DATABASE_URL says which role,
password and database to check with; they are the backup's. It stays up: point DATABASE_URL at it, run
`manage.py after_restore --since …`, then start the processes.
"""

import argparse
import sys
from pathlib import Path

from panel import engines
from panel.backups import BackupError, restore
from panel.backups.checking import check_restored
from panel.backups.restoring import read_moment
from panel.engines.home import open_home
from scripts.backup import find_server


def main():
    """Restore, check and tell; returns the exit status, 1 unless all is well."""
    parser = argparse.ArgumentParser(prog="python -m scripts.restore", description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, required=True, help="the folder of all backups")
    parser.add_argument("--until", help="the moment, with its zone; the newest there is, unless given")
    parser.add_argument("--data", type=Path, help="the new server's data folder, which must not exist")
    parser.add_argument("--port", type=int, help="the new server's port; a free one, unless given")
    given = parser.parse_args()
    try:
        until = read_moment(given.until) if given.until else None
        data, programs = find_place(given.data)
        restored = restore(given.folder, data, find_server(), until, given.port, programs)
        rows, is_whole = check_restored(restored)
    except (BackupError, engines.EngineError) as error:
        print(error, file=sys.stderr)
        return 1
    tell(rows, restored)
    return 0 if is_whole else 1


def find_place(data):
    """`(data folder, folder of programs or None)`: beside the embedded engine's own data unless one is given."""
    if data is not None:
        return data, None
    home = open_home(engines.FOLDER)
    return home.run / "restored", home.programs


def tell(rows, restored):
    """Print what was found, and where the server is."""
    for name, value in rows:
        print(f"{name:<24} {value}")
    print(f"{'server':<24} {restored.server.host}:{restored.server.port}, data in {restored.data}")
    print(f"{'stop it':<24} {restored.programs / 'pg_ctl'} stop -D {restored.data}")


if __name__ == "__main__":
    sys.exit(main())
