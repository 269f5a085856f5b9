"""Following accepted orders to their end: up to 100 ids a call, each order when it is due.

Due dispatches are leased (their next poll moves ahead) and committed before the call, so workers share the
work and none holds a transaction during HTTP. Whatever can't be read changes nothing.
"""

import logging
import random
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orders.lifecycle import Progress, UnreadableRemains, advance_orders, settle_order
from orders.links import free_link
from orders.models import Order
from panel.lib.tracing import carry
from panel.lib.update_many import update_many
from providers.adapters import ADAPTERS
from providers.adapters.base import AdapterError, Status
from providers.costs import read_cost
from providers.models import Dispatch, Provider, ProviderEvent
from providers.pausing import pause_provider
from providers.upstream import Upstream

log = logging.getLogger(__name__)
RUN_SECONDS = 50
LEASE_SECONDS = 120 * settings.WAIT_SCALE
AGE_SHARE = 20  # an order is asked about again after a twentieth of its age
OPEN = {
    Status.PENDING: Order.Status.PENDING,
    Status.PROCESSING: Order.Status.PROCESSING,
    Status.IN_PROGRESS: Order.Status.IN_PROGRESS,
}
FINAL = {
    Status.COMPLETED: Order.Status.COMPLETED,
    Status.PARTIAL: Order.Status.PARTIAL,
    Status.CANCELED: Order.Status.CANCELED,
}


def poll_orders():
    """Poll what is due at every provider; returns how many upstream calls were made.

    Each provider has its own few calls at a time, so a slow one keeps no other waiting. Inactive and paused
    ones are asked too: what they have accepted still has to end.
    """
    providers = list(Provider.objects.filter(dialect__in=ADAPTERS))
    upstreams = {provider.pk: Upstream(provider) for provider in providers}
    stop, calls, flying = monotonic() + RUN_SECONDS, 0, {}
    most = settings.POLL_POOL_SIZE
    with ThreadPoolExecutor(most * max(len(providers), 1), thread_name_prefix="poll") as pool:
        hungry = list(providers)
        while True:
            for provider in hungry:
                room = most - sum(owner is provider for owner, _ in flying.values())
                batches = _claim_batches(provider, upstreams[provider.pk].status_batch, room, stop)
                for batch in batches:
                    ids = [row.upstream_id for row in batch]
                    flying[pool.submit(carry(upstreams[provider.pk].statuses, ids))] = (provider, batch)
            if not flying:
                return calls
            done, _ = wait(flying, return_when=FIRST_COMPLETED)
            hungry = []
            for future in done:
                provider, batch = flying.pop(future)
                calls += 1
                _take(provider, batch, future)
                if provider not in hungry:
                    hungry.append(provider)


def _claim_batches(provider, size, room, stop):
    """Up to `room` batches of due dispatches; none after `stop` (monotonic)."""
    batches = []
    while len(batches) < room and monotonic() < stop:
        batch = claim_dispatches(provider.pk, size)
        if not batch:
            break
        batches.append(batch)
    return batches


def claim_dispatches(provider_id, limit):
    """Lease up to `limit` due dispatches of a provider to this process, and return them."""
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Dispatch.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("route")
            .filter(provider=provider_id, next_poll_at__lte=now)
            .order_by("next_poll_at")[:limit]
        )
        Dispatch.objects.filter(pk__in=[row.pk for row in rows]).update(
            next_poll_at=now + timedelta(seconds=LEASE_SECONDS)
        )
    return rows


def _take(provider, batch, future):
    try:
        told = future.result()
    except AdapterError as error:
        log.warning("polling provider %s: %s", provider.pk, error.reason)
        if getattr(error, "account_problem", False):
            pause_provider(provider.pk, error.reason)
        Dispatch.objects.filter(pk__in=[row.pk for row in batch]).update(
            reason=f"polling: {error.reason}"[:300], excerpt=error.excerpt
        )
        told = {}
    apply_statuses(provider, batch, told)


def apply_statuses(provider, batch, told):
    """Store what the provider told of these dispatches: `{upstream id: UpstreamStatus}`.

    An order it said nothing readable of stays as it is and is asked about again later.
    """
    now = timezone.now()
    news = []
    with transaction.atomic():
        locked = (
            Order.objects.select_for_update(of=("self",))
            .select_related("service")
            .filter(pk__in=[row.order_id for row in batch])
            .order_by("id")
        )
        orders = {order.pk: order for order in locked}
        # By customer: two processes that refund the same people lock their wallets in the same order.
        for row in sorted(batch, key=lambda row: orders[row.order_id].customer_id):
            order, status = orders[row.order_id], told.get(row.upstream_id)
            row.next_poll_at = now + _interval(order, now)
            if order.is_final:  # perhaps an operator's doing while the upstream was asked
                row.next_poll_at = row.remains_missing_at = None
            elif status is not None:
                _apply(provider, row, order, status, news)
        for order in orders.values():  # after all refunds, see settle_order
            if order.is_final:
                free_link(order.pk)
        advance_orders(news)
        update_many(batch, ["next_poll_at", "raw_status", "remains_missing_at"])


def _apply(provider, row, order, status, news):
    told_before, row.raw_status = row.raw_status, (status.raw_status or status.error or "")[:64]
    if status.status in OPEN:
        remains = None if status.remains is None else min(max(status.remains, 0), order.quantity)
        news.append(Progress(order, OPEN[status.status], status.start_count, remains))
        return
    if status.status in FINAL:
        cost = read_cost(provider, row, order, status)
        try:
            settle_order(
                order,
                FINAL[status.status],
                start_count=status.start_count,
                remains=status.remains,
                cost=cost,
                frees_link=False,
            )
        except UnreadableRemains:
            kind = "unreadable_remains"
            row.remains_missing_at = row.remains_missing_at or timezone.now()
        else:
            row.next_poll_at = row.remains_missing_at = None
            return
    else:
        kind = "unknown_status"
    if row.raw_status != told_before:
        log.warning("order %s at provider %s: %s %r", order.pk, provider.pk, kind, row.raw_status)
        ProviderEvent.objects.create(
            provider=provider,
            kind=kind,
            data={"order": order.pk, "dispatch": row.pk, "status": row.raw_status},
        )


def _interval(order, now):
    """How long until an order is asked about again: short while it is young, with a tenth of jitter."""
    seconds = (now - order.created).total_seconds() / AGE_SHARE
    seconds = min(max(seconds, settings.POLL_FIRST_SECONDS), settings.POLL_MAX_SECONDS)
    return timedelta(seconds=seconds * random.uniform(0.9, 1.1))  # noqa: S311 - jitter
