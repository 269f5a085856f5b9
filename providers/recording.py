"""Recording what an upstream did with a dispatch: accepted, rejected, unavailable or unclear.

The order's row is locked first, always in id order; a dispatch that was settled meanwhile stays as it is.
"""

import logging
import random
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orders.lifecycle import name_event, settle_order
from orders.models import Order, OrderEvent
from panel.lib.measures import FORWARDING_DELAY
from panel.lib.update_many import update_many
from panel.lib.wakeups import wake
from providers.adapters.base import AccountProblem, AdapterError, Placed, Rejected, Unavailable
from providers.models import Dispatch, ProviderEvent, Route
from providers.pausing import pause_provider
from providers.resting import note_outcomes

log = logging.getLogger(__name__)
State, Forwarding = Dispatch.State, Order.Forwarding
FIRST_DELAY_SECONDS = 2
MAX_DELAY_SECONDS = 300 * settings.WAIT_SCALE
CANCEL_TASK = "providers.tasks.send_cancels"


def record_outcomes(results):
    """Record `(dispatch id, order id, outcome)`: a Placed or the exception that sending raised.

    Placed ones go set by set, the others each in a transaction of its own.
    """
    placed = {pk: (order_id, outcome) for pk, order_id, outcome in results if isinstance(outcome, Placed)}
    if placed:
        record_placed(placed)
    for pk, order_id, outcome in results:
        if not isinstance(outcome, Placed):
            _record_trouble(pk, order_id, outcome)
    note_outcomes(results)


def record_placed(placed, by=""):
    """The upstream has these: `{dispatch id: (order id, Placed)}`. They are polled from now on."""
    now = timezone.now()
    with transaction.atomic():
        orders = _lock_orders(order_id for order_id, _ in placed.values())
        rows = list(Dispatch.objects.select_for_update().filter(pk__in=placed).order_by("id"))
        open_rows = [row for row in rows if row.state in (State.SENDING, State.UNCLEAR)]
        for row in rows:
            if row not in open_rows:
                _tell_late(row, placed[row.pk][1])
        for row in open_rows:
            answer = placed[row.pk][1]
            row.state, row.upstream_id, row.excerpt = State.ACCEPTED, answer.upstream_id[:64], answer.excerpt
            row.answered_at, row.lease_until, row.resolved_by = now, None, by
            row.next_poll_at = now + timedelta(seconds=settings.POLL_FIRST_SECONDS)
        update_many(
            open_rows,
            ["state", "upstream_id", "excerpt", "answered_at", "lease_until", "resolved_by", "next_poll_at"],
        )
        ids = [row.order_id for row in open_rows]
        Order.objects.filter(pk__in=ids).update(
            forwarding=Forwarding.ACCEPTED, status=Order.Status.PROCESSING, reason="", changed=now
        )
        OrderEvent.objects.bulk_create(
            OrderEvent(
                order_id=row.order_id,
                kind=name_event(orders[row.order_id], "accepted"),
                data={"upstream_id": row.upstream_id, "provider": row.provider_id},
            )
            for row in open_rows
        )
    for pk in ids:
        FORWARDING_DELAY.observe((now - orders[pk].created).total_seconds())
    if any(orders[pk].cancel_requested_at for pk in ids):
        wake(CANCEL_TASK)


def _lock_orders(ids):
    rows = Order.objects.select_for_update().filter(pk__in=list(ids)).order_by("id")
    return {row.pk: row for row in rows}


def _tell_late(row, answer):
    """An acceptance for a dispatch that a person or another route has settled: there may be two orders now."""
    if row.state == State.ACCEPTED and row.upstream_id == answer.upstream_id:
        return
    log.error("late acceptance of dispatch %s as %s", row.pk, answer.upstream_id)
    ProviderEvent.objects.create(
        provider_id=row.provider_id,
        kind="late_acceptance",
        data={"order": row.order_id, "dispatch": row.pk, "upstream_id": answer.upstream_id},
    )


def _record_trouble(dispatch_id, order_id, error):
    with transaction.atomic():
        order = _lock_orders([order_id])[order_id]
        row = Dispatch.objects.select_for_update().get(pk=dispatch_id)
        if row.state != State.SENDING:
            return
        row.reason = str(getattr(error, "reason", "") or type(error).__name__)[:300]
        row.excerpt = getattr(error, "excerpt", "")
        row.answered_at = timezone.now()
        if isinstance(error, AccountProblem):
            # Not this order's fault: the route is not used up, but the provider is paused.
            row.state = State.UNAVAILABLE
            pause_provider(row.provider_id, row.reason)
            _requeue(order, 0)
        elif isinstance(error, Rejected):
            row.state = State.REJECTED
        elif isinstance(error, Unavailable):
            row.state = State.UNAVAILABLE
            _requeue(order, _delay(order.tries, error.retry_after_seconds))
        else:
            if not isinstance(error, AdapterError):
                log.error("sending dispatch %s broke", row.pk, exc_info=error)
            mark_unclear(order, row)
        row.save()
        if row.state == State.REJECTED:
            _refuse(order, row)


def _refuse(order, row):
    """A clear refusal: the next route, or the money back when there is none."""
    if _has_route_left(order):
        _requeue(order, 0)
        return
    order.forwarding = Forwarding.REFUSED
    settle_order(order, Order.Status.ERROR, reason=row.reason)


def _has_route_left(order):
    """Whether a route of the order's service has not refused it yet, its provider paused or not."""
    refused = Dispatch.objects.filter(order=order, state=State.REJECTED, route__isnull=False).values(
        "route_id"
    )
    left = Route.objects.filter(service=order.service_id, active=True, provider__active=True)
    return left.exclude(pk__in=refused).exists()


def _requeue(order, delay_seconds):
    """Back to the queue; or to its end, where the customer asked for that meanwhile."""
    order.forwarding = Forwarding.QUEUED
    order.tries += 1
    if order.cancel_requested_at:
        settle_order(order, Order.Status.CANCELED, reason="canceled before a provider took it")
        return
    order.next_try_at = timezone.now() + timedelta(seconds=delay_seconds)
    order.save(update_fields=["forwarding", "tries", "next_try_at"])


def requeue_order(order):
    """Put an order whose dispatch turned out missing back into the queue, or end it if that was asked for."""
    _requeue(order, 0)


def mark_unclear(order, row):
    """The upstream may have the order: nothing is sent again by itself, and an operator is told."""
    row.state = State.UNCLEAR
    order.forwarding = Forwarding.UNCLEAR
    order.save(update_fields=["forwarding"])
    ProviderEvent.objects.create(
        provider_id=row.provider_id,
        kind="unclear",
        data={"order": order.pk, "dispatch": row.pk, "reason": row.reason},
    )


def _delay(tries, wish):
    """Seconds until the next try: what the upstream wishes, or doubling from 2 to 300, with a quarter of jitter."""
    seconds = min(FIRST_DELAY_SECONDS * 2 ** min(tries, 10), MAX_DELAY_SECONDS) if wish is None else wish
    return min(max(seconds, 0), MAX_DELAY_SECONDS) * random.uniform(1, 1.25)  # noqa: S311 - jitter
