"""The broker goes away and comes back: customers notice nothing, and no order is lost."""

import time

import requests

from orders.models import Order
from panel.wallet.ledger import read_balance
from tests.factories import make_key
from tests.processes.conftest import QUICK, running, running_broker, wait_until
from tests.providers.steps import CHARGE, QUANTITY
from tests.running import running_beat, running_web, running_worker


def add(web, key, service, number):
    """Place one order over HTTP; returns (its id, seconds)."""
    values = {"key": key, "action": "add", "service": service.pk, "quantity": QUANTITY}
    started = time.monotonic()
    answer = requests.post(
        f"{web.url}/api/v2", data=values | {"link": f"https://example.com/{number}"}, timeout=10
    )
    return answer.json()["order"], time.monotonic() - started


def test_orders_placed_while_the_broker_is_away_are_forwarded_when_it_is_back(shop, sandbox, tmp_path):
    customer, service, _ = shop
    key = make_key(customer)
    with running_broker(tmp_path) as broker:
        env = QUICK | {"BROKER_URL": broker.url}
        processes = running(running_web(**env), running_worker(**env), running_beat(**env))
        with processes as (web, worker, beat):
            first, _ = add(web, key, service, "before")
            assert wait_until(lambda: Order.objects.get(pk=first).forwarding == "accepted")
            broker.stop()
            time.sleep(2)  # long enough for the worker and beat to notice, and to end what they were doing
            placed = [add(web, key, service, f"away-{number}") for number in range(25)]
            assert max(seconds for _, seconds in placed) < 3
            waiting = Order.objects.filter(forwarding="queued", pk__in=[pk for pk, _ in placed])
            assert waiting.count() == 25
            broker.start()
            assert wait_until(lambda: not Order.objects.exclude(forwarding="accepted").exists())
            assert (worker.runs, beat.runs, web.runs) == (True, True, True)
    assert (sandbox.counters()["adds_received"], sandbox.counters()["orders_made"]) == (26, 26)
    assert read_balance(customer.pk) == 1_000_000 - 26 * CHARGE
