"""The tables of orders, by subject."""

from orders.models.blocking import BlockedTerm
from orders.models.catalogue import (
    MAX_PRICE,
    MAX_QUANTITY,
    CatalogueVersion,
    Category,
    Service,
    ServiceEvent,
)
from orders.models.days import OrderDay
from orders.models.favourites import FavouriteService
from orders.models.orders import IdempotencyKey, LinkHold, Order, OrderEvent
from orders.models.parts import DripFeed, Subscription, SubscriptionPost
from orders.models.refills import Refill
from orders.models.refunds import OrderRefund
from orders.models.speeds import ServiceSpeed
from orders.models.stats import CustomerDay, CustomerTotal, ServiceDay, ServiceTotal
from orders.models.trials import TrialOrder
from orders.webhooks.models import CatalogueAnnouncement, CatalogueChange, WebhookDelivery, WebhookEndpoint

__all__ = [
    "MAX_PRICE",
    "MAX_QUANTITY",
    "BlockedTerm",
    "CatalogueAnnouncement",
    "CatalogueChange",
    "CatalogueVersion",
    "Category",
    "CustomerDay",
    "CustomerTotal",
    "DripFeed",
    "FavouriteService",
    "IdempotencyKey",
    "LinkHold",
    "Order",
    "OrderDay",
    "OrderEvent",
    "OrderRefund",
    "Refill",
    "Service",
    "ServiceDay",
    "ServiceEvent",
    "ServiceSpeed",
    "ServiceTotal",
    "Subscription",
    "SubscriptionPost",
    "TrialOrder",
    "WebhookDelivery",
    "WebhookEndpoint",
]
