"""Orders in a restored database: whatever waited then may have been sent since, so nothing of it is sent again.

Each becomes unclear, for a person. The upstream is not asked by itself, not even one that honours our keys: a
dispatch of the time that was lost had another key, so the same call with this one would make a second order.
"""

import uuid

from orders.links import hold_links
from orders.models import Order
from panel.lib.after_restore import NEVER, REASON
from providers.models import Dispatch, Provider, Route
from providers.pausing import pause_provider
from providers.recording import mark_unclear
from providers.routing import choose_routes

BATCH = 500


def mark_maybe_sent(gap):
    """Pause every provider, make open dispatches and queued orders unclear; they stay so until a person decides."""
    queued = _queued(gap)
    chosen = {}
    for orders in _batches(queued):
        chosen |= choose_routes(orders)
    for pk in Provider.objects.filter(paused_at=None).values_list("pk", flat=True):
        pause_provider(pk, "after a restore: settle its unclear orders, then resume it")
    yield f"{_mark_open(gap)} orders were being sent or unclear: they are unclear, and nobody is asked by itself"
    marked, homeless = _mark_queued(queued, chosen)
    yield f"{marked} orders were queued: they may have been sent, and are unclear"
    for pk in homeless:
        yield f"order {pk} is queued without any route: look for it at every provider before it gets one"
    yield f"{Provider.objects.exclude(paused_at=None).count()} providers are paused: resume each when it is settled"


def _mark_open(gap):
    rows = Dispatch.objects.select_for_update(of=("self",)).select_related("order")
    open_rows = rows.filter(state__in=[Dispatch.State.SENDING, Dispatch.State.UNCLEAR], created__lte=gap.lost)
    count = 0
    for row in open_rows.order_by("order_id"):
        row.next_ask_at, row.lease_until, row.reason = NEVER, None, REASON
        if row.state == Dispatch.State.SENDING:
            mark_unclear(row.order, row)
        row.save(update_fields=["next_ask_at", "lease_until", "reason", "state"])
        count += 1
    return count


def _queued(gap):
    """Ids of the orders that waited at that moment, and of parts that were made in the time that was lost."""
    waiting = Order.objects.filter(forwarding=Order.Forwarding.QUEUED, settled_at=None)
    return list(waiting.filter(gap.rows).order_by("pk").values_list("pk", flat=True))


def _batches(ids):
    for start in range(0, len(ids), BATCH):
        rows = Order.objects.select_for_update(of=("self",)).select_related("service")
        yield list(rows.filter(pk__in=ids[start : start + BATCH]).order_by("pk"))


def _mark_queued(ids, chosen):
    """Returns how many are unclear now, and the ids of those that no route was ever there for."""
    marked, homeless = 0, []
    for orders in _batches(ids):
        hold_links(orders)
        for order in orders:
            route = chosen.get(order.pk) or _find_any_route(order)
            if route is None:
                homeless.append(order.pk)
                continue
            _mark(order, route)
            marked += 1
    return marked, homeless


def _find_any_route(order):
    """A route of the order's service, whatever keeps it from being used now: it may have been usable then."""
    routes = Route.objects.select_related("provider").filter(service=order.service_id)
    return routes.order_by("-active", "priority", "pk").first()


def _mark(order, route):
    row = Dispatch.objects.create(
        order=order,
        provider=route.provider,
        route=route,
        upstream_service=route.upstream_service,
        idempotency_key=uuid.uuid4().hex,
        reason=REASON,
        balance_before=route.provider.balance,
        next_ask_at=NEVER,
        state=Dispatch.State.UNCLEAR,
    )
    order.next_try_at = order.held_by = None
    order.save(update_fields=["next_try_at", "held_by"])
    mark_unclear(order, row)
