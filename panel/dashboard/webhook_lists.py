"""A customer's webhooks and their deliveries, as the pages show them."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from orders.models import Order, OrderEvent, WebhookDelivery, WebhookEndpoint
from orders.webhooks.payloads import TEST
from orders.webhooks.reasons import describe_reason

ORDER_DELIVERIES = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A delivery in words. `order_id` is None where it isn't about an order; `resendable` shows the button."""

    delivery: WebhookDelivery
    words: str
    order_id: int | None
    error: str
    resendable: bool


def find_webhooks(customer_id):
    """The customer's endpoints, oldest first."""
    return WebhookEndpoint.objects.filter(customer_id=customer_id).order_by("pk")


def find_deliveries(endpoint, state=""):
    """The endpoint's deliveries, only those in that state where it is one."""
    found = WebhookDelivery.objects.filter(endpoint=endpoint)
    return found.filter(state=state) if state in WebhookDelivery.State.values else found


def tell_deliveries(endpoint, deliveries):
    """The Lines of the endpoint's deliveries."""
    return [_tell(endpoint, row) for row in deliveries]


def tell_order_deliveries(order):
    """The newest 20 Lines of what the order's customer was told of it; found by the order's events."""
    events = [f"order-{pk}" for pk in OrderEvent.objects.filter(order=order.pk).values_list("pk", flat=True)]
    endpoints = list(find_webhooks(order.customer_id)) if events else []
    if not endpoints:
        return []
    found = WebhookDelivery.objects.filter(endpoint__in=endpoints, event_id__in=events).select_related(
        "endpoint"
    )
    return [_tell(row.endpoint, row) for row in found.order_by("-pk")[:ORDER_DELIVERIES]]


def _tell(endpoint, row):
    order = row.payload.get("order")
    return Line(
        delivery=row,
        words=_name_event(row, order),
        order_id=order and order["id"],
        error=describe_reason(row.error),
        resendable=endpoint.active and row.state == WebhookDelivery.State.FAILED,
    )


def _name_event(row, order):
    if order:
        return capfirst(Order.Status(order["status"]).label)
    return _("Test event") if row.kind == TEST else _("Changes of the catalogue")
