"""Orders by day in Tehran: placed, ended by how, their cost and profit."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from orders.days import measure_orders
from orders.lifecycle import settle_order
from orders.models import Order, OrderDay
from orders.services import place_order
from orders.tasks import measure_days
from panel.lib.tehran_days import KEPT_BACK, find_today, start_of
from tests.factories import make_customer, make_service

pytestmark = pytest.mark.django_db
TODAY = find_today()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def place():
    """A function that places an order of 100 pieces for 200 toman and gives its row."""
    customer, service = make_customer(100_000), make_service()

    def place_one():
        fields = {"link": "https://instagram.com/p/abc", "quantity": 100}
        return Order.objects.get(pk=place_order(customer.pk, "dashboard", service.pk, fields).order_id)

    return place_one


def end(order, status, cost=None, remains=None):
    with transaction.atomic():
        settle_order(order, status, cost=cost, remains=remains)


def read(day=TODAY):
    row = OrderDay.objects.get(day=day)
    return {
        name: getattr(row, name)
        for name in ("placed", "completed", "partial", "canceled", "error", "cost", "profit", "uncosted")
    }


NOTHING = dict.fromkeys(
    ("placed", "completed", "partial", "canceled", "error", "cost", "profit", "uncosted"), 0
)


def test_orders_count_by_how_they_ended_with_their_cost_and_profit(place):
    end(place(), "completed", cost=Decimal("120.4"))
    end(place(), "partial", cost=Decimal("60"), remains=50)
    end(place(), "canceled", cost=Decimal("0"))
    end(place(), "error")
    place()
    measure_orders()
    assert read() == {
        "placed": 5,
        "completed": 1,
        "partial": 1,
        "canceled": 1,
        "error": 1,
        "cost": 180,
        "profit": round(Decimal("79.6") + 40),
        "uncosted": 0,
    }


def test_profit_and_cost_are_what_was_taken_less_what_came_back(place):
    """Of orders with a known cost: the sum over orders is the sum over the ledger."""
    rows = [place() for _ in range(3)]
    end(rows[0], "completed", cost=Decimal(150))
    end(rows[1], "partial", cost=Decimal(20), remains=80)
    end(rows[2], "canceled", cost=Decimal(0))
    measure_orders()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(CASE kind WHEN 'charge' THEN amount ELSE -amount END) FROM wallet_transfer"
            " WHERE kind IN ('charge', 'refund')"
        )
        kept = int(cursor.fetchone()[0])
    assert (read()["profit"] + read()["cost"], kept) == (240, 240)


def test_a_delivered_order_without_a_known_cost_is_counted_apart(place):
    end(place(), "completed")
    measure_orders()
    assert read() == NOTHING | {"placed": 1, "completed": 1, "uncosted": 1}


def test_an_order_counts_on_the_day_it_was_placed_and_on_that_it_ended(place):
    order = place()
    end(order, "completed", cost=Decimal(100))
    midnight = start_of(TODAY)
    Order.objects.filter(pk=order.pk).update(created=midnight - timedelta(seconds=1), settled_at=midnight)
    measure_orders()
    assert read(YESTERDAY) == NOTHING | {"placed": 1}
    assert read() == NOTHING | {"completed": 1, "cost": 100, "profit": 100}


def test_parts_count_with_their_parent(place):
    parent, part = place(), place()
    Order.objects.filter(pk=part.pk).update(
        parent=parent, charge=0, settled_at=start_of(TODAY), status="completed"
    )
    measure_orders()
    assert read() == NOTHING | {"placed": 1}


def test_measuring_again_changes_nothing(place):
    place()
    assert (measure_orders(), measure_orders(), read()["placed"]) == (KEPT_BACK + 1, 2, 1)
    place()
    measure_days()
    assert read()["placed"] == 2


def test_a_measurement_reads_the_newest_orders_alone(place):
    """A BRIN index on the moment of the end: what ended long ago is not looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'order_settled'")
        assert "USING brin (settled_at)" in cursor.fetchone()[0]
