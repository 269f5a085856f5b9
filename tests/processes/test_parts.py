"""Orders in parts over real processes: every run and every post goes upstream once, though a worker is killed."""

from datetime import timedelta

import requests
from django.core.management import call_command
from django.utils import timezone

from orders.models import DripFeed, Order, Subscription
from orders.services import cancel_order, place_order
from panel.wallet.ledger import read_balance
from tests.factories import make_provider, make_route, make_service
from tests.processes.conftest import QUICK, running, wait_until
from tests.providers.steps import PRICE
from tests.running import running_beat, running_worker

ORDERS, RUNS, POSTS, UNITS = 10, 3, 3, 100
SECONDS = 60
FATES = ("plain", "partial")


def place_drip_feeds(customer, sandbox):
    """{order id: link}; one in five is done in part, run after run."""
    service = make_service(price=PRICE, dripfeed=True, same_link="queue")
    make_route(service, make_provider(sandbox.url, honours_idempotency_key=True))
    placed = {}
    for number in range(ORDERS):
        link = f"https://example.com/{FATES[number % 5 == 4]}/drip/{number}"
        values = {"link": link, "quantity": UNITS, "runs": RUNS, "interval": 60}
        placed[place_order(customer.pk, "dashboard", service.pk, values).order_id] = link
    return placed


def place_subscription(customer, sandbox):
    service = make_service(price=PRICE, type="subscriptions")
    make_route(service, make_provider(sandbox.url, honours_idempotency_key=True))
    values = {"username": "someone", "min": UNITS, "max": UNITS, "posts": POSTS}
    return place_order(customer.pk, "dashboard", service.pk, values).order_id


def let_time_pass():
    """The intervals are over: nobody waits an hour for a test."""
    past = timezone.now() - timedelta(seconds=1)
    waiting = DripFeed.objects.filter(next_run_at__gt=past, next_look_at__isnull=False)
    waiting.update(next_run_at=past, next_look_at=past)


def have_ended(ids):
    let_time_pass()
    return not Order.objects.filter(pk__in=ids, settled_at=None).exists()


def describe_open():
    """What an assertion says of the orders that haven't ended."""
    rows = Order.objects.filter(settled_at=None)
    return list(
        rows.values_list("pk", "parent", "link", "status", "forwarding", "next_try_at", "held_by", "reason")
    )


def count_parts():
    return Order.objects.filter(parent__isnull=False).count()


def test_runs_and_posts_go_upstream_once(shop, sandbox):
    customer, *_ = shop
    before = read_balance(customer.pk)
    drips = place_drip_feeds(customer, sandbox)
    followed = place_subscription(customer, sandbox)
    stopped = place_subscription(customer, sandbox)
    env = QUICK | {"POSTS_URL": f"{sandbox.url}/posts", "POSTS_SECONDS": 1, "DISPATCH_LEASE_SECONDS": 4}
    sandbox.change_speeds(latency=0.3)
    with running_worker(**env) as doomed:
        assert wait_until(lambda: count_parts() >= ORDERS)
        assert wait_until(lambda: sandbox.counters()["adds_received"] >= 4)
        doomed.kill()
    sandbox.change_speeds(latency=0)
    cancel_order(customer.pk, stopped)
    for number in range(POSTS):
        link = f"https://example.com/plain/post/{number}"
        requests.post(f"{sandbox.url}/posts/someone", data={"link": link}, timeout=5).raise_for_status()
    with running(running_worker(**env), running_worker(**env), running_beat(**env)):
        assert wait_until(lambda: have_ended([*drips, followed]), SECONDS), describe_open()
    check_upstream(sandbox, drips)
    states = dict(Order.objects.filter(pk__in=[*drips, followed, stopped]).values_list("pk", "status"))
    wanted = {pk: "partial" if "/partial/" in link else "completed" for pk, link in drips.items()}
    assert states == wanted | {followed: "completed", stopped: "canceled"}
    assert Subscription.objects.get(pk=followed).made == POSTS
    kept = sum(Order.objects.values_list("charge", flat=True)) - sum(
        Order.objects.values_list("refunded", flat=True)
    )
    assert read_balance(customer.pk) == before - kept
    call_command("audit_ledger")


def check_upstream(sandbox, drips):
    """Each link of a drip-feed has its runs there, each post its one order."""
    there = [row["link"] for row in sandbox.orders()]
    runs = {link: there.count(link) for link in drips.values()}
    assert set(runs.values()) == {RUNS}
    posts = [link for link in there if "/post/" in link]
    assert sorted(posts) == [f"https://example.com/plain/post/{number}" for number in range(POSTS)]
