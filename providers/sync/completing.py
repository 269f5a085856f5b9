"""Typing in what an upstream does not publish, and putting the service on sale."""

from django.db import transaction

from orders.catalogue_changes import ServiceChange, change_services, lock_services
from providers.models import SyncedService


class NotUntold(Exception):
    """The service does not wait for figures, or no longer."""


def complete_service(service_id, figures):
    """Store typed figures (a dict with price in toman, min, max, type, kind) and put the service on sale.

    Later syncs leave them alone. Raises NotUntold.
    """
    with transaction.atomic():
        service = lock_services([service_id]).get(service_id)
        waits = SyncedService.objects.filter(service=service_id, paused_for=SyncedService.Pause.UNTOLD)
        if service is None or not waits.update(paused_for=SyncedService.Pause.NONE):
            raise NotUntold
        values = figures | {"active": True, "pause_reason": ""}
        change_services([ServiceChange(service, values, "completed")])
