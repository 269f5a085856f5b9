"""Telling subscribers of the catalogue's changes: many of them in one delivery."""

from django.db import transaction

from orders.models import CatalogueAnnouncement, CatalogueChange, WebhookEndpoint
from orders.webhooks.payloads import CATALOGUE_CHANGED, write_change, write_envelope
from orders.webhooks.queueing import queue_deliveries

CHANGES_AT_ONCE = 500
PAUSED = "paused"


def announce_changes():
    """Make deliveries of all changes that wait, up to 500 in each; returns how many announcements were made."""
    made = 0
    while (announcement := _announce_batch()) is not None:
        made += announcement
    return made


def _announce_batch():
    """Announce the oldest changes: 1, or 0 where none of them concerns customers; None when nothing waits."""
    with transaction.atomic():
        rows = list(
            CatalogueChange.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("event__service__category")
            .order_by("pk")[:CHANGES_AT_ONCE]
        )
        if not rows:
            return None
        CatalogueChange.objects.filter(pk__in=[row.pk for row in rows]).delete()
        changes = [write_change(row.event, row.event.service) for row in rows]
        # What is not on sale is nobody's business, but that it ceased to be.
        changes = [one for one in changes if one["service"]["on_sale"] or one["change"] == PAUSED]
        return _announce(changes) if changes else 0


def _announce(changes):
    subscribed = WebhookEndpoint.objects.filter(
        active=True, topics__contains=[WebhookEndpoint.Topic.CATALOGUE]
    )
    endpoints = list(subscribed.values_list("pk", flat=True))
    if not endpoints:
        return 0
    row = CatalogueAnnouncement.objects.create(changes=changes)
    row.refresh_from_db(fields=["created"])
    envelope = write_envelope(f"catalogue-{row.pk}", CATALOGUE_CHANGED, row.pk, row.created)
    queue_deliveries(endpoints, envelope, announcement=row)
    return 1
