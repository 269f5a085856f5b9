"""Taking backups: `base/` holds copies of the whole server, named for when they were done, `wal/` all changes since.

`pg_receivewal` streams the changes as they happen, to whichever machine it runs on; a server whose disk is gone has
lost less than a second. It needs no restart and no command on the server, as archive_command does.
"""

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

from panel.backups.programs import find_program, run

SLOT = "panel_backup"
STAMP = "%Y%m%dT%H%M%SZ"


def take_base(server, folder):
    """Copy the running server into `folder/base/` and verify the copy; returns its path. Raises BackupError."""
    bases = folder / "base"
    bases.mkdir(mode=0o700, parents=True, exist_ok=True)
    half_done = bases / "new"
    rmtree(half_done, ignore_errors=True)
    run("pg_basebackup", *server.words, "-D", half_done, "-X", "stream", "-c", "fast", server=server)
    run("pg_verifybackup", "-q", half_done)
    # Its end, rounded up: a moment before that can't be restored from it.
    done = datetime.fromtimestamp(int(datetime.now(UTC).timestamp()) + 1, UTC)
    return half_done.rename(bases / done.strftime(STAMP))


def receive_wal(server, folder):
    """Start streaming changes into `folder/wal/`; returns the process, which ends when it is told to or can't go on.

    The server keeps what was not fetched yet: bound that by its max_slot_wal_keep_size.
    """
    wal = folder / "wal"
    wal.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = [*server.words, "-D", wal, "-S", SLOT]
    run("pg_receivewal", *options, "--create-slot", "--if-not-exists", server=server)
    command = [find_program("pg_receivewal"), *options, "--status-interval", "1"]
    return subprocess.Popen(command, env=server.environment, stdin=subprocess.DEVNULL)  # noqa: S603 - PostgreSQL's own


def forget_old(folder, keep):
    """Delete all base backups but the newest `keep`, and the changes from before the oldest of those."""
    bases = list_bases(folder)
    for _, base in bases[:-keep]:
        rmtree(base)
    if kept := bases[-keep:]:
        run("pg_archivecleanup", folder / "wal", find_first_wal(kept[0][1]))
    return len(bases[:-keep])


def list_bases(folder):
    """`[(when it was done, path)]` of the base backups, the oldest first."""
    found = (base for base in (folder / "base").iterdir() if base.name != "new")
    return sorted((datetime.strptime(base.name, STAMP).replace(tzinfo=UTC), base) for base in found)


def find_first_wal(base):
    """The name of the first file of changes that a base backup needs."""
    line = next(line for line in Path(base, "backup_label").read_text().splitlines() if "(file " in line)
    return line.rpartition("(file ")[2].rstrip(")")
