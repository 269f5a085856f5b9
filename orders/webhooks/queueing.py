"""Making deliveries: a row for each endpoint; a worker sends it."""

from datetime import timedelta

from django.utils import timezone

from orders.models import WebhookDelivery
from panel.lib.wakeups import wake

SEND_TASK = "orders.tasks.send_webhooks"
RETRY_HOURS = 24
INSERT_SIZE = 1000


def queue_deliveries(endpoint_ids, payload, *, announcement=None, retry_hours=RETRY_HOURS):
    """Queue the payload for those endpoints and wake the sender; an event queued before changes nothing."""
    now = timezone.now()
    rows = [
        WebhookDelivery(
            endpoint_id=pk,
            event_id=payload["id"],
            kind=payload["type"],
            payload=payload,
            announcement=announcement,
            next_try_at=now,
            created=now,
            retry_until=now + timedelta(hours=retry_hours),
        )
        for pk in endpoint_ids
    ]
    WebhookDelivery.objects.bulk_create(rows, batch_size=INSERT_SIZE, ignore_conflicts=True)
    wake(SEND_TASK)
