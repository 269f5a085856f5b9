"""Putting many services on sale or taking them off, by hand and with a reason."""

from django.db import transaction

from orders.catalogue_changes import ServiceChange, change_services, lock_services
from orders.models import Service

CHUNK = 500
MAX_REASON = Service._meta.get_field("pause_reason").max_length  # characters


def switch_services(ids, *, active, reason=""):
    """Switch services on or off; returns the ids of those that changed. `reason` is kept with one that is off.

    In transactions of CHUNK services, each with its events: one that dies leaves whole chunks, and the same again
    does the rest. What is as wanted already stays untouched.
    """
    ids = sorted(ids)
    chunks = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
    return [pk for chunk in chunks for pk in _switch(chunk, active, reason)]


@transaction.atomic
def _switch(ids, active, reason):
    values = {"active": active, "pause_reason": "" if active else reason}
    changes = [
        ServiceChange(service, values, "edited" if active else "")
        for service in lock_services(ids).values()
        if service.active != active
    ]
    change_services(changes)
    return [change.service.pk for change in changes]
