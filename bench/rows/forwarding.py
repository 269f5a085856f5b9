"""Forwarding by the real worker to a slow upstream: how near it comes to a pool that never waits for us."""

import time
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.models import Max, Min

from bench.results import BenchError, Result
from bench.run import Bench
from bench.seeding import fill_orders, seed_upstream
from bench.servers import QUEUES, read_last_words, run_sandbox, run_worker
from panel.celery import app
from panel.demo.child import Child
from providers.models import Dispatch

ORDERS = 3_000
LATENCY_SECONDS = 0.05
LONGEST_SECONDS = 180
LOOK_SECONDS = 0.5


def measure_forwarding(bench: Bench) -> Iterator[Result]:
    """Orders a second from the first dispatch to the last answer ÷ (pool size ÷ latency)."""
    with bench.fresh_database(), run_sandbox(bench.environment, bench.folder, LATENCY_SECONDS) as sandbox:
        seed_upstream(sandbox.url)
        with connection.cursor() as cursor:
            fill_orders(cursor, ORDERS, status="pending", forwarding="queued")
        forget_wakeups()
        with run_worker(bench.environment, bench.folder) as worker:
            # One call only: each forwarding run has a pool of its own, and one pool is measured.
            app.send_task("providers.tasks.forward_orders")
            _wait_for_answers(worker)
        counters = sandbox.read_counters()
        rate = ORDERS / _read_seconds()
    if (counters["adds_received"], counters["orders_made"]) != (ORDERS, ORDERS):
        raise BenchError(
            f"the upstream got {counters['adds_received']} adds, made {counters['orders_made']} orders"
        )
    ideal = settings.FORWARD_POOL_SIZE / LATENCY_SECONDS
    pool = f"{settings.FORWARD_POOL_SIZE} at a time, {LATENCY_SECONDS * 1000:.0f} ms each"
    note = f"{rate:,.0f} orders/s of {ideal:,.0f}: {pool}"
    facts = {"orders": ORDERS, "orders_per_second": round(rate, 1), "ideal": ideal}
    what = f"forwarding {ORDERS:,} orders ÷ (pool size ÷ latency)"
    yield Result("forward", what, rate / ideal, 0.75, unit=" ×", note=note, facts=facts)


def forget_wakeups() -> None:
    """Drop what earlier rows told the workers, which nobody has heard yet."""
    with app.connection_for_write() as broker:
        for queue in QUEUES.split(","):
            broker.default_channel.queue_purge(queue)


def _wait_for_answers(worker: Child) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    accepted = Dispatch.objects.filter(state=Dispatch.State.ACCEPTED)
    while (done := accepted.count()) < ORDERS:
        if not worker.runs:
            raise BenchError(f"the worker died: {read_last_words(worker)}")
        if time.monotonic() > deadline:
            raise BenchError(f"{done} of {ORDERS} orders were accepted: {read_last_words(worker)}")
        time.sleep(LOOK_SECONDS)


def _read_seconds() -> float:
    span = Dispatch.objects.aggregate(first=Min("created"), last=Max("answered_at"))
    return (span["last"] - span["first"]).total_seconds()
