"""The admin pages of the catalogue, of orders, and of what orders may not carry or hold."""

from orders.admin import (
    blocking,
    catalogue,
    events,
    links,
    orders,
    parts,
    refills,
    service_events,
    stats,
    trials,
    webhooks,
)

__all__ = [
    "blocking",
    "catalogue",
    "events",
    "links",
    "orders",
    "parts",
    "refills",
    "service_events",
    "stats",
    "trials",
    "webhooks",
]
