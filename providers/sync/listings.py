"""An upstream's list as it is stored: what is new, what changed, what left, and which lists are not believed."""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from providers.models import ImportRule, ProviderSync, UpstreamListing
from providers.sync.pricing import round_cost

CHUNK = 1_000
TOLD = ("name", "type", "category", "rate", "min", "max", "refill", "cancel", "dripfeed", "description")
BIGINT_MAX = 2**63 - 1


class Overtaken(Exception):
    """Another pass over this provider's list has begun: this one stops where it is."""


@dataclass(frozen=True, slots=True)
class StoredRow:
    """What is known of a listing without reading all of it."""

    digest: str
    gone: bool


def hold_run(sync):
    """Lock the sync's row for this transaction. Raises Overtaken when a later pass has claimed it.

    So of two passes the older one, however slow, never writes over the newer one's list.
    """
    runs = ProviderSync.objects.select_for_update().filter(pk=sync.pk, run=sync.run)
    if not runs.exists():
        raise Overtaken


def lock_sync(provider_id):
    """Lock the provider's ProviderSync (made if need be) for this transaction, before any of its listings."""
    ProviderSync.objects.get_or_create(provider_id=provider_id)
    return ProviderSync.objects.select_for_update().get(pk=provider_id)


def read_stored(provider_id):
    """`{upstream service: StoredRow}` of all that was ever listed there."""
    rows = UpstreamListing.objects.filter(provider=provider_id)
    return {
        name: StoredRow(digest, gone is not None)
        for name, digest, gone in rows.values_list("upstream_service", "digest", "gone_at").iterator()
    }


def count_missing(stored, rows):
    """How many of the services that were listed before are not in `rows`, and how many were listed."""
    listed = {row.id for row in rows}
    before = [name for name, known in stored.items() if not known.gone]
    return sum(name not in listed for name in before), len(before)


def store_list(sync, rows, stored, tell=lambda done: None):
    """Make the stored listings those of `rows` (UpstreamService), writing only what differs, in chunks.

    A service the upstream names twice counts by its first row; `tell` hears how many rows are done. Raises Overtaken.
    """
    unique = {}
    for row in rows:
        unique.setdefault(row.id, row)
    eager = set(
        ImportRule.objects.filter(provider=sync.pk, import_new=True).values_list(
            "upstream_category", flat=True
        )
    )
    changed = []
    for number, row in enumerate(unique.values()):
        if number % CHUNK == 0:
            tell(number)
        listing = _make_listing(sync, row, eager)
        known = stored.get(row.id)
        if known is None or known.gone or known.digest != listing.digest:
            changed.append(listing)
        if len(changed) == CHUNK:
            _save(sync, changed)
            changed = []
    _save(sync, changed)
    _mark_gone(sync, [name for name, known in stored.items() if not known.gone and name not in unique])


def _make_listing(sync, row, eager):
    """The listing of a row; a service that is unknown so far waits for review, but for those of the first list."""
    state = UpstreamListing.State
    told = {name: getattr(row, name) for name in TOLD} | {"rate": round_cost(row.rate)}
    told |= {name: _fit(getattr(row, name)) for name in ("min", "max")}
    text = "\x1f".join(str(value) for value in told.values())
    is_new = sync.synced_at is not None or row.category in eager
    return UpstreamListing(
        provider_id=sync.pk,
        upstream_service=row.id,
        digest=hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest(),
        state=state.NEW if is_new else state.LISTED,
        first_seen=timezone.now(),  # given here, for rows with a default of the database's are inserted slowly
        gone_at=None,
        **told,
    )


def _fit(number):
    return number if number is None or abs(number) <= BIGINT_MAX else None


def _save(sync, listings):
    if not listings:
        return
    with transaction.atomic():
        hold_run(sync)
        UpstreamListing.objects.bulk_create(
            listings,
            update_conflicts=True,
            unique_fields=["provider", "upstream_service"],
            update_fields=[*TOLD, "digest", "gone_at"],  # the state stays what it was
        )


def _mark_gone(sync, names):
    for start in range(0, len(names), CHUNK):
        with transaction.atomic():
            hold_run(sync)
            UpstreamListing.objects.filter(
                provider=sync.pk, upstream_service__in=names[start : start + CHUNK], gone_at=None
            ).update(gone_at=timezone.now())
