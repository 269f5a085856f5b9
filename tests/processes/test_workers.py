"""Real worker processes: two at once, and one that is killed in the middle of forwarding."""

from collections import Counter

from orders.models import Order
from providers.models import Dispatch
from tests.factories import make_provider, make_route, make_service
from tests.processes.conftest import QUICK, running, wait_until
from tests.providers.steps import PRICE, place
from tests.running import running_beat, running_worker

LEASE = {"DISPATCH_LEASE_SECONDS": 4}


def count_forwarding(**which):
    """{forwarding: number of orders}."""
    return Counter(Order.objects.filter(**which).values_list("forwarding", flat=True))


def test_two_workers_and_500_orders_make_500_upstream_orders(shop, sandbox):
    customer, service, _ = shop
    sandbox.change_speeds(latency=0.03)
    with running(running_worker(**QUICK), running_worker(**QUICK)) as (first, second):
        for number in range(500):
            place(customer, service, f"stuck/{number}")
        assert wait_until(lambda: count_forwarding() == {"accepted": 500})
        logs = [worker.read_log() for worker in (first, second)]
    counters = sandbox.counters()
    assert (counters["adds_received"], counters["orders_made"]) == (500, 500)
    assert {row["link_orders"] for row in sandbox.orders()} == {1}
    assert Dispatch.objects.count() == 500
    assert ["Task providers.tasks.forward_orders" in log for log in logs] == [True, True]


def test_a_worker_killed_while_forwarding_loses_nothing_and_doubles_nothing(shop, sandbox):
    """Many calls are in flight when it dies; one upstream honours our key, the other can't tell."""
    customer, honest, _ = shop
    deaf = make_service(price=PRICE)
    make_route(deaf, make_provider(sandbox.url, key="sandbox-key-noidem"))
    sandbox.change_speeds(latency=0.6)
    for number in range(50):
        place(customer, honest, f"stuck/honest/{number}")
        place(customer, deaf, f"stuck/deaf/{number}")
    with running_worker(**QUICK, **LEASE) as doomed:
        assert wait_until(lambda: sandbox.counters()["adds_received"] >= 24)
        doomed.kill()
    assert count_forwarding()["sending"] > 0
    sandbox.change_speeds(latency=0)
    with running(running_worker(**QUICK, **LEASE), running_beat(**QUICK)):
        assert wait_until(lambda: count_forwarding(service=honest) == {"accepted": 50})
        assert wait_until(lambda: not count_forwarding().keys() - {"accepted", "unclear"})
        left = count_forwarding(service=deaf)
        # The sweeps look at each unclear one and send none of them again.
        looked_at = Dispatch.objects.filter(state="unclear", balance_after__isnull=False)
        assert wait_until(lambda: looked_at.count() == left["unclear"])
    assert (left.total(), left["unclear"] > 0, count_forwarding(service=deaf)) == (50, True, left)
    check_upstream(sandbox, honest, deaf)


def check_upstream(sandbox, honest, deaf):
    """No link was made twice, and every order that we follow is the upstream's order of that link."""
    made = {row["link"]: str(row["order"]) for row in sandbox.orders()}
    assert len(made) == len(sandbox.orders())
    followed = Dispatch.objects.filter(state="accepted").values_list("order__link", "upstream_id")
    assert {link: made.get(link) for link, _ in followed} == dict(followed)
    of_honest = {order.link for order in Order.objects.filter(service=honest)}
    assert of_honest <= made.keys()
    assert {link for link, _ in followed.filter(order__service=deaf)} <= made.keys() - of_honest
