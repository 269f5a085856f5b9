"""Looking at the plans that are due, each in a transaction of its own, by as many workers as there are."""

import logging

from django.db import DatabaseError, transaction
from django.utils import timezone

from orders.models import DripFeed, Order, Subscription
from orders.parts import dripfeed, subscriptions
from panel.wallet.ledger import LedgerError

log = logging.getLogger(__name__)
BATCH = 200
LOOKS = {DripFeed: dripfeed.look_at, Subscription: subscriptions.look_at}


def look_at_plans():
    """Look at every plan that is due; returns how many were looked at."""
    looked = 0
    for model, look in LOOKS.items():
        seen = set()
        while due := _find_due(model, seen):
            seen |= set(due)
            looked += sum(_look(model, pk, look) for pk in due)
    return looked


def _find_due(model, seen):
    rows = model.objects.filter(next_look_at__lte=timezone.now()).exclude(pk__in=seen)
    return list(rows.order_by("next_look_at").values_list("pk", flat=True)[:BATCH])


def _look(model, pk, look):
    """One look, unless another worker has the order; a plan that can't be looked at keeps no other waiting."""
    try:
        with transaction.atomic():
            parent = (
                Order.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("service")
                .filter(pk=pk)
                .first()
            )
            if parent is None:
                return False
            plan = model.objects.select_for_update().get(pk=pk)
            if plan.next_look_at is None or plan.next_look_at > timezone.now():
                return False
            if parent.is_final:
                plan.next_look_at = None
            else:
                look(plan, parent)
            plan.save()
    except (DatabaseError, LedgerError):
        log.exception("order %s in parts was not looked at", pk)
        return False
    return True
