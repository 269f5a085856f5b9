"""A deploy stops processes with SIGTERM: what they have begun they end, and nothing becomes unclear by it."""

from concurrent.futures import ThreadPoolExecutor

import requests
from django.db import connection, transaction

from orders.models import Order
from panel.wallet.models import Account
from providers.models import Dispatch
from tests.factories import make_key
from tests.processes.conftest import QUICK, wait_until
from tests.providers.steps import QUANTITY, place
from tests.running import running_web, running_worker


def test_a_web_process_that_is_stopped_answers_what_it_has_begun(shop):
    customer, service, _ = shop
    key = make_key(customer)
    values = {
        "key": key,
        "action": "add",
        "service": service.pk,
        "quantity": QUANTITY,
        "link": "https://e.example/",
    }
    with running_web() as web, ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Account.objects.select_for_update().get(owner=customer)
            call = pool.submit(requests.post, f"{web.url}/api/v2", data=values, timeout=60)
            assert wait_until(is_somebody_waiting)
            web.process.terminate()
            assert not wait_until(lambda: not web.runs, 2)  # it waits for the call
        answer = call.result().json()
        assert wait_until(lambda: not web.runs)
    assert answer == {"order": Order.objects.get().pk}


def is_somebody_waiting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def test_a_worker_that_is_stopped_records_the_answers_to_what_it_has_sent(shop, sandbox):
    customer, service, _ = shop
    sandbox.change_speeds(latency=2)
    placed = [place(customer, service, f"stop/{number}") for number in range(8)]
    with running_worker(**QUICK) as worker:
        assert wait_until(lambda: sandbox.counters()["adds_received"] >= 1)
        worker.process.terminate()
        assert wait_until(lambda: not worker.runs)
    states = set(Dispatch.objects.filter(order__in=placed).values_list("state", flat=True))
    assert (states, sandbox.counters()["orders_made"]) == ({"accepted"}, len(placed))
