"""Placing through the standard API: over many wallets, on one hot wallet, and in bulk."""

from collections.abc import Iterator

from bench.calls import AddCalls, BulkCalls
from bench.results import BenchError, Result
from bench.run import Bench, take_pairs
from bench.seeding import CUSTOMERS
from orders.models import Order, Service


def measure_add(bench: Bench) -> Iterator[Result]:
    """`add` over 200 wallets, 8 connections, validation and idempotency lookup included."""
    yield _measure(bench, "add", f"add over {CUSTOMERS} wallets ÷ pgbench", CUSTOMERS, 0.40)


def measure_hot_wallet(bench: Bench) -> Iterator[Result]:
    """The same, all from one wallet: every order waits for the one before."""
    yield _measure(bench, "hot", "add on one hot wallet ÷ pgbench", 1, 0.35)


def measure_bulk(bench: Bench) -> Iterator[Result]:
    """`orders`, 1,000 a call: orders a second, not calls."""
    with bench.fresh_database(), bench.web() as port:
        before = Order.objects.count()
        calls = BulkCalls(port, first_service(), CUSTOMERS)
        bench.warm_up(port, calls.next_request, calls.check)

        def place() -> float:
            placed = calls.orders
            load = bench.load(port, calls.next_request, calls.check)
            return (calls.orders - placed) / load.seconds

        pairs = take_pairs(place, bench.take_pgbench)
        _compare_orders(before, calls.orders)
    note = pairs.describe("orders/s", "tps")
    what = "bulk orders, 1,000 a call ÷ pgbench"
    yield Result("bulk", what, pairs.ratio, 3.0, unit=" ×", note=note, facts=pairs.facts)


def first_service() -> int:
    """The id of a service of the default type."""
    return Service.objects.order_by("id").values_list("id", flat=True)[0]


def _measure(bench: Bench, row: str, what: str, wallets: int, target: float) -> Result:
    with bench.fresh_database(), bench.web() as port:
        before = Order.objects.count()
        calls = AddCalls(port, first_service(), wallets)
        bench.warm_up(port, calls.next_request, calls.check)

        def place() -> float:
            return bench.load(port, calls.next_request, calls.check).rate

        pairs = take_pairs(place, bench.take_pgbench)
        _compare_orders(before, len(set(calls.ids)))
    note = pairs.describe("orders/s", "tps")
    return Result(row, what, pairs.ratio, target, unit=" ×", note=note, facts=pairs.facts)


def _compare_orders(before: int, answered: int) -> None:
    """Every answered order is in the table, none twice, and no other. Raises BenchError."""
    stored = Order.objects.count() - before
    if stored != answered:
        raise BenchError(f"{answered} orders were answered, {stored} stored")
