"""The steps of a delivery's way: register, queue, let time pass, send, look."""

import hashlib
import hmac
import itertools
import json
from datetime import timedelta

from django.utils import timezone

from orders.models import WebhookDelivery
from orders.webhooks.queueing import queue_deliveries
from orders.webhooks.registering import register_endpoint
from orders.webhooks.sending import send_deliveries

_numbers = itertools.count(1)


def register(customer, server, topics=("orders",), path="/hook"):
    """An endpoint of the customer's at that server."""
    return register_endpoint(customer.pk, f"{server.url}{path}", topics)


def queue(*endpoints, **payload):
    """One event for those endpoints; returns the last one's delivery."""
    event_id = f"order-{next(_numbers)}"
    queue_deliveries([row.pk for row in endpoints], {"id": event_id, "type": "order.completed"} | payload)
    return WebhookDelivery.objects.get(endpoint=endpoints[-1], event_id=event_id)


def send():
    """Let all waits and leases be over, and send; returns how many tries were made."""
    past = timezone.now() - timedelta(seconds=1)
    WebhookDelivery.objects.filter(state="pending").update(next_try_at=past)
    return send_deliveries()


def look(delivery):
    """(state, tries, HTTP status, error) of the delivery."""
    delivery.refresh_from_db()
    return delivery.state, delivery.tries, delivery.status_code, delivery.error


def list_ids(server):
    """The event ids that arrived at the server."""
    return [request.headers["webhook-id"] for request in server.requests]


def is_signed(request, secret):
    """Whether a receiver that knows the secret takes the request for ours."""
    signed = b".".join(
        [request.headers["webhook-id"].encode(), request.headers["webhook-timestamp"].encode(), request.body]
    )
    expected = "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return request.headers["webhook-signature"] == expected


def read_bodies(server):
    """The JSON bodies that arrived at the server."""
    return [json.loads(request.body) for request in server.requests]
