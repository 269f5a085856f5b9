"""A fresh server out of a base backup and the changes since, up to a moment; the backup stays as it is."""

import os
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from panel.backups.programs import BackupError, Server, find_program, run
from panel.backups.taking import find_first_wal, list_bases
from panel.engines import ports
from panel.engines.home import NOBODY

HBA = "host all all 127.0.0.1/32 scram-sha-256\n"
START_SECONDS = 3600  # replaying a day of changes takes a while


@dataclass(frozen=True)
class Restored:
    """A server that runs on restored data; `seconds` is how long that took."""

    server: Server
    data: Path
    base: Path
    programs: Path
    seconds: float

    def stop(self):
        """Stop it; its data stay."""
        run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", programs=self.programs, as_owner=True)


def restore(folder, data, server, until=None, port=None, programs=None):
    """Restore the backup in `folder` to the moment `until` (the newest there is, unless given) and start it.

    `data` must not exist; as root, its folder must be reachable by everybody. It listens on loopback alone, with the
    roles and passwords of the backup: `server` says which of them to use. Raises BackupError.
    """
    began = time.monotonic()
    programs = programs or find_program("pg_ctl").parent
    base = _choose_base(folder, until)
    if data.exists():
        raise BackupError(f"{data} is there already: a restore never writes over data")
    wal = data.with_name(f"{data.name}.wal")
    shutil.copytree(base, data, symlinks=True)
    _copy_wal(folder / "wal", wal, find_first_wal(base))
    _write_settings(data, wal, until)
    _hand_over(data, wal)
    port = ports.pick_port(port)
    options = f"-c port={port} -c listen_addresses={ports.HOST} -c unix_socket_directories=''"
    start = ["start", "-D", data, "-w", "-t", str(START_SECONDS), "-l", data / "restore.log", "-o", options]
    try:
        run("pg_ctl", *start, programs=programs, as_owner=True)
    except BackupError as error:
        raise BackupError(f"the restored server does not start: {_find_fault(data) or error}") from error
    fresh = Server(ports.HOST, port, server.user, server.password, server.database)
    return Restored(fresh, data, base, programs, time.monotonic() - began)


def _choose_base(folder, until):
    """The newest base backup that was done by then. Raises BackupError when there is none."""
    usable = [base for done, base in list_bases(folder) if until is None or done <= until]
    if not usable:
        raise BackupError(f"{folder} has no base backup from before {until or 'now'}")
    return usable[-1]


def _copy_wal(source, target, first):
    """Copy the files of changes from `first` on, and the one that was still being written under its final name."""
    target.mkdir(mode=0o700)
    for path in sorted(source.iterdir()):
        name = path.name.removesuffix(".partial")
        if name.endswith(".history") or name[8:] >= first[8:]:
            shutil.copy2(path, target / name)


def _write_settings(data, wal, until):
    settings = {
        "restore_command": f'cp "{wal}/%f" "%p"',
        "recovery_target_action": "promote",
        "hot_standby": "off",  # nobody may look before it is done, and the lost server's sizes don't bind it
        "archive_mode": "off",
        "primary_conninfo": "",
    }
    if until is not None:
        settings["recovery_target_time"] = until.astimezone(UTC).isoformat(sep=" ")
    with open(data / "postgresql.auto.conf", "a") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    (data / "postgresql.conf").touch()  # where a distribution keeps it elsewhere
    (data / "pg_hba.conf").write_text(HBA)
    (data / "recovery.signal").touch()


def _hand_over(*folders):
    """Give what was copied to whom the server runs as, with the rights that it insists on."""
    for folder in folders:
        folder.chmod(0o700)
        if os.geteuid() == 0:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def _find_fault(data):
    log = data / "restore.log"
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    faults = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    return faults[-1].partition("FATAL:")[2].strip() if faults else ""


def read_moment(text):
    """A moment with a zone, as 2026-11-28T10:00:00+03:30. Raises BackupError for one without."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BackupError(f"{text} is no moment") from error
    if moment.tzinfo is None:
        raise BackupError(f"{text} has no zone: write it as 2026-11-28T10:00:00+03:30")
    return moment
