"""What a delivery says. Described for resellers on the page /api/docs/webhooks/."""

from orders.models import Order
from orders.webhooks.models import WebhookDelivery

CATALOGUE_CHANGED = "catalogue.changed"
TEST = "test"
# The status that an order has after an event; whatever else happens to an order changes none.
STATUS_AFTER = {
    "placed": Order.Status.PENDING,
    "accepted": Order.Status.PROCESSING,
    **{status: status for status in (Order.Status.PROCESSING, Order.Status.IN_PROGRESS, *Order.FINAL)},
}


def write_order_payload(event, order):
    """What a status change says: the order as the event left it.

    The order may have gone on before the event is told: counts are null then, and only an end tells a refund.
    """
    status = STATUS_AFTER[event.kind]
    now = order.status == status
    return {
        **write_envelope(f"order-{event.pk}", f"order.{status}", event.pk, event.created),
        "order": {
            "id": order.pk,
            "status": str(status),
            "charge": order.charge,
            "refunded": order.refunded if now or status in Order.FINAL else 0,
            "start_count": order.start_count if now else None,
            "remains": order.remains if now else None,
            "quantity": order.quantity,
            "service": order.service_id,
            "link": order.link,
        },
    }


def write_envelope(event_id, kind, sequence, created):
    """What every payload begins with. Of two deliveries of one subject the higher `sequence` is the later one."""
    return {"id": event_id, "type": kind, "sequence": sequence, "created": int(created.timestamp())}


def write_change(event, service):
    """One change of a service, and the service as it is on sale now. Its reason stays with us."""
    return {
        "sequence": event.pk,
        "change": event.kind,
        "created": int(event.created.timestamp()),
        "old": event.data.get("old"),
        "new": event.data.get("new"),
        "service": {
            "id": service.pk,
            "name": service.name,
            "on_sale": service.active and service.category.active,
            "price": service.price,
            "min": service.min,
            "max": service.max,
        },
    }


def read_payload(delivery: WebhookDelivery):
    """The whole payload of a delivery, its announcement's changes included."""
    if delivery.announcement_id is None:
        return delivery.payload
    return delivery.payload | {"changes": delivery.announcement.changes}
