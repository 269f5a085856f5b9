"""Orders that ended in part at an upstream that doesn't say how much remains: a person types it in."""

from django.db import transaction

from orders.lifecycle import settle_order
from orders.models import Order
from providers.costs import price_done
from providers.models import Dispatch


class NotWaiting(Exception):
    """The order was settled meanwhile, or its dispatch waits for no remains."""


def list_waiting():
    """Dispatches whose order waits for its remains, by the partial index `dispatch_remains_missing`."""
    missing = Dispatch.objects.filter(remains_missing_at__isnull=False, state=Dispatch.State.ACCEPTED)
    return missing.exclude(order__status__in=Order.FINAL)


def settle_partial(dispatch_id, remains, by):
    """End the dispatch's order as partial with `remains` pieces undone, and refund what is due for them.

    `by` is the operator's name. Returns the refund in toman. Raises NotWaiting, and ValueError for remains outside
    0..quantity. The order is locked before its dispatch, as everywhere: of two operators one settles.
    """
    with transaction.atomic():
        order_id = Dispatch.objects.values_list("order_id", flat=True).get(pk=dispatch_id)
        order = Order.objects.select_for_update().get(pk=order_id)
        row = (
            Dispatch.objects.select_for_update(of=("self",))
            .select_related("provider", "route")
            .get(pk=dispatch_id)
        )
        if order.is_final or row.remains_missing_at is None or row.state != Dispatch.State.ACCEPTED:
            raise NotWaiting(f"order {order.pk} waits for no remains")
        if not 0 <= remains <= order.quantity:
            raise ValueError(f"remains have to be from 0 to {order.quantity}")
        cost = price_done(row.provider, row, order, order.quantity - remains)
        refund = settle_order(order, Order.Status.PARTIAL, remains=remains, cost=cost)
        row.next_poll_at = row.remains_missing_at = None
        row.resolved_by = by[:64]
        row.save(update_fields=["next_poll_at", "remains_missing_at", "resolved_by"])
    return refund
