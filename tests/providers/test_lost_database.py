"""The database is started again while answers of upstreams are awaited: none of them is lost."""

import pytest
from django.db import connection

from orders.models import Order
from providers.forwarding import forward_orders
from providers.models import Dispatch
from tests.outages import break_connections
from tests.processes.conftest import wait_until
from tests.providers.steps import place
from tests.together import run_together

ORDERS = 4


@pytest.mark.django_db(transaction=True)
def test_answers_are_recorded_though_the_connection_was_lost_meanwhile(way, sandbox, settings):
    customer, service, _ = way
    settings.PROVIDER_DEADLINE_SECONDS = 5
    sandbox.change_speeds(latency=1)
    for _ in range(ORDERS):
        place(customer, service)

    def lose_database():
        assert wait_until(lambda: sandbox.counters()["adds_received"] == ORDERS)
        break_connections()

    recorded, lost = run_together(forward_orders, lose_database)
    connection.close()
    assert (recorded, lost) == (ORDERS, None)
    made = {str(row["order"]) for row in sandbox.orders()}
    assert set(Dispatch.objects.values_list("upstream_id", flat=True)) == made
    assert set(Order.objects.values_list("forwarding", flat=True)) == {"accepted"}
