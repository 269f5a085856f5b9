"""The databases of the steps: one shop after two days, two hundred, many years; as many open orders in each.

`DAY_ORDERS` a day however many there are: what reads today's rows finds as many in every step, and only what reads
more than it should gets slower.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from django.core.management import call_command
from django.db import connection

from bench.databases import PANEL, SCALE, Databases
from bench.run import Bench
from bench.seeding import SERVICES, fill_orders, seed_customers, seed_services, seed_upstream

DAY_ORDERS = 500
OPEN_ORDERS = 400
APART_SECONDS = 86_400 / DAY_ORDERS
LINK = (
    "https://example.com/stuck/open"  # the sandbox leaves such an order pending (providers/sandbox/fates.py)
)
ROWS_AT_A_TIME = 100_000
# Finished orders were sent and ended; open ones are asked about at the sandbox, which has them from `first` on.
_SENT = """
INSERT INTO providers_dispatch (order_id, provider_id, upstream_service, idempotency_key, state, upstream_id,
    reason, excerpt, raw_status, resolved_by, created, answered_at, next_poll_at)
SELECT id, %(provider)s, '1', 'scale-' || id, 'accepted',
    (CASE WHEN settled_at IS NULL THEN %(first)s::bigint + id - %(ended)s - 1 ELSE -id END)::text,
    '', '', 'Completed', '', created, created, CASE WHEN settled_at IS NULL THEN now() END
FROM orders_order WHERE id > %(after)s AND id <= %(upto)s
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A database with so many orders; `name` is its own, `url` its address."""

    orders: int
    name: str
    url: str

    def connect(self) -> None:
        """Let Django's connection of this process be to it."""
        connection.close()
        connection.settings_dict["NAME"] = self.name


def seed_base(sandbox_url: str) -> int:
    """Customers, services and the provider in Django's empty database; returns the provider's id."""
    call_command("migrate", verbosity=0)
    seed_customers()
    seed_services(SERVICES)
    return seed_upstream(sandbox_url).pk


@contextlib.contextmanager
def filled_steps(bench: Bench, sizes: list[int], provider_id: int, first: int) -> Iterator[list[Step]]:
    """A copy of the base for each size, filled; `first` is the sandbox's number of the first open order."""
    databases: Databases = bench.databases
    connection.close()
    usual = connection.settings_dict["NAME"]
    names = [f"{SCALE}_{place}" for place in range(len(sizes))]
    steps = [Step(size, name, databases.url_of(name)) for size, name in zip(sizes, names, strict=True)]
    try:
        for step in steps:
            print(f"filling {step.orders:,} orders …", flush=True)
            databases.create(step.name, PANEL)
            _fill(step, provider_id, first)
        yield steps
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
        for step in steps:
            databases.drop(step.name)


def _fill(step: Step, provider_id: int, first: int) -> None:
    with psycopg.connect(step.url, autocommit=True) as link:
        link.execute("SET synchronous_commit = off")
        cursor = link.cursor()
        fill_orders(cursor, step.orders - OPEN_ORDERS, apart=APART_SECONDS)
        fill_orders(cursor, OPEN_ORDERS, status="processing")
        link.execute("UPDATE orders_order SET link = %s || id WHERE settled_at IS NULL", [LINK])
        numbers = {"provider": provider_id, "first": first, "ended": step.orders - OPEN_ORDERS}
        for after in range(0, step.orders, ROWS_AT_A_TIME):
            upto = min(after + ROWS_AT_A_TIME, step.orders)
            link.execute(_SENT, numbers | {"after": after, "upto": upto})
        settle_server(link)


def settle_server(link: psycopg.Connection) -> None:
    """Leave nothing to the background that would be done, and paid for, during a measurement."""
    link.execute("VACUUM (FREEZE, ANALYZE)")
    with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
        link.execute("CHECKPOINT")
