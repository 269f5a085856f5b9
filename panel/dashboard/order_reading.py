"""One order, read for its own page by prepared statements: while it is open, it is asked for every few seconds."""

from dataclasses import dataclass

from psycopg.types.numeric import Int8

from orders.models import Order, Service
from panel.lib.prepared import find_prepared, run_prepared

_BESIDE = b"""SELECT
    EXISTS (SELECT FROM orders_refill WHERE order_id = $1),
    EXISTS (SELECT FROM orders_webhookendpoint WHERE customer_id = $2)
"""


@dataclass(frozen=True, slots=True)
class OrderAlone:
    """An order with its service, and whether it has refills and its customer webhooks; most have neither."""

    order: Order
    has_refills: bool
    has_webhooks: bool


def read_order(customer_id, order_id):
    """The OrderAlone of a customer's own order or part of one; None for anybody else's and for none at all."""
    order = find_prepared(Order, "id = $1 AND customer_id = $2", (Int8(order_id), Int8(customer_id)))
    if order is None:
        return None
    order.service = find_prepared(Service, "id = $1", (Int8(order.service_id),))
    return OrderAlone(order, *run_prepared(_BESIDE, (Int8(order_id), Int8(customer_id)), savepoint=False)[0])
