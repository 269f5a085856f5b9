"""A database that is lost on purpose comes back as it was at a moment, and the upstream gets nothing twice."""

import subprocess
import sys

import pytest

from panel.backups import BackupError, Server, restore
from panel.backups.restoring import read_moment
from tests.running import ROOT, build_environment


@pytest.mark.django_db(transaction=True)
def test_the_restore_drill_finds_nothing_amiss():
    command = [sys.executable, "-m", "scripts.restore_drill", "--like", build_environment()["DATABASE_URL"]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    told = dict(line.split("  ", 1) for line in done.stdout.splitlines() if "  " in line.strip())
    told = {name: value.strip() for name, value in told.items()}
    assert done.returncode == 0, done.stdout + done.stderr
    names = ("orders", "orders then, and now", "ledger", "migrations")
    names += ("sent before the loss", "sent again afterwards")
    assert [told[name] for name in names] == ["40", "40, 40", "adds up, drift 0", "all applied", "60", "0"]
    assert "40 orders were queued: they may have been sent, and are unclear" in done.stdout


def test_a_moment_before_the_first_base_backup_is_refused(tmp_path):
    (tmp_path / "base/20260601T000000Z").mkdir(parents=True)
    server = Server.read("postgres://panel@127.0.0.1:1/panel")
    with pytest.raises(BackupError, match="no base backup from before"):
        restore(tmp_path, tmp_path / "data", server, read_moment("2026-05-31T23:59:59+00:00"))


def test_a_restore_never_writes_over_data(tmp_path):
    (tmp_path / "base/20260601T000000Z").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    with pytest.raises(BackupError, match="is there already"):
        restore(tmp_path, tmp_path / "data", Server.read("postgres://panel@127.0.0.1:1/panel"))


@pytest.mark.parametrize("text", ["yesterday", "2026-06-01T10:00:00"])
def test_a_moment_without_a_zone_is_refused(text):
    with pytest.raises(BackupError):
        read_moment(text)


def test_an_address_is_read_with_its_escapes():
    server = Server.read("postgres://a%40b:p%2Fw@db.example:6432/panel")
    assert server == Server("db.example", 6432, "a@b", "p/w", "panel")
    assert server.words == ["-h", "db.example", "-p", "6432", "-U", "a@b", "--no-password"]
