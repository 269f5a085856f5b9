"""Whether orders are passed on, by the queue."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order
from orders.services import place_order
from orders.standing import judge_orders
from panel.lib.standing import Standing
from tests.factories import make_customer, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    values = {"link": "https://instagram.com/p/abc", "quantity": 100}
    customer = make_customer(toman=10_000)
    return Order.objects.filter(pk=place_order(customer.pk, "dashboard", make_service().pk, values).order_id)


def come_due(order, **ago):
    order.update(next_try_at=timezone.now() - timedelta(**ago))


@pytest.mark.parametrize(
    ("minutes", "standing"), [(0, Standing.WORKING), (3, Standing.TROUBLED), (16, Standing.FAILING)]
)
def test_an_order_that_nobody_takes_from_the_queue(order, minutes, standing):
    come_due(order, minutes=minutes)
    assert judge_orders() == standing


def test_an_empty_queue(db):
    assert judge_orders() == Standing.WORKING


def test_what_is_put_off_or_has_left_the_queue_is_not_late(order):
    come_due(order, hours=-1)
    assert judge_orders() == Standing.WORKING
    come_due(order, hours=1)
    order.update(forwarding="accepted")
    assert judge_orders() == Standing.WORKING
