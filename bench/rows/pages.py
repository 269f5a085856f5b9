"""The browser's pages: as quick with a million orders as with a thousand, light, and few queries each."""

import contextlib
from collections.abc import Iterator

import psycopg
from django.db import connection
from django.test import Client

from bench import empty_view
from bench.browsing import make_staff, open_browser, page_call, page_check, read_cookies, weigh_page
from bench.databases import PANEL, PANEL_FULL
from bench.queries import count_queries
from bench.results import Result
from bench.run import Bench, Measure, take_pairs
from bench.seeding import fill_orders
from orders.models import Order
from panel.accounts.models import Customer

FEW, MANY = 1_000, 1_000_000
GROWTH_LIMIT = 1.5
QUERIES = 12
EMPTY_LIMIT = 5
PAGE_KB = 150.0
END = b"</html>"
FIRST_PAGES = {"visitor": "/", "customer": "/", "staff": "/admin/"}
LISTS = {
    "order list": "/orders/",
    "wallet": "/wallet/",
    "admin order list": "/admin/orders/order/",
}


def measure_pages(bench: Bench) -> Iterator[Result]:
    """Lists with 1,000,000 orders of one customer beside 1,000, the order page, and what a first visit weighs."""
    bench.collect_static()
    with contextlib.ExitStack() as stack:
        urls = [stack.enter_context(bench.fresh_database())]
        browsers = _open_browsers()
        cookies = {"visitor": ""} | {name: read_cookies(browser) for name, browser in browsers.items()}
        before = _count_queries(browsers)
        _fill(urls[0], FEW)
        yield from _judge_queries(before, _count_queries(browsers))
        urls.append(stack.enter_context(bench.fresh_database(PANEL_FULL, PANEL)))
        _fill(urls[1], MANY - FEW)
        few, many = (stack.enter_context(bench.web(url)) for url in urls)
        for name, path in LISTS.items():
            who = "staff" if path.startswith("/admin/") else "customer"
            measures = [_measure(bench, port, path, cookies[who]) for port in (few, many)]
            yield _compare(name, *measures)
        yield _compare_with_nothing(bench, few, cookies["customer"])
        for name, path in FIRST_PAGES.items():
            yield _weigh(few, name, path, cookies[name])


def _open_browsers() -> dict[str, Client]:
    """Those of a customer and of somebody of the staff."""
    return {
        "customer": open_browser(Customer.objects.order_by("id")[0]),
        "staff": open_browser(make_staff()),
    }


def _count_queries(browsers: dict[str, Client]) -> dict[str, int]:
    """Statements by path, with as many orders as there are now."""
    own = Order.objects.filter(customer=Customer.objects.order_by("id")[0])
    return count_queries(**browsers, order_id=own.order_by("-id").values_list("id", flat=True)[0])


def _judge_queries(before: dict[str, int], after: dict[str, int]) -> Iterator[Result]:
    """The page with most statements, and the pages that take more of them with more orders."""
    most = sorted(after, key=after.__getitem__, reverse=True)[:3]
    note = ", ".join(f"{path}: {after[path]}" for path in most)
    what = f"most queries of one of {len(after)} pages"
    yield Result("pages", what, after[most[0]], QUERIES, at_most=True, note=note, facts=after)
    grown = [path for path in before.keys() & after.keys() if after[path] > before[path]]
    what = f"pages that take more queries with {FEW:,} orders of the customer than with a few"
    yield Result("pages", what, len(grown), 0, at_most=True, note=", ".join(sorted(grown)))


def _fill(url: str, count: int) -> None:
    """That many orders more, all of the first customer."""
    with psycopg.connect(url, autocommit=True) as link:
        fill_orders(link.cursor(), count, buyers=1)
        link.execute("VACUUM (FREEZE, ANALYZE)")
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            link.execute("CHECKPOINT")  # else the new pages are written out during a measurement


def _measure(bench: Bench, port: int, path: str, cookies: str, mark: bytes = END) -> Measure:
    request, check = page_call(port, path, cookies), page_check(mark)
    bench.warm_up(port, lambda: request, check)
    return lambda: bench.load(port, lambda: request, check).rate


def _compare(name: str, few: Measure, many: Measure) -> Result:
    """Pages a second turned into times: more pages are less time."""
    pairs = take_pairs(few, many)
    what = f"time of the {name} with {MANY:,} orders ÷ with {FEW:,}"
    note = pairs.describe("pages/s with few", "with many")
    return Result(
        "pages", what, pairs.ratio, GROWTH_LIMIT, at_most=True, unit=" ×", note=note, facts=pairs.facts
    )


def _compare_with_nothing(bench: Bench, port: int, cookies: str) -> Result:
    """An order's page beside an empty view behind the same middleware, each with a web process of its own."""
    newest = Order.objects.order_by("-id").values_list("id", flat=True)[0]
    connection.close()
    with bench.web(application="bench.empty_wsgi:application") as empty:
        nothing = _measure(bench, empty, empty_view.PATH, cookies, empty_view.BODY)
        pairs = take_pairs(nothing, _measure(bench, port, f"/orders/{newest}/", cookies))
    what = "time of an order's page ÷ of an empty Django view"
    note = pairs.describe("empty views/s", "order pages/s")
    return Result(
        "pages", what, pairs.ratio, EMPTY_LIMIT, at_most=True, unit=" ×", note=note, facts=pairs.facts
    )


def _weigh(port: int, name: str, path: str, cookies: str) -> Result:
    weights = weigh_page(port, path, cookies)
    what = f"first page load of a {name}, compressed, without fonts"
    heaviest = sorted(weights.items(), key=lambda one: -one[1])[:3]
    note = ", ".join(f"{file.rpartition('/')[2] or file}: {size / 1000:,.1f} kB" for file, size in heaviest)
    total = sum(weights.values()) / 1000
    return Result("pages", what, total, PAGE_KB, at_most=True, unit=" kB", note=note, facts=weights)
