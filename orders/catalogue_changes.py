"""Changing what is on sale: each change and its ServiceEvent in one transaction, for one service or thousands."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from orders.models import Service, ServiceEvent
from panel.lib.update_many import update_many

BATCH = 1_000
FIELDS = ("price", "min", "max", "type", "kind", "active", "pause_reason")


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """New values (by name, of FIELDS) for a service whose row the caller has locked; `reason` goes to the log."""

    service: Service
    values: dict
    reason: str = ""


def lock_services(ids):
    """`{id: Service}`, locked for this transaction in the order of their ids, so that two callers never deadlock.

    Placing orders reads these rows without a lock and isn't held up.
    """
    rows = Service.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows}


def change_services(changes):
    """Make the changes and write an event for each thing that changed; returns how many events.

    One change of a service at most; inside a transaction that has locked the services (`lock_services`). A change
    that says what is there already writes nothing.
    """
    changed, events = [], []
    for change in changes:
        before = _read_figures(change.service)
        for name, value in change.values.items():
            setattr(change.service, name, value)
        found = _list_events(change.service, before, change.reason)
        events += found
        if found or _differs(change.service, before):
            change.service.changed = timezone.now()
            changed.append(change.service)
    update_many(changed, [*FIELDS, "changed"])
    ServiceEvent.objects.bulk_create(events, batch_size=BATCH)
    return len(events)


def add_services(services):
    """Store new services (without ids; they get them here), each with its event, inside a transaction."""
    Service.objects.bulk_create(services, batch_size=BATCH)
    ServiceEvent.objects.bulk_create(
        [_make_event(row, "added", _read_offer(row) | {"active": row.active}) for row in services],
        batch_size=BATCH,
    )
    return services


def save_edited_service(service):
    """Save a service that a person edited, or made, and write the events of what changed.

    Switched on or off by hand, it is no longer paused for a reason of the sync's.
    """
    with transaction.atomic():
        before = lock_services([service.pk]).get(service.pk) if service.pk else None
        if before is None:
            service.save()
            _make_event(service, "added", _read_offer(service) | {"active": service.active}).save()
            return
        if service.active != before.active:
            service.pause_reason = ""
        service.save()
        ServiceEvent.objects.bulk_create(_list_events(service, _read_figures(before), "edited"))


def _read_figures(service):
    return {name: getattr(service, name) for name in FIELDS}


def _read_offer(service):
    return {"price": service.price, "min": service.min, "max": service.max}


def _differs(service, before):
    return any(getattr(service, name) != value for name, value in before.items())


def _list_events(service, before, reason):
    """The events of what differs from `before`, in the order in which a reader understands them."""
    said = {"reason": reason} if reason else {}
    events = []
    if service.price != before["price"]:
        events.append(("price_changed", {"old": before["price"], "new": service.price} | said))
    old, new = (
        {name: figures[name] for name in ("min", "max")} for figures in (before, _read_figures(service))
    )
    if old != new:
        events.append(("bounds_changed", {"old": old, "new": new} | said))
    if service.active != before["active"]:
        why = {} if service.active or not service.pause_reason else {"reason": service.pause_reason}
        events.append(("resumed" if service.active else "paused", said | why))
    return [_make_event(service, kind, data) for kind, data in events]


def _make_event(service, kind, data):
    # Thousands are inserted twice as fast where no column is left to its default in the database.
    return ServiceEvent(service=service, kind=kind, data=data, created=timezone.now(), failures=0)
