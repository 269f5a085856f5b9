"""Dispatches of which nobody knows whether the upstream has them.

Settled by the upstream only where it can tell for sure (it honours our Idempotency-Key, so the same call again
makes no second order); everything else by a person, who says "it is there" or "it is not, send again".
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from orders.models import Order
from panel.lib.tracing import bound
from panel.lib.update_many import update_many
from panel.lib.wakeups import wake
from providers.adapters.base import AdapterError, Placed
from providers.balances import read_provider_balance
from providers.forwarding import repeat_outbound
from providers.models import Dispatch
from providers.recording import mark_unclear, record_placed, requeue_order
from providers.upstream import Upstream

log = logging.getLogger(__name__)
FORWARD_TASK = "providers.tasks.forward_orders"
LEASE_SECONDS = 90 * settings.WAIT_SCALE
KEY_LIVES_HOURS = 12  # upstreams keep keys for 24 h: stop asking long before
FIRST_WAIT_SECONDS = 5 * settings.WAIT_SCALE
MAX_WAIT_SECONDS = 900 * settings.WAIT_SCALE


class NotUnclear(Exception):
    """The dispatch was settled meanwhile, or the upstream is being asked about it this moment."""


class FollowedAlready(ValueError):
    """That order of the provider's is followed for another order of ours, `order_id`."""

    def __init__(self, upstream_id, order_id):
        super().__init__(f"order {upstream_id} there is our order {order_id}")
        self.order_id = order_id


def settle_orphans():
    """Make dispatches whose worker died (older than settings.DISPATCH_LEASE_SECONDS) unclear; returns how many."""
    oldest = timezone.now() - timedelta(seconds=settings.DISPATCH_LEASE_SECONDS)
    orphans = Dispatch.objects.filter(state=Dispatch.State.SENDING, created__lt=oldest).order_by("order_id")
    count = 0
    for pk, order_id in orphans.values_list("pk", "order_id").iterator():
        with transaction.atomic():
            order = Order.objects.select_for_update().get(pk=order_id)
            row = Dispatch.objects.select_for_update().get(pk=pk)
            if row.state == Dispatch.State.SENDING:
                row.reason = "the worker died before it could record an answer"
                mark_unclear(order, row)
                row.save()
                count += 1
    return count


def reconcile_unclear(limit=50):
    """Ask the upstreams that can tell about unclear dispatches; returns how many were settled."""
    return sum(_reconcile(row) for row in _lease(limit))


def _lease(limit):
    """Dispatches to ask about now, each held by this process for LEASE_SECONDS."""
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Dispatch.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("provider", "order__service")
            .filter(
                Q(lease_until=None) | Q(lease_until__lt=now),
                Q(next_ask_at=None) | Q(next_ask_at__lte=now),
                state=Dispatch.State.UNCLEAR,
                provider__active=True,
                created__gt=now - timedelta(hours=KEY_LIVES_HOURS),
            )
            .filter(Q(provider__honours_idempotency_key=True) | Q(asks=0))
            .order_by("created")[:limit]
        )
        for row in rows:
            row.asks += 1
            row.lease_until = now + timedelta(seconds=LEASE_SECONDS)
        update_many(rows, ["asks", "lease_until"])
    return rows


def _reconcile(row):
    """Ask once; True when the upstream told for sure. Its refusal is shown to the operator and settles nothing."""
    if not _renew_lease(row):
        return False
    if row.balance_after is None:
        _note_balance(row)
        if not _renew_lease(row):  # that call may have taken most of the lease
            return False
    answer, trouble = None, ""
    if row.provider.honours_idempotency_key:
        try:
            with bound(trace=row.order.trace, order=row.order_id):
                answer = Upstream(row.provider).place(repeat_outbound(row))
        except AdapterError as error:
            trouble = f"asked again: {error.reason}"
    if answer is not None:
        record_placed({row.pk: (row.order_id, answer)}, by="Idempotency-Key")
        return True
    pause = timedelta(seconds=min(FIRST_WAIT_SECONDS * 2 ** min(row.asks, 10), MAX_WAIT_SECONDS))
    Dispatch.objects.filter(pk=row.pk, state=Dispatch.State.UNCLEAR).update(
        lease_until=None, next_ask_at=timezone.now() + pause, reason=(trouble or row.reason)[:300]
    )
    return False


def _renew_lease(row):
    """Hold this dispatch from now on; False when the rows before it took so long that somebody else has it.

    Without this, an operator's "send again" and our late call would make two orders.
    """
    held = Dispatch.objects.filter(pk=row.pk, state=Dispatch.State.UNCLEAR, lease_until=row.lease_until)
    row.lease_until = timezone.now() + timedelta(seconds=LEASE_SECONDS)
    return bool(held.update(lease_until=row.lease_until))


def _note_balance(row):
    """Keep the provider's balance beside the one before: evidence for a person, it decides nothing."""
    try:
        amount = read_provider_balance(row.provider_id).amount
    except AdapterError as error:
        log.info("no balance beside dispatch %s: %s", row.pk, error.reason)
        return
    Dispatch.objects.filter(pk=row.pk).update(balance_after=amount)


def confirm_placed(dispatch_id, upstream_id, by):
    """An operator found the order upstream: follow it there under `upstream_id`.

    Raises NotUnclear, FollowedAlready, and ValueError for what is no id.
    """
    upstream_id = upstream_id.strip()
    if not upstream_id or len(upstream_id) > 64:
        raise ValueError("an upstream order id is needed")
    with transaction.atomic():
        row = _lock_unclear(dispatch_id)
        taken = Dispatch.objects.filter(provider=row.provider_id, upstream_id=upstream_id).first()
        if taken is not None:
            raise FollowedAlready(upstream_id, taken.order_id)
        answer = Placed(upstream_id=upstream_id, charge=None, excerpt=row.excerpt)
        record_placed({row.pk: (row.order_id, answer)}, by=by[:64])


def send_again(dispatch_id, by):
    """An operator is sure that the upstream has no such order: queue it anew. Raises NotUnclear.

    A wish to cancel that came meanwhile is granted instead.
    """
    with transaction.atomic():
        row = _lock_unclear(dispatch_id)
        if row.lease_until and row.lease_until > timezone.now():
            raise NotUnclear("the upstream is being asked about this order: wait for its answer")
        row.state, row.resolved_by, row.lease_until = Dispatch.State.MISSING, by[:64], None
        row.save(update_fields=["state", "resolved_by", "lease_until"])
        requeue_order(Order.objects.get(pk=row.order_id))
    wake(FORWARD_TASK)


def _lock_unclear(dispatch_id):
    order_id = Dispatch.objects.values_list("order_id", flat=True).get(pk=dispatch_id)
    Order.objects.select_for_update().get(pk=order_id)
    row = Dispatch.objects.select_for_update(of=("self",)).select_related("provider").get(pk=dispatch_id)
    if row.state != Dispatch.State.UNCLEAR:
        raise NotUnclear(f"this dispatch is {row.get_state_display()}")
    return row
