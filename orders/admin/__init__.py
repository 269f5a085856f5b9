"""The admin pages of the catalogue, of orders, and of what orders may not carry or hold."""

from orders.admin import (
    blocking,
    catalogue,
    customer_block,
    events,
    front,
    links,
    orders,
    parts,
    refills,
    refunds,
    service_events,
    stats,
    switching,
    trials,
    webhooks,
)

__all__ = [
    "blocking",
    "catalogue",
    "customer_block",
    "events",
    "front",
    "links",
    "orders",
    "parts",
    "refills",
    "refunds",
    "service_events",
    "stats",
    "switching",
    "trials",
    "webhooks",
]
