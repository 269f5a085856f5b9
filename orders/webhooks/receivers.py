"""Which events become deliveries. Inside the event's transaction, so only rows are written."""

from django.dispatch import receiver

from orders.models import CatalogueChange, Order, WebhookEndpoint
from orders.signals import order_event, service_event
from orders.webhooks.payloads import STATUS_AFTER, write_order_payload
from orders.webhooks.queueing import SEND_TASK, queue_deliveries
from panel.lib.prepared import run_prepared
from panel.lib.wakeups import wake

# Asked for every status change of every order, nearly always in vain; planning it anew would be most of its cost.
FIND_ENDPOINTS = """
SELECT endpoint.id FROM orders_order AS o JOIN orders_webhookendpoint AS endpoint USING (customer_id)
WHERE o.id = $1::bigint AND endpoint.active AND 'orders' = ANY(endpoint.topics)
"""


@receiver(order_event, dispatch_uid="webhooks.order_event")
def queue_status_change(event, **_signal):
    """Queue one delivery of an order's status change for each endpoint of its customer that wants it."""
    if event.kind not in STATUS_AFTER:
        return
    endpoints = [pk for (pk,) in run_prepared(FIND_ENDPOINTS, [event.order_id], savepoint=False)]
    if endpoints:
        order = Order.objects.get(pk=event.order_id)
        queue_deliveries(endpoints, write_order_payload(event, order))


@receiver(service_event, dispatch_uid="webhooks.service_event")
def note_change(event, **_signal):
    """Keep a service's change for the next announcement, where anybody wants to hear of it."""
    if WebhookEndpoint.objects.filter(active=True, topics__contains=["catalogue"]).exists():
        CatalogueChange.objects.bulk_create([CatalogueChange(event=event)], ignore_conflicts=True)
        wake(SEND_TASK)
