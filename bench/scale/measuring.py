"""What is timed in each step: calls and pages over HTTP, passes of polling and forwarding, sweeps, the audit."""

import contextlib
import io
import time
from collections.abc import Callable, Iterator
from functools import partial

import psycopg
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.functions import Now

from bench.browsing import make_staff, open_browser, page_call, page_check, read_cookies
from bench.calls import AddCalls, is_status, status_calls
from bench.results import BenchError
from bench.rows.growth import sample_finished
from bench.rows.placing import first_service
from bench.run import Bench
from bench.scale.costs import Cost, measure_cost
from bench.scale.filling import OPEN_ORDERS, Step
from bench.seeding import CUSTOMERS, fill_orders
from orders.models import Order, OrderEvent
from orders.signals import order_event
from panel.accounts.models import Customer
from panel.celery import app
from panel.lib.events import handle_events
from providers.forwarding import forward_orders
from providers.models import Dispatch
from providers.polling import poll_orders

FORWARDED = 200
END = b"</html>"
PAGES = {
    "customer's orders": "/orders/",
    "customer's wallet": "/wallet/",
    "admin's orders": "/admin/orders/order/",
}
_OWN_TABLES = """
SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
WHERE relkind = 'r' AND relname = ANY (%s)
"""
TABLES = ("orders_order", "wallet_transfer", "orders_orderevent", "providers_dispatch")

# Seconds of one call, page or pass.
Measure = Callable[[], float]


def measures_over_http(bench: Bench, step: Step, port: int) -> dict[str, Measure]:
    """`placing`, `status` and the pages of PAGES in this step, warmed up."""
    step.connect()
    cookies = {"customer": _log_in(Customer.objects.order_by("id")[0]), "admin": _log_in(make_staff())}
    adds = AddCalls(port, first_service(), CUSTOMERS)
    loads = {
        "placing": (adds.next_request, adds.check),
        "status": (status_calls(port, sample_finished(step.url)), is_status),
    }
    for name, path in PAGES.items():
        request = page_call(port, path, cookies[name.partition("'")[0]])
        loads[name] = (lambda request=request: request, page_check(END))
    for next_request, check in loads.values():
        bench.warm_up(port, next_request, check)
    return {
        name: lambda load=load: 1 / bench.load(port, *load).rate for name, load in loads.items()
    }  # fmt: skip


def measure_polling(step: Step) -> float:
    """Seconds of one pass over the open orders, all due."""
    step.connect()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE providers_dispatch SET next_poll_at = now() WHERE next_poll_at IS NOT NULL")
        due = cursor.rowcount
    if due < OPEN_ORDERS:
        raise BenchError(f"{due} of {OPEN_ORDERS} open orders are polled")
    return _time(poll_orders)


def finish_placed(step: Step) -> None:
    """End the orders that were placed over HTTP, so that only our own are sent."""
    step.connect()
    queued = Order.objects.filter(next_try_at__isnull=False)
    queued.update(status="completed", forwarding="accepted", next_try_at=None, remains=0, settled_at=Now())


def measure_forwarding(step: Step) -> float:
    """Seconds of sending FORWARDED orders, each to an upstream that answers at once."""
    step.connect()
    with connection.cursor() as cursor:
        fill_orders(cursor, FORWARDED, status="pending", forwarding="queued")
        cursor.execute("UPDATE orders_order SET link = link || '/' || id WHERE next_try_at IS NOT NULL")
    seconds = _time(forward_orders)
    if left := Order.objects.filter(next_try_at__isnull=False).count():
        raise BenchError(f"{left} of {FORWARDED} orders were not sent")
    return seconds


def measure_costs(bench: Bench, step: Step, port: int) -> dict[str, Cost]:
    """Processor time of what is done most: placing, status, forwarding, polling, telling of an event."""
    step.connect()
    adds = AddCalls(port, first_service(), CUSTOMERS, first=10**9)
    loads = {
        "placing": (adds.next_request, adds.check),
        "status": (status_calls(port, sample_finished(step.url)), is_status),
    }
    for next_request, check in loads.values():
        bench.warm_up(port, next_request, check)
    costs = {
        name: measure_cost(partial(_count_answers, bench, port, load), port) for name, load in loads.items()
    }
    finish_placed(step)
    _tell_events()
    costs["forwarding"] = measure_cost(lambda: measure_forwarding(step) and FORWARDED)
    costs["an event"] = measure_cost(_tell_events)
    costs["polling"] = measure_cost(lambda: measure_polling(step) and count_open())
    return costs


def count_open() -> int:
    """Orders that are polled."""
    return Dispatch.objects.filter(next_poll_at__isnull=False).count()


def _count_answers(bench: Bench, port: int, load: tuple) -> int:
    return bench.load(port, *load).answers


def _tell_events() -> int:
    waiting = OrderEvent.objects.filter(handled_at=None, set_aside_at=None).count()
    while handle_events(OrderEvent, order_event):
        pass
    return waiting


def measure_sweeps(step: Step) -> dict[str, float]:
    """Seconds of each of beat's sweeps by its name, the second time that it runs: the first has years to make up."""
    step.connect()
    app.loader.import_default_modules()
    tasks = {name: app.tasks[entry["task"]] for name, entry in settings.CELERY_BEAT_SCHEDULE.items()}
    for task in tasks.values():
        task()
    return {name: _time(task) for name, task in tasks.items()}


def measure_audit(step: Step) -> float:
    """Seconds of `audit_ledger`. Raises BenchError when the ledger doesn't add up."""
    step.connect()
    told = io.StringIO()
    try:
        return _time(lambda: call_command("audit_ledger", stdout=told))
    except CommandError as error:
        raise BenchError(f"{step.orders:,} orders: {error}: {told.getvalue()[:300]}") from error


def measure_sizes(step: Step) -> dict[str, tuple[float, float]]:
    """(bytes in the table, bytes in its indexes) for each order, by table."""
    with psycopg.connect(step.url) as link:
        rows = link.execute(_OWN_TABLES, [list(TABLES)]).fetchall()
    return {name: (table / step.orders, indexes / step.orders) for name, table, indexes in rows}


@contextlib.contextmanager
def web_of_each(bench: Bench, steps: list[Step]) -> Iterator[list[int]]:
    """A web process for each step; yields their ports."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(bench.web(step.url)) for step in steps]


def _log_in(customer: Customer) -> str:
    return read_cookies(open_browser(customer))


def _time(work: Callable) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
