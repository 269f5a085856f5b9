"""What a million orders in the table cost, beside a thousand."""

import contextlib
from collections.abc import Callable, Iterator

import psycopg

from bench.calls import AddCalls, is_status, status_calls
from bench.databases import PANEL, PANEL_FULL
from bench.results import Result
from bench.rows.placing import first_service
from bench.run import Bench, Measure, take_pairs
from bench.seeding import CUSTOMERS, ORDERS, fill_orders

MANY_ORDERS = 1_000_000
LIMIT = 1.3
# As many as the small table has, spread over the whole of the large one.
_SAMPLE = """
SELECT number, id FROM orders_order
JOIN (SELECT id AS customer_id, row_number() OVER (ORDER BY id) - 1 AS number FROM accounts_customer) c
    USING (customer_id)
WHERE settled_at IS NOT NULL ORDER BY md5(id::text) LIMIT %s
"""


def measure_growth(bench: Bench) -> Iterator[Result]:
    """Time of placing and of status with 1,000,000 orders ÷ with 1,000, two web processes in turns."""
    with contextlib.ExitStack() as stack:
        urls = [stack.enter_context(bench.fresh_database(name)) for name in (PANEL, PANEL_FULL)]
        _fill(urls[1])
        service_id = first_service()
        ports = [stack.enter_context(bench.web(url)) for url in urls]
        few, many = (
            _prepare_status(bench, port, sample_finished(url)) for port, url in zip(ports, urls, strict=True)
        )
        yield _compare("status", few, many)
        few, many = (_prepare_add(bench, port, service_id) for port in ports)
        yield _compare("add", few, many)


def _compare(action: str, few: Measure, many: Measure) -> Result:
    """Calls a second turned into times: more calls are less time."""
    pairs = take_pairs(few, many)
    what = f"time of {action} with {MANY_ORDERS:,} orders ÷ with {ORDERS:,}"
    note = pairs.describe("calls/s with few", "with many")
    return Result("growth", what, pairs.ratio, LIMIT, at_most=True, unit=" ×", note=note, facts=pairs.facts)


def _prepare_status(bench: Bench, port: int, own: list[tuple[int, int]]) -> Measure:
    return _warm(bench, port, status_calls(port, own), is_status)


def _prepare_add(bench: Bench, port: int, service_id: int) -> Measure:
    calls = AddCalls(port, service_id, CUSTOMERS)
    return _warm(bench, port, calls.next_request, calls.check)


def _warm(bench: Bench, port: int, next_request: Callable[[], bytes], check: Callable) -> Measure:
    bench.warm_up(port, next_request, check)
    return lambda: bench.load(port, next_request, check).rate


def _fill(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        fill_orders(connection.cursor(), MANY_ORDERS - ORDERS)
        connection.execute("VACUUM (FREEZE, ANALYZE)")
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "CHECKPOINT"
            )  # else the pages just written are written out during a measurement


def sample_finished(url: str) -> list[tuple[int, int]]:
    """(number of the customer, id of the order) of ORDERS finished ones, from all over the table."""
    with psycopg.connect(url) as connection:
        return connection.execute(_SAMPLE, [ORDERS]).fetchall()
