"""Passing wishes to refill on to the upstreams, and following them to their end.

A refill costs nothing and moves no money, and asking for the same one twice does no harm: so a call of which
nobody knows the outcome is simply made again.
"""

import logging
from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orders.models import Refill
from panel.lib.tracing import bound_traces
from panel.lib.update_many import update_many
from providers.adapters.base import AccountProblem, AdapterError, RefillResult, RefillStatus, Rejected
from providers.models import Dispatch
from providers.pausing import pause_provider
from providers.upstream import Upstream

log = logging.getLogger(__name__)
LEASE_SECONDS = 60 * settings.WAIT_SCALE
BATCH = 100
MAX_TRIES = 12
FIRST_DELAY_SECONDS = 5
MAX_DELAY_SECONDS = 3600
STATUS = {
    RefillStatus.PENDING: Refill.Status.PENDING,
    RefillStatus.IN_PROGRESS: Refill.Status.IN_PROGRESS,
    RefillStatus.COMPLETED: Refill.Status.COMPLETED,
    RefillStatus.REJECTED: Refill.Status.REJECTED,
    RefillStatus.ERROR: Refill.Status.ERROR,
}
FIELDS = ["status", "upstream_id", "sent_at", "reason", "tries", "next_ask_at", "changed"]


def send_refills():
    """Ask the upstreams for the refills that are due: to take them, or how far they are. Returns how many."""
    done = 0
    while rows := _lease():
        by_provider = defaultdict(list)
        for refill, dispatch in rows:
            by_provider[dispatch.provider if dispatch else None].append((refill, dispatch))
        for provider, pairs in by_provider.items():
            _ask(provider, pairs)
        done += len(rows)
    return done


def _lease():
    """`(Refill, its accepted Dispatch or None)` of due refills, held by this process for LEASE_SECONDS."""
    now = timezone.now()
    with transaction.atomic():
        refills = list(
            Refill.objects.select_for_update(skip_locked=True)
            .filter(next_ask_at__lte=now)
            .order_by("next_ask_at")[:BATCH]
        )
        until = now + timedelta(seconds=LEASE_SECONDS)
        Refill.objects.filter(pk__in=[refill.pk for refill in refills]).update(next_ask_at=until)
        for refill in refills:
            refill.leased_until = until
    accepted = Dispatch.objects.select_related("provider", "order").filter(
        order__in=[refill.order_id for refill in refills], state=Dispatch.State.ACCEPTED
    )
    dispatches = {row.order_id: row for row in accepted}
    return [(refill, dispatches.get(refill.order_id)) for refill in refills]


def _ask(provider, pairs):
    new = {refill.pk for refill, _ in pairs if refill.sent_at is None}
    if provider is None:  # an operator settled the order by hand: there is nobody to ask
        for refill, _ in pairs:
            _end(refill, Refill.Status.REJECTED, "no provider has this order")
    else:
        upstream = Upstream(provider)
        taken = [pair for pair in pairs if pair[0].sent_at is not None]
        _send_new(upstream, [pair for pair in pairs if pair[0].sent_at is None])
        _follow(upstream, taken)
    for refill, _ in pairs:
        refill.changed = timezone.now()
    _save([refill for refill, _ in pairs], new)


def _save(refills, new):
    """Save what was told of `refills`, but for those that an operator or another process has settled meanwhile.

    A call may outlast its lease: then whoever asked after it knows better, unless one of the `new` was taken now.
    """
    with transaction.atomic():
        rows = Refill.objects.select_for_update().filter(pk__in=[refill.pk for refill in refills])
        leases = dict(rows.filter(next_ask_at__isnull=False).values_list("pk", "next_ask_at"))
        kept = [
            refill
            for refill in refills
            if refill.pk in leases
            and (leases[refill.pk] == refill.leased_until or (refill.pk in new and refill.sent_at))
        ]
        update_many(kept, FIELDS)


def _send_new(upstream, pairs):
    for start in range(0, len(pairs), upstream.status_batch):
        part = pairs[start : start + upstream.status_batch]
        ids = [row.upstream_id for _, row in part]
        with bound_traces(row.order.trace for _, row in part):
            told, trouble = _call(upstream, upstream.refill, ids, _refuse)
        for refill, row in part:
            answer = told.get(row.upstream_id)
            if answer is None:
                _try_later(refill, trouble)
            elif not answer.accepted:
                _end(refill, Refill.Status.REJECTED, answer.error or "")
            elif not upstream.adapter.tracks_refills or not answer.refill_id:
                refill.sent_at = timezone.now()
                _end(refill, Refill.Status.COMPLETED, "handed over; this provider doesn't tell of refills")
            else:
                refill.sent_at, refill.upstream_id, refill.tries = timezone.now(), answer.refill_id[:64], 0
                refill.next_ask_at = timezone.now() + timedelta(seconds=settings.POLL_FIRST_SECONDS)


def _follow(upstream, pairs):
    for start in range(0, len(pairs), upstream.status_batch):
        part = pairs[start : start + upstream.status_batch]
        told, trouble = _call(upstream, upstream.refill_statuses, [refill.upstream_id for refill, _ in part])
        for refill, _ in part:
            answer = told.get(refill.upstream_id)
            status = STATUS.get(answer.status) if answer is not None else None
            if status is None:
                _try_later(refill, (answer.error or answer.raw_status) if answer is not None else trouble)
            elif status in Refill.OPEN:
                refill.status, refill.tries = status, 0
                refill.next_ask_at = timezone.now() + _poll_interval(refill)
            else:
                _end(refill, status, answer.error or "")


def _call(upstream, ask, ids, refuse=None):
    """`(what it told, the trouble)`; with `refuse` a refusal of the whole call is the answer for each id."""
    try:
        return ask(ids), ""
    except AccountProblem as error:
        pause_provider(upstream.provider_id, error.reason)
        return {}, error.reason
    except Rejected as error:
        return {pk: refuse(pk, error.reason) for pk in ids} if refuse else {}, error.reason
    except AdapterError as error:
        log.warning("refills at provider %s: %s", upstream.provider_id, error.reason)
        return {}, error.reason


def _refuse(upstream_id, reason):
    return RefillResult(upstream_id, accepted=False, refill_id="", error=reason)


def _try_later(refill, trouble):
    """Ask again later, ever more seldom; after MAX_TRIES in a row the refill ends with an error."""
    refill.tries += 1
    refill.reason = (trouble or "no answer about this refill")[:300]
    if refill.tries >= MAX_TRIES:
        _end(refill, Refill.Status.ERROR, refill.reason)
        return
    seconds = min(FIRST_DELAY_SECONDS * 2**refill.tries, MAX_DELAY_SECONDS)
    refill.next_ask_at = timezone.now() + timedelta(seconds=seconds)


def _end(refill, status, reason):
    refill.status, refill.reason, refill.next_ask_at = status, reason[:300], None


def _poll_interval(refill):
    seconds = (timezone.now() - refill.created).total_seconds() / 20
    return timedelta(seconds=min(max(seconds, settings.POLL_FIRST_SECONDS), settings.POLL_MAX_SECONDS))
