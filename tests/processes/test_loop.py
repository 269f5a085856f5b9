"""Two copies of the panel over real HTTP: the first buys from the second through each dialect in turn."""

import json
import subprocess
import sys
import uuid
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from psycopg import sql

from orders.models import Order
from orders.services import place_order
from panel.wallet.ledger import read_balance
from providers.models import Dispatch, Provider
from providers.remains import settle_partial
from tests.factories import make_customer, make_route, make_service
from tests.processes.conftest import QUICK, running, wait_until
from tests.processes.second_panel import BUYER_FUNDS, PRICE
from tests.running import ROOT, build_environment, running_beat, running_web, running_worker

ORDERS = 200
QUANTITY = 100
FUNDS = 1_000_000
FATES = (
    "plain",
    "partial",
    "cancel",
    "refuse",
    "stringid",
    "busy",
    "error500",
    "garbage",
    "negative",
    "backward",
)
SECONDS = 150
DIALECTS = {"standard": "/api/v2", "gray_city": "/", "happy_follower": "/api/v1", "panel_app": "/api/v1"}
# To the buyer an order that failed there is one that was canceled: the money is back.
AS_TOLD = {"error": "canceled"}


@contextmanager
def second_panel_environment():
    """Environment of a panel with a database of its own, dropped afterwards, and another Redis database."""
    name = f"loop_{uuid.uuid4().hex[:12]}"
    address = urlsplit(build_environment()["DATABASE_URL"])
    admin = psycopg.connect(urlunsplit(address), autocommit=True)
    redis = urlsplit(settings.REDIS_URL)
    number = (int(redis.path.strip("/") or 0) + 8) % 16
    env = QUICK | {
        "DATABASE_URL": urlunsplit(address._replace(path=f"/{name}")),
        "REDIS_URL": urlunsplit(redis._replace(path=f"/{number}")),
        "API_CALLS_PER_MINUTE": "0:1000000",
    }
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield env
    finally:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.close()


def run_there(env, *command):
    """Run a command in the second panel's environment and return what it prints."""
    command = [sys.executable, *command]
    done = subprocess.run(command, cwd=ROOT, env=build_environment(**env), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def ask_there(env, *command):
    return json.loads(run_there(env, "-m", "tests.processes.second_panel", *command))


def buy(customer, dialect, shop, url):
    """Place ORDERS of mixed fates at the first panel; returns the ids."""
    provider = Provider.objects.create(
        name=f"second panel, {dialect}",
        dialect=dialect,
        url=f"{url}{DIALECTS[dialect]}",
        key=shop["keys"][dialect],
    )
    service = make_service(kind="like", price=2 * PRICE, same_link="queue")
    make_route(service, provider, upstream_service=name_service(dialect, shop), cost=PRICE)
    values = [
        {"link": f"https://example.com/{dialect}/{FATES[number % len(FATES)]}/{number}", "quantity": QUANTITY}
        for number in range(ORDERS)
    ]
    return [place_order(customer.pk, "dashboard", service.pk, value).order_id for value in values]


def name_service(dialect, shop):
    """The second panel's service as a route of that dialect writes it."""
    return f"{shop['category']}/{shop['service']}" if dialect == "panel_app" else str(shop["service"])


def settle_missing_remains(sold):
    """What an operator does about partials of a dialect that tells no remains: looks at the other side's ledger."""
    missing = Dispatch.objects.filter(remains_missing_at__isnull=False)
    for row in missing:
        settle_partial(row.pk, sold[row.upstream_id]["remains"], by="operator")
    return len(missing)


def count_open(ids):
    waiting = Order.objects.filter(pk__in=ids, settled_at=None)
    return waiting.exclude(dispatches__remains_missing_at__isnull=False).count()


@pytest.mark.django_db(transaction=True)
def test_what_the_first_panel_paid_is_what_the_second_earned(sandbox, clean_redis):
    customer = make_customer(FUNDS)
    with second_panel_environment() as there:
        run_there(there, "manage.py", "migrate", "--verbosity", "0")
        shop = ask_there(there, "open", sandbox.url)
        # Three of the dialects tell of one order a call: asking each every second would be most of the work.
        env = QUICK | {"PROVIDER_DEADLINE_SECONDS": 10, "POLL_FIRST_SECONDS": 5}
        processes = (running_web(**there), running_worker(**there), running_beat(**there))
        with running(*processes, running_worker(**env), running_beat(**env)) as (web, *_):
            for dialect in DIALECTS:
                ids = buy(customer, dialect, shop, web.url)
                assert wait_until(lambda ids=ids: count_open(ids) == 0, SECONDS), describe_open(ids)
                check_round(dialect, ids, ask_there(there, "orders"))
        check_books(customer, ask_there(there, "orders"))


def describe_open(ids):
    rows = Order.objects.filter(pk__in=ids, settled_at=None).values_list(
        "link", "status", "forwarding", "reason"
    )
    return list(rows[:20])


def check_round(dialect, ids, told):
    sold = {str(row["tracking_id" if dialect == "gray_city" else "id"]): row for row in told["orders"]}
    settled = settle_missing_remains(sold)
    assert settled == (ORDERS // len(FATES) if dialect == "gray_city" else 0)
    bought = Order.objects.in_bulk(ids)
    dispatches = Dispatch.objects.filter(order__in=ids, state="accepted").values_list(
        "order_id", "upstream_id"
    )
    assert len(dispatches) == ORDERS
    pairs = [(bought[pk], sold[upstream_id]) for pk, upstream_id in dispatches]
    assert [(ours.link, ours.status) for ours, _ in pairs] == [
        (theirs["link"], AS_TOLD.get(theirs["status"], theirs["status"])) for _, theirs in pairs
    ]
    assert {theirs["channel"] for _, theirs in pairs} == {dialect}
    assert [ours.cost for ours, _ in pairs] == [theirs["charge"] - theirs["refunded"] for _, theirs in pairs]
    assert [ours.profit for ours, _ in pairs] == [o.charge - o.refunded - o.cost for o, _ in pairs]


def check_books(customer, told):
    """Both audits clean, every order there exactly once, and the same sum on both sides."""
    assert len({row["link"] for row in told["orders"]}) == len(told["orders"]) == ORDERS * len(DIALECTS)
    call_command("audit_ledger")
    earned = sum(row["charge"] - row["refunded"] for row in told["orders"])
    paid = sum(Order.objects.values_list("cost", flat=True))
    assert (paid, BUYER_FUNDS - told["balance"]) == (earned, earned)
    kept = sum(order.charge - order.refunded for order in Order.objects.all())
    assert read_balance(customer.pk) == FUNDS - kept
