"""Two worker hosts, one of them cut off in the middle of sending: its orders wait, and nothing is done twice."""

import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command

from orders.models import Order
from panel.wallet.ledger import read_balance
from providers.models import Dispatch, Provider
from tests.factories import make_customer, make_route, make_service
from tests.processes.conftest import QUICK, running, wait_until
from tests.processes.hosts import find_obstacle, namespace_hosts, proxy_hosts
from tests.providers.steps import CHARGE, PRICE, place
from tests.running import running_beat, running_worker

OBSTACLE = find_obstacle()
FUNDS = 1_000_000
FIRST, REST = 40, 30
LATENCY = 2.5
# Above twice connecting, the deadline and 5 seconds, as panel.E006 asks.
SLOW = {"PROVIDER_CONNECT_SECONDS": 1, "PROVIDER_DEADLINE_SECONDS": 4, "DISPATCH_LEASE_SECONDS": 21}
SECONDS = 90


HOSTS = {"proxies": proxy_hosts, "namespaces": namespace_hosts}


@pytest.fixture(
    params=[
        "proxies",
        pytest.param("namespaces", marks=pytest.mark.skipif(bool(OBSTACLE), reason=OBSTACLE or "none")),
    ]
)
def hosts(request, transactional_db, sandbox, clean_redis):
    """Two hosts of either kind."""
    with HOSTS[request.param](urlsplit(sandbox.url).port) as made:
        yield made


@pytest.fixture
def proxied_hosts(transactional_db, sandbox, clean_redis):
    """Two hosts behind proxies."""
    with proxy_hosts(urlsplit(sandbox.url).port) as made:
        yield made


def open_shop(host):
    """(customer, service): an upstream that knows no keys, so what is unclear is settled by nobody else."""
    customer, service = make_customer(FUNDS), make_service(price=PRICE)
    url = f"{host.env['SANDBOX']}/standard/api/v2"
    make_route(service, Provider.objects.create(name="far", url=url, key="sandbox-key-noidem"))
    return customer, service


@contextmanager
def at(host):
    """A worker on that host, ready to take tasks."""
    with running_worker(prefix=host.prefix, **QUICK | SLOW | host.env) as worker:
        yield worker


def move_provider(host):
    """Let the upstream be found where this host finds it."""
    Provider.objects.update(url=f"{host.env['SANDBOX']}/standard/api/v2")


def count_states():
    """{state of the orders' forwarding: number}."""
    rows = Order.objects.values_list("forwarding", flat=True)
    return {state: list(rows).count(state) for state in set(rows)}


def test_a_host_that_is_cut_off_while_sending_sends_nothing_twice(hosts, sandbox):
    first, second = hosts
    customer, service = open_shop(first)
    sandbox.change_speeds(latency=LATENCY)
    with at(first) as cut_off:
        for number in range(FIRST):
            place(customer, service, f"stuck/first/{number}")
        assert wait_until(lambda: sandbox.counters()["adds_received"] >= 10)
        first.cut()
        time.sleep(0.5)  # what was on its way when the line went has arrived
        sending = set(Order.objects.filter(forwarding="sending").values_list("pk", flat=True))
        assert sending
        sandbox.change_speeds(latency=0)
        move_provider(second)
        for number in range(REST):
            place(customer, service, f"stuck/rest/{number}")
        with running(at(second), running_beat(**QUICK | SLOW)):
            assert wait_until(lambda: count_states().keys() == {"accepted", "unclear"}, SECONDS), (
                count_states()
            )
            unclear = set(Order.objects.filter(forwarding="unclear").values_list("pk", flat=True))
            # What the cut host had in hand, and nothing else, waits for a person; the other one did all the rest.
            assert unclear == sending
            assert list_made(sandbox) & list_links(
                unclear
            )  # the upstream has some of them, and we were not told
            assert Dispatch.objects.exclude(order__in=unclear).exclude(state="accepted").count() == 0
            check_upstream(sandbox)
            first.mend()
            time.sleep(QUICK["PROVIDER_DEADLINE_SECONDS"] * 2)
            assert wait_until(lambda: is_taking_work(customer, service), SECONDS), count_states()
            assert cut_off.runs
    check_upstream(sandbox)
    # A late answer may have settled its own dispatch; whatever it did, each order has one and the books are right.
    assert set(Order.objects.filter(forwarding="unclear").values_list("pk", flat=True)) <= unclear
    assert read_balance(customer.pk) == FUNDS - CHARGE * Order.objects.count()
    call_command("audit_ledger")


def test_answers_that_come_home_late_settle_their_own_orders(proxied_hosts, sandbox):
    """The cut host hears the upstream and can't tell: by then its orders are unclear, and each is found again."""
    first, second = proxied_hosts
    customer, service = open_shop(first)
    sandbox.change_speeds(latency=1)
    with at(first):
        for number in range(REST):
            place(customer, service, f"stuck/late/{number}")
        assert wait_until(lambda: sandbox.counters()["adds_received"] >= 5)
        first.cut_home()
        time.sleep(0.5)
        sending = set(Order.objects.filter(forwarding="sending").values_list("pk", flat=True))
        move_provider(second)
        with running(at(second), running_beat(**QUICK | SLOW)):
            assert wait_until(lambda: count_states().keys() <= {"accepted", "unclear"}, SECONDS), (
                count_states()
            )
            unclear = set(Order.objects.filter(forwarding="unclear").values_list("pk", flat=True))
            assert unclear == sending
            first.mend()
            assert wait_until(lambda: count_states() == {"accepted": REST}, SECONDS), count_states()
    check_upstream(sandbox)
    assert len(sandbox.orders()) == REST
    assert read_balance(customer.pk) == FUNDS - CHARGE * REST
    call_command("audit_ledger")


def list_made(sandbox):
    """The links of the orders upstream."""
    return {row["link"] for row in sandbox.orders()}


def list_links(ids):
    """The links of our orders."""
    return set(Order.objects.filter(pk__in=ids).values_list("link", flat=True))


def is_taking_work(customer, service):
    """Place one more order; whether all but the unclear ones are taken."""
    if not Order.objects.filter(link__contains="/last/").exists():
        place(customer, service, "stuck/last/1")
    return "queued" not in count_states() and "sending" not in count_states()


def check_upstream(sandbox):
    """No link was made twice, and every accepted order is the upstream's order of its link."""
    made = {row["link"]: str(row["order"]) for row in sandbox.orders()}
    assert len(made) == len(sandbox.orders())
    followed = dict(Dispatch.objects.filter(state="accepted").values_list("order__link", "upstream_id"))
    assert {link: made.get(link) for link in followed} == followed
