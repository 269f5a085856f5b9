"""Forwarding: queued orders go upstream, each exactly once.

Claim (rows locked with SKIP LOCKED) → a Dispatch row each, committed → HTTP from a pool of threads, without
any transaction and without the ORM → the outcome recorded. Whatever line a worker dies on, the dispatch row
tells that the order may have been sent, and providers/unclear.py takes it from there.
"""

import logging
import uuid
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic, sleep

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from orders.links import WAIT_SECONDS, call_waiters, give_back_links, hold_links
from orders.models import Order
from orders.service_types import TYPE_RULES, Count, ServiceType
from panel.lib.tracing import bound, carry
from providers.adapters.base import OutboundOrder, Unavailable
from providers.models import Dispatch
from providers.recording import record_outcomes
from providers.routing import choose_routes
from providers.upstream import Upstream

log = logging.getLogger(__name__)
IDLE_SECONDS = 0.2  # between two looks into an empty queue while answers are awaited
GATHER_SECONDS = 0.02  # answers that come together are recorded together
RUN_SECONDS = 50  # then the task ends and the next wake-up goes on: a deploy never waits long
NO_ROUTE_SECONDS = 60 * settings.WAIT_SCALE
WAITERS_SECONDS = 1  # between two looks for orders whose link is free again
LOOK_SECONDS = 5  # for orders with a way out behind those without: answers wait to be recorded meanwhile


@dataclass(frozen=True, slots=True)
class Claim:
    """A committed dispatch on its way to a pool thread; `claimed` is the monotonic clock, in seconds."""

    dispatch_id: int
    order_id: int
    upstream: Upstream
    outbound: OutboundOrder
    claimed: float
    trace: uuid.UUID | None = None  # of the request that placed the order


def forward_orders():
    """Forward what is queued and due until nothing is left; returns how many outcomes were recorded.

    Any number of workers may do so at once.
    """
    size = settings.FORWARD_POOL_SIZE
    started = look_again = next_call = monotonic()
    recorded, flying, kept, upstreams = 0, {}, [], {}
    with ThreadPoolExecutor(size, thread_name_prefix="forward") as pool:
        while True:
            if not kept and monotonic() >= next_call:
                _call_beside(flying)
                next_call = monotonic() + WAITERS_SECONDS
            # Up to two pools' worth wait in line, so that no thread is idle while we claim and record; not
            # more, because what waits when a worker is killed becomes unclear.
            if not kept and len(flying) <= 2 * size and look_again <= monotonic() < started + RUN_SECONDS:
                room = min(3 * size - len(flying), settings.FORWARD_CLAIM_SIZE)
                claims = _claim_beside(flying, room, upstreams)
                look_again = monotonic() + (0 if claims else IDLE_SECONDS)
                flying |= {pool.submit(carry(_send, claim)): claim for claim in claims}
            if not flying and not kept:
                return recorded
            wait(flying, timeout=IDLE_SECONDS, return_when=FIRST_COMPLETED)
            sleep(GATHER_SECONDS)
            done = [future for future in flying if future.done()]
            kept += [(flying.pop(future), _outcome(future)) for future in done]
            if not kept or _record(kept):
                recorded += len(kept)
                kept = []
            else:
                sleep(IDLE_SECONDS)


def _record(outcomes):
    """Record `(claim, outcome)`; False while the database is away, and the caller keeps them.

    Lost with a connection, each would wait for a person, though its answer is here. Recording twice changes nothing.
    After a dispatch's lease they are given up.
    """
    try:
        record_outcomes([(claim.dispatch_id, claim.order_id, outcome) for claim, outcome in outcomes])
    except (OperationalError, InterfaceError) as error:
        if min(claim.claimed for claim, _ in outcomes) < monotonic() - settings.DISPATCH_LEASE_SECONDS:
            raise
        log.warning("%s answers are kept until the database is back: %s", len(outcomes), type(error).__name__)
        connection.close_if_unusable_or_obsolete()  # a lost connection opens anew
        return False
    return True


def _call_beside(flying):
    """`call_waiters`, whose trouble with the database must not lose the answers to what is `flying`."""
    try:
        call_waiters()
    except DatabaseError:
        if not flying:
            raise
        log.exception("nobody was called: answers are recorded first")


def _claim_beside(flying, limit, upstreams):
    """`claim_orders`, whose trouble with the database must not lose the answers to what is `flying`."""
    try:
        return claim_orders(limit, upstreams)
    except DatabaseError:
        if not flying:
            raise
        log.exception("nothing was claimed: answers are recorded first")
        return []


def _send(claim):
    """Runs in a pool thread. An order that waited too long is not sent: its dispatch may already be unclear."""
    if monotonic() - claim.claimed > settings.DISPATCH_LEASE_SECONDS / 2:
        raise Unavailable("it waited too long for a free connection", retry_after_seconds=1)
    with bound(trace=claim.trace, order=claim.order_id):
        return claim.upstream.place(claim.outbound)


def _outcome(future):
    error = future.exception()
    return future.result() if error is None else error


def claim_orders(limit, upstreams=None):
    """Claim up to `limit` due orders and commit a dispatch for each that has a route; returns the Claims.

    Orders whose routes are all paused are put off, and those behind them looked at. `upstreams` keeps the
    Upstream of each provider.
    """
    upstreams = {} if upstreams is None else upstreams
    claims, give_up = _claim_due(limit, upstreams), monotonic() + LOOK_SECONDS
    while claims == [] and monotonic() < give_up:
        claims = _claim_due(limit, upstreams)
    return claims or []


def _claim_due(limit, upstreams):
    """Claims of the next due orders, none where none of them has a route; None when no order is due."""
    with transaction.atomic():
        orders = list(
            Order.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("service")
            .filter(forwarding=Order.Forwarding.QUEUED, settled_at=None, next_try_at__lte=timezone.now())
            .order_by("next_try_at")[:limit]
        )
        if not orders:
            return None
        waiting = hold_links(orders)
        free = [order for order in orders if order.pk not in waiting]
        chosen = choose_routes(free)
        pairs = [(order, chosen[order.pk]) for order in free if order.pk in chosen]
        dispatches = Dispatch.objects.bulk_create([_make_dispatch(order, route) for order, route in pairs])
        Order.objects.filter(pk__in=[order.pk for order, _ in pairs]).update(
            forwarding=Order.Forwarding.SENDING, next_try_at=None, held_by=None
        )
        _put_off(waiting)
        idle = [order.pk for order in free if order.pk not in chosen]
        later = timezone.now() + timedelta(seconds=NO_ROUTE_SECONDS)
        if idle:
            give_back_links(idle)
            Order.objects.filter(pk__in=idle).update(next_try_at=later, reason="no provider is available")
        # Before the commit: whatever breaks here must not leave a dispatch that nobody sends.
        return [
            _make_claim(order, route, dispatch, upstreams)
            for (order, route), dispatch in zip(pairs, dispatches, strict=True)
        ]


def _put_off(waiting):
    """Keep orders from running beside another one on their link: `{order id: id of that other one, or None}`."""
    now = timezone.now()
    for pk, holder in waiting.items():
        wait_seconds = WAIT_SECONDS if holder else WAITERS_SECONDS
        later = now + timedelta(seconds=wait_seconds)
        Order.objects.filter(pk=pk).update(held_by=holder, next_try_at=later)


def _make_claim(order, route, dispatch, upstreams):
    outbound = _translate(order, route, dispatch.idempotency_key)
    upstream = _upstream(upstreams, route.provider)
    return Claim(dispatch.pk, order.pk, upstream, outbound, monotonic(), order.trace)


def _upstream(upstreams, provider):
    if provider.pk not in upstreams:
        upstreams[provider.pk] = Upstream(provider)
    return upstreams[provider.pk]


def _make_dispatch(order, route):
    return Dispatch(
        order=order,
        provider=route.provider,
        route=route,
        upstream_service=route.upstream_service,
        idempotency_key=uuid.uuid4().hex,
        balance_before=route.provider.balance,
    )


def _translate(order, route, idempotency_key):
    """The order in the words that all adapters take; the quantity only where the type asks for one.

    A post of a subscription is an order of its own upstream: a link and a quantity.
    """
    of_a_post = order.service.type == ServiceType.SUBSCRIPTIONS
    sent_as = ServiceType.DEFAULT if of_a_post else order.service.type
    counted = TYPE_RULES[sent_as].count is Count.QUANTITY
    return OutboundOrder(
        service=route.upstream_service,
        type=sent_as,
        link=order.link,
        quantity=order.quantity if counted else None,
        fields=order.fields or {},
        idempotency_key=idempotency_key,
        kind=order.service.kind,
    )


def repeat_outbound(dispatch):
    """The very same order as `dispatch` sent, with the same key: for upstreams that honour it."""
    return _translate(dispatch.order, dispatch, dispatch.idempotency_key)
