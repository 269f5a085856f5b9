"""The admin pages of the catalogue and of orders."""

from orders.admin import catalogue, events, orders

__all__ = ["catalogue", "events", "orders"]
