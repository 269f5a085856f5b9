"""Reading through the standard API: the status of one order, and the list of services."""

import json
from collections.abc import Callable, Iterator

from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from bench.calls import is_status, services_call, status_calls
from bench.connection import HOST
from bench.results import BenchError, Result
from bench.run import Bench, take_pairs
from bench.seeding import SERVICES, make_token, seed_services
from orders.models import Order
from panel.accounts.models import Customer
from panel.api.standard.views import call

MANY_SERVICES = 10_000
# How often the statements that this session prepared were run: the hot path's.
_PREPARED_RUNS = "SELECT coalesce(sum(generic_plans + custom_plans), 0)::int FROM pg_prepared_statements"


def measure_status(bench: Bench) -> Iterator[Result]:
    """`status` of one own order, over all customers and orders."""
    with bench.fresh_database(), bench.web() as port:
        next_request = status_calls(port, list_own_orders())
        bench.warm_up(port, next_request, is_status)
        pairs = take_pairs(lambda: bench.load(port, next_request, is_status).rate, bench.take_pgbench)
    note = pairs.describe("calls/s", "tps")
    what = "status of one own order ÷ pgbench"
    yield Result("status", what, pairs.ratio, 0.80, unit=" ×", note=note, facts=pairs.facts)


def list_own_orders() -> list[tuple[int, int]]:
    """(number of the customer, id of the order) of every order in the database Django is connected to."""
    numbers = {
        pk: number for number, pk in enumerate(Customer.objects.order_by("id").values_list("id", flat=True))
    }
    return [(numbers[customer], pk) for customer, pk in Order.objects.values_list("customer_id", "id")]


def measure_services(bench: Bench) -> Iterator[Result]:
    """`services` in full and as 304 with 1,000 services, and the queries it takes with 10,000."""
    with bench.fresh_database(), bench.web() as port:
        body, etag = _render()
        zipped, _ = _render(HTTP_ACCEPT_ENCODING="gzip")
        if len(json.loads(body)) != SERVICES:
            raise BenchError(f"{len(json.loads(body))} services are listed, not {SERVICES}")
        full, is_full = services_call(port, {}), _answer_check(200, body)
        asked, is_zipped = services_call(port, {"Accept-Encoding": "gzip"}), _answer_check(200, zipped)
        known, is_unchanged = services_call(port, {"If-None-Match": etag}), _answer_check(304, b"")
        bench.warm_up(port, lambda: full, is_full)
        pairs = take_pairs(lambda: bench.load(port, lambda: asked, is_zipped).rate, bench.take_pgbench)
        plain = take_pairs(lambda: bench.load(port, lambda: full, is_full).rate, bench.take_pgbench)
        unchanged = bench.load(port, lambda: known, is_unchanged).rate
        queries, prepared = _count_queries()
    note = f"{pairs.describe('calls/s', 'tps')}, gzip as most clients ask, {len(zipped) / 1024:,.0f} KiB each"
    what = f"services, {SERVICES:,} of them ÷ pgbench"
    yield Result("services", what, pairs.ratio, 1.0, unit=" ×", note=note, facts=pairs.facts)
    note = f"{plain.describe('calls/s', 'tps')}, {len(body) / 1024:,.0f} KiB each"
    what = "the same, not compressed ÷ pgbench"
    yield Result("services", what, plain.ratio, unit=" ×", note=note, facts=plain.facts)
    yield Result("services", "the same, answered 304", round(unchanged), unit=" calls/s")
    note = f"and {prepared} prepared statement that knows the token and the catalogue's version"
    what = f"queries for {MANY_SERVICES:,} services"
    yield Result("services", what, queries, 1, at_most=True, note=note, facts={"prepared": prepared})


def _answer_check(expected: int, body: bytes) -> Callable[[int, bytearray, int, int], bool]:
    """Whether an answer has this status and body to the byte."""

    def check(status: int, buffer: bytearray, start: int, end: int) -> bool:
        return status == expected and end - start == len(body) and buffer.startswith(body, start)

    return check


def _render(**headers: str) -> tuple[bytes, str]:
    """The list of services as this process renders it, and its ETag: what the web process must send."""
    answer = _call_here(**headers)
    if answer.status_code != 200:
        raise BenchError(f"services answers {answer.status_code}")
    return answer.content, answer.headers["ETag"]


def _call_here(**headers: str):
    values = {"key": make_token(0), "action": "services"}
    return call(RequestFactory(HTTP_HOST=HOST).post("/api/v2", values, **headers))


def _count_queries() -> tuple[int, int]:
    """(queries through Django, prepared statements beside them) that the first call after a change takes."""
    seed_services(MANY_SERVICES - SERVICES)
    before = count_prepared()
    with CaptureQueriesContext(connection) as captured:
        body = _call_here().content
    if len(json.loads(body)) != MANY_SERVICES:
        raise BenchError(f"{len(json.loads(body))} services are listed, not {MANY_SERVICES}")
    prepared = count_prepared() - before
    return len(captured) - prepared, prepared


def count_prepared() -> int:
    """How often this session has run the statements that it prepared."""
    with connection.cursor() as cursor:
        cursor.execute(_PREPARED_RUNS)
        return cursor.fetchone()[0]
