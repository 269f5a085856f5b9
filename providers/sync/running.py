"""One pass over a provider's list: claim it, read it without a transaction, believe it or not, follow it."""

import logging
from datetime import timedelta
from enum import Enum

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from panel.jobs.running import JobLost
from panel.lib.wakeups import wake
from providers.adapters import ADAPTERS
from providers.adapters.base import AdapterError
from providers.models import ImportRule, Provider, ProviderEvent, ProviderSync, UpstreamListing
from providers.sync.following import follow_list
from providers.sync.importing import import_listings
from providers.sync.listings import Overtaken, count_missing, hold_run, read_stored, store_list
from providers.upstream import Upstream

log = logging.getLogger(__name__)
SYNC_TASK = "providers.tasks.sync_catalogues"


class Outcome(Enum):
    """How a pass ended."""

    DONE = "done"
    BUSY = "busy"  # another pass over this list is under way, or has overtaken this one
    FAILED = "failed"  # no answer, or an empty list
    DOUBTED = "doubted"  # the list lost more than half: an operator has to take it


def sync_due():
    """Sync every active provider whose next pass is due; one that fails stops no other."""
    providers = Provider.objects.filter(active=True, dialect__in=ADAPTERS)
    missing = [ProviderSync(provider=provider) for provider in providers.filter(sync=None)]
    ProviderSync.objects.bulk_create(missing, ignore_conflicts=True)
    due = providers.filter(sync__next_sync_at__lte=timezone.now()).order_by("sync__next_sync_at")
    for pk in due.values_list("pk", flat=True):
        try:
            sync_provider(pk)
        except Exception:  # one list that we stumble over must not stop the others
            log.exception("the sync of provider %s failed", pk)


def sync_provider(provider_id, tell=lambda done, total: None):
    """One pass over the provider's list, due or not; returns its Outcome.

    A claim that dies is free again after settings.SYNC_LEASE_SECONDS, and whatever it wrote is whole. `tell` hears
    how far it is; where it raises JobLost, the pass ends there and gives its claim back.
    """
    sync = _claim(provider_id)
    if sync is None:
        return Outcome.BUSY
    provider = Provider.objects.get(pk=provider_id)
    if provider.dialect not in ADAPTERS:
        return _end(sync, Outcome.FAILED, "nothing here speaks its dialect")
    try:
        rows = Upstream(provider).services()
    except AdapterError as error:
        return _end(sync, Outcome.FAILED, error.reason)
    if not rows:
        return _end(sync, Outcome.FAILED, "the list is empty")
    try:
        return _take_list(sync, provider, rows, tell)
    except Overtaken:
        return Outcome.BUSY
    except JobLost:
        _end(sync, Outcome.FAILED, "canceled")
        raise


def take_shorter_list(provider_id):
    """An operator says that the doubted list is right: the next pass, at once, takes one of at least that length.

    False when no list is doubted.
    """
    found = ProviderSync.objects.filter(pk=provider_id, shrunk_to__isnull=False).update(
        accepted_length=F("shrunk_to"), next_sync_at=timezone.now()
    )
    wake(SYNC_TASK)
    return bool(found)


def _claim(provider_id):
    """The ProviderSync, ours for SYNC_LEASE_SECONDS; None while another holds it."""
    ProviderSync.objects.get_or_create(provider_id=provider_id)
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    lease = now + timedelta(seconds=settings.SYNC_LEASE_SECONDS)
    with transaction.atomic():
        if not ProviderSync.objects.filter(free, pk=provider_id).update(lease_until=lease, run=F("run") + 1):
            return None
        return ProviderSync.objects.get(pk=provider_id)


def _take_list(sync, provider, rows, tell):
    length = len(rows)  # storing them is half of the work, following them the other half
    stored = read_stored(provider.pk)
    missing, before = count_missing(stored, rows)
    if missing * 2 > before and not _is_accepted(sync, rows):
        return _doubt(sync, rows, before)
    store_list(sync, rows, stored, lambda done: tell(done, 2 * length))
    new = UpstreamListing.objects.filter(
        state=UpstreamListing.State.NEW,
        category__in=ImportRule.objects.filter(provider=provider, import_new=True).values(
            "upstream_category"
        ),
    )
    import_listings(provider, new)
    follow_list(sync, lambda share: tell(length + int(length * share), 2 * length))
    accepted = {"shrunk_to": None, "accepted_length": None}
    return _end(sync, Outcome.DONE, synced_at=timezone.now(), listed=length, **accepted)


def _is_accepted(sync, rows):
    return sync.accepted_length is not None and len(rows) >= sync.accepted_length


def _doubt(sync, rows, before):
    """Keep everything as it is; operators are told once for each time that lists go wrong."""
    with transaction.atomic():
        hold_run(sync)
        told = ProviderSync.objects.filter(pk=sync.pk, shrunk_to=None).exists()
        values = {"shrunk_to": len(rows), "accepted_length": None}
        if told:
            data = {"listed": len(rows), "before": before}
            ProviderEvent.objects.create(provider_id=sync.pk, kind="list_shrank", data=data)
        return _end(sync, Outcome.DOUBTED, "more than half of the list is missing", **values)


def _end(sync, outcome, error="", **values):
    """Give the lease back and say how it went. Overtaken, it says nothing."""
    again = timezone.now() + timedelta(seconds=settings.SYNC_SECONDS)
    values |= {"lease_until": None, "next_sync_at": again, "error": error[:300]}
    if not ProviderSync.objects.filter(pk=sync.pk, run=sync.run).update(**values):
        return Outcome.BUSY
    if error:
        log.warning("no sync of provider %s: %s", sync.pk, error)
    return outcome
