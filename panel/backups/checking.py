"""Whether a restored database is whole: the ledger, the migrations, and what is newest in it."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

from panel.backups.programs import run

ROOT = Path(__file__).resolve().parents[2]
FACTS = {
    "orders": "SELECT count(*) FROM orders_order",
    "newest order": "SELECT coalesce(to_char(max(created) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS \"UTC\"'),"
    " 'none') FROM orders_order",
    "transfers": "SELECT count(*) FROM wallet_transfer",
    "customers": "SELECT count(*) FROM accounts_customer",
    "being sent or unclear": "SELECT count(*) FROM providers_dispatch WHERE state IN ('sending', 'unclear')",
    "queued": "SELECT count(*) FROM orders_order WHERE forwarding = 'queued' AND settled_at IS NULL",
}


def check_restored(restored):
    """`[(what, value)]` of a Restored for people, and whether all is well."""
    with ThreadPoolExecutor() as pool:  # each is a process that takes seconds to start
        words = (["audit_ledger"], ["migrate", "--check"])
        audit, migrations = pool.map(lambda each: _manage(restored, *each), words)
    rows = [(name, _ask(restored.server, sql)) for name, sql in FACTS.items()]
    rows += [
        ("ledger", "adds up, drift 0" if audit.returncode == 0 else _last_line(audit)),
        ("migrations", "all applied" if migrations.returncode == 0 else "this code's are not all applied"),
        ("base backup", restored.base.name),
        ("restored in", f"{restored.seconds:.1f} s"),
    ]
    return rows, audit.returncode == migrations.returncode == 0


def build_url(server):
    """The address of a server as DATABASE_URL has it."""
    login = f"{quote(server.user, safe='')}:{quote(server.password, safe='')}"
    return f"postgres://{login}@{server.host}:{server.port}/{quote(server.database, safe='')}"


def _ask(server, sql):
    words = ["-X", "-A", "-t", "-d", server.database, "-c", sql]
    return run("psql", *server.words, *words, server=server).strip()


def _manage(restored, *words):
    """One of our commands, on the restored database."""
    environment = os.environ | {"DATABASE_URL": build_url(restored.server)}
    command = [sys.executable, ROOT / "manage.py", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603 - our own


def _last_line(done):
    lines = (done.stderr or done.stdout).strip().splitlines()
    return lines[-1] if lines else f"exit {done.returncode}"
