"""Rechecks: a customer asks that the upstream be asked now how an order stands (contracts: happy-follower-v1)."""

import math
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from orders.models import Order
from orders.refills import request_refill
from orders.refusals import OrderRefused, Refusal
from panel.lib.wakeups import wake
from providers.models import Dispatch

POLL_TASK = "providers.tasks.poll_orders"
NO_REFILL = (Refusal.REFILL_OFF, Refusal.REFILL_NOT_NOW)


def recheck_order(customer_id, order_id):
    """Have the customer's order polled at once, and ask for a refill of a completed one where its service has any.

    An order that no upstream has taken, or that ended otherwise, has nothing to ask; that is no refusal. At most
    once in settings.RECHECK_SECONDS an order. Raises OrderRefused: ORDER_UNKNOWN, or RECHECK_SOON with the seconds
    left as its limit.
    """
    with transaction.atomic():
        now = timezone.now()
        _take_turn(customer_id, order_id, now)
        if _make_due(order_id, now):
            wake(POLL_TASK)
        _wish_refill(customer_id, order_id)


def _take_turn(customer_id, order_id, now):
    """Note the recheck in one conditional update, so that of many at once one passes."""
    pause = timedelta(seconds=settings.RECHECK_SECONDS)
    own = Order.objects.filter(pk=order_id, customer_id=customer_id)
    is_due = Q(rechecked_at=None) | Q(rechecked_at__lte=now - pause)
    if own.filter(is_due).update(rechecked_at=now):
        return
    last = own.values_list("rechecked_at", flat=True).first()
    if last is None:
        raise OrderRefused(Refusal.ORDER_UNKNOWN)
    # One that was noted while this one waited for the row lies in our future.
    left = min(math.ceil((last + pause - now).total_seconds()), settings.RECHECK_SECONDS)
    raise OrderRefused(Refusal.RECHECK_SOON, limit=max(left, 1))


def _make_due(order_id, now):
    """Have the order's dispatch polled, or those of its parts; returns how many are.

    Those that are locked are being polled this moment: waiting for several of them might be waiting crosswise.
    """
    its_own = Order.objects.filter(Q(pk=order_id) | Q(parent=order_id)).values("pk")
    accepted = Dispatch.objects.filter(
        order__in=its_own, state=Dispatch.State.ACCEPTED, next_poll_at__isnull=False
    )
    free = list(accepted.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    return Dispatch.objects.filter(pk__in=free).update(next_poll_at=now)


def _wish_refill(customer_id, order_id):
    if not Order.objects.filter(pk=order_id, status=Order.Status.COMPLETED, service__refill=True).exists():
        return
    try:
        request_refill(customer_id, order_id)
    except OrderRefused as refused:
        if refused.code not in NO_REFILL:
            raise
