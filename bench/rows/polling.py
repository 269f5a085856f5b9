"""Polling a hundred thousand open orders of one provider: how many calls, and whether memory stays flat."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from bench.results import BenchError, Result
from bench.run import Bench
from bench.seeding import fill_orders, seed_upstream
from bench.servers import ROOT, run_sandbox
from orders.models import Order
from providers.models import Dispatch

ORDERS = 100_000
MOST_CALLS = 1_100
MOST_GROWTH_MB = 32
LOOK_SECONDS = 0.1
# The word has these orders in progress from their first moment on (providers/sandbox/fates.py).
LINK = "https://example.com/backward/polled"
_DISPATCH = """
INSERT INTO providers_dispatch (order_id, provider_id, upstream_service, idempotency_key, state, upstream_id,
    reason, excerpt, raw_status, resolved_by, answered_at, next_poll_at)
SELECT id, %s, '1', 'bench-' || id, 'accepted', (%s::bigint - 1 + row_number() OVER (ORDER BY id))::text,
    '', '', '', '', now(), now() - interval '1 second'
FROM orders_order WHERE status = 'processing'
"""


def measure_polling(bench: Bench) -> Iterator[Result]:
    """The real task in a process of its own, every order going from processing to in progress."""
    with bench.fresh_database(), run_sandbox(bench.environment, bench.folder) as sandbox:
        first, _ = sandbox.make_orders(ORDERS, LINK)
        provider = seed_upstream(sandbox.url)
        with connection.cursor() as cursor:
            fill_orders(cursor, ORDERS, status="processing")
            cursor.execute(_DISPATCH, [provider.pk, first])
            cursor.execute("VACUUM ANALYZE")
        start = time.monotonic()
        sizes = _poll_and_watch(bench)
        seconds = time.monotonic() - start
        counters = sandbox.read_counters()
        _check_end()
    calls = counters["status_calls"]
    facts = {"seconds": round(seconds, 1), "ids_asked": counters["ids_asked"]}
    note = f"{counters['ids_asked']:,} ids asked in {seconds:,.0f} s"
    what = f"upstream calls to poll {ORDERS:,} open orders"
    yield Result("poll", what, calls, MOST_CALLS, at_most=True, note=note, facts=facts)
    # By then every pool thread, connection and cache is there; what comes on top grows with the orders.
    settled, highest = sizes[len(sizes) // 5], max(sizes)
    facts = {"settled_mb": round(settled, 1), "highest_mb": round(highest, 1), "last_mb": round(sizes[-1], 1)}
    note = f"{settled:,.0f} MB after a fifth of the way, at most {highest:,.0f} MB"
    what = "memory that polling grew by after a fifth of the way"
    yield Result(
        "poll", what, highest - settled, MOST_GROWTH_MB, at_most=True, unit=" MB", note=note, facts=facts
    )


def _poll_and_watch(bench: Bench) -> list[float]:
    """Poll until nothing is due; the process' resident memory meanwhile in MB, every tenth of a second."""
    command = [sys.executable, "-m", "bench.poll_once"]
    sizes = []
    with (
        open(bench.folder / "poll.log", "w+") as log,
        subprocess.Popen(
            command, cwd=ROOT, env=bench.environment, stdout=subprocess.PIPE, stderr=log
        ) as process,
    ):
        try:
            process.stdout.readline()  # it says when it is about to begin
            while process.poll() is None:
                sizes.append(_read_memory(process.pid))
                time.sleep(LOOK_SECONDS)
        finally:
            process.kill()
        log.seek(0)
        if process.returncode or len(sizes) < 5:
            raise BenchError(f"polling failed: {log.read().strip()[-300:]}")
    return sizes


def _read_memory(pid: int) -> float:
    """Resident memory of a process in MB. 0 when it has just ended."""
    status = Path(f"/proc/{pid}/status")
    try:
        text = status.read_text()
    except FileNotFoundError:
        done = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return int(done.stdout or 0) / 1024
    resident = [line.split()[1] for line in text.splitlines() if line.startswith("VmRSS:")]
    return int(resident[0]) / 1024 if resident else 0.0


def _check_end() -> None:
    """Every order is in progress now and none is due. Raises BenchError."""
    moved = Order.objects.filter(status=Order.Status.IN_PROGRESS).count()
    waiting = Dispatch.objects.filter(state=Dispatch.State.ACCEPTED, next_poll_at__isnull=False).count()
    if (moved, waiting) != (ORDERS, ORDERS):
        raise BenchError(f"{moved} of {ORDERS} orders were moved on by polling, {waiting} are polled again")
