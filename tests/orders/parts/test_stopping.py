"""What stopping an order in parts would give back, said before it is done."""

import pytest

from orders.lifecycle import settle_order
from orders.models import DripFeed, Order
from orders.parts.making import make_part
from orders.parts.stopping import preview_stop
from orders.services import cancel_order, place_order
from panel.wallet.ledger import read_balance
from tests.factories import make_customer, make_service

pytestmark = pytest.mark.django_db
LINK = "https://t.me/x"


@pytest.mark.parametrize(
    ("parts", "comes_back"),
    [
        ([], 2000),
        (["queued"], 2000),
        (["running"], 1800),
        (["completed"], 1800),
        (["half"], 1900),
        (["completed", "half", "running", "queued"], 1500),
    ],
)
def test_what_is_told_is_what_comes_back(parts, comes_back):
    customer = make_customer(toman=2_000)
    values = {"link": LINK, "quantity": 100, "runs": 10, "interval": 30}
    service = make_service(dripfeed=True, cancel=False)
    feed = Order.objects.get(pk=place_order(customer.pk, "dashboard", service.pk, values).order_id)
    for state in parts:
        part = make_part(feed, LINK, 100)
        if state != "queued":
            Order.objects.filter(pk=part.pk).update(forwarding="accepted", status="in_progress")
            part.refresh_from_db()
        if state == "completed":
            settle_order(part, Order.Status.COMPLETED)
        if state == "half":
            settle_order(part, Order.Status.PARTIAL, remains=50)
    DripFeed.objects.update(made=len(parts))
    assert preview_stop(feed) == comes_back
    cancel_order(customer.pk, feed.pk)
    assert read_balance(customer.pk) == comes_back
    feed.refresh_from_db()
    assert preview_stop(feed) == 0
