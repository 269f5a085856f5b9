"""Registering endpoints and looking after them. Callers have found the rows among the customer's own."""

import secrets

from django.db import transaction
from django.utils import timezone

from orders.models import WebhookEndpoint
from orders.webhooks.payloads import TEST, write_envelope
from orders.webhooks.queueing import SEND_TASK, queue_deliveries
from orders.webhooks.refusals import Refusal, WebhookRefused
from panel.accounts.models import Customer
from panel.lib.http import AddressRefused, NotSent
from panel.lib.outbound import check_address
from panel.lib.secrets import new_token
from panel.lib.wakeups import wake

MAX_ENDPOINTS = 10
MAX_URL = 500
SECRET_PREFIX = "whsec_"  # noqa: S105 - what secrets begin with, so that they are known when they leak


def register_endpoint(customer_id, url, topics):
    """Register the address for those topics (WebhookEndpoint.Topic). Raises WebhookRefused.

    The row's `secret` is to be shown now and never again.
    """
    url = url.strip()
    wanted = [topic for topic in WebhookEndpoint.Topic.values if topic in topics]
    if not wanted:
        raise WebhookRefused(Refusal.TOPICS_MISSING)
    _check_url(url)
    with transaction.atomic():
        # Forms sent at the same moment count one after the other; orders of the customer don't wait for this lock.
        Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
        own = WebhookEndpoint.objects.filter(customer_id=customer_id)
        if own.filter(url=url).exists():
            raise WebhookRefused(Refusal.REGISTERED)
        if own.count() >= MAX_ENDPOINTS:
            raise WebhookRefused(Refusal.TOO_MANY, MAX_ENDPOINTS)
        return own.create(customer_id=customer_id, url=url, topics=wanted, secret=new_token(SECRET_PREFIX))


def _check_url(url):
    """Asks the name's addresses, so never inside a transaction."""
    if len(url) > MAX_URL or not url.isprintable() or " " in url:
        raise WebhookRefused(Refusal.URL_BAD)
    if not url.lower().startswith(("https://", "http://")):
        raise WebhookRefused(Refusal.NOT_HTTPS)
    try:
        check_address(url)
    except AddressRefused:
        encrypted = url.lower().startswith("https://")
        raise WebhookRefused(Refusal.PRIVATE if encrypted else Refusal.NOT_HTTPS) from None
    except NotSent:
        raise WebhookRefused(Refusal.URL_BAD) from None


def switch_endpoint(endpoint, active):
    """Switch the endpoint on or off. What waits for one that is off goes when it is on again within 24 h."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(active=active)
    if active:
        wake(SEND_TASK)


def replace_secret(endpoint):
    """Give the endpoint a new secret, by which deliveries are signed from the next try on; returns it."""
    secret = new_token(SECRET_PREFIX)
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(secret=secret)
    return secret


def delete_endpoint(endpoint):
    """Forget the endpoint and its deliveries."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).delete()


def send_test(endpoint):
    """Queue an event that tells nothing and is tried once. Raises WebhookRefused."""
    with transaction.atomic():
        row = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
        if not row.active:
            raise WebhookRefused(Refusal.INACTIVE)
        if row.deliveries.filter(kind=TEST, state="pending").exists():
            raise WebhookRefused(Refusal.TEST_WAITING)
        payload = write_envelope(f"test-{secrets.token_hex(8)}", TEST, 0, timezone.now())
        queue_deliveries([row.pk], payload, retry_hours=0)
