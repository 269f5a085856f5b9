"""How orders move towards their end, and the money that moves with the last step.

Callers hold the orders' row locks inside a transaction; every step writes its event.
"""

from dataclasses import dataclass

from django.db.models import Sum
from django.utils import timezone

from orders.links import free_link
from orders.models import Order, OrderEvent, OrderRefund
from panel.lib.money import compute_partial_refund
from panel.lib.update_many import update_many
from panel.lib.wakeups import wake
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account, Transfer

Status = Order.Status
EVENTS_TASK = "orders.tasks.handle_events"
PART_EVENT = "part_"
RANK = {Status.PENDING: 0, Status.PROCESSING: 1, Status.IN_PROGRESS: 2}


class UnreadableRemains(Exception):
    """A partial order without a number that says how much remains: nothing can be settled."""


@dataclass(frozen=True, slots=True)
class Progress:
    """News of an open order: its status (None: as before) and counts (None: not told)."""

    order: Order
    status: str | None
    start_count: int | None
    remains: int | None


def name_event(order, kind):
    """What an event of that kind is called for this order: a part's is told to nobody but its parent's plan."""
    return f"{PART_EVENT}{kind}" if order.parent_id else kind


def advance_orders(news):
    """Move open orders forward, never backwards, and keep their counts; returns the orders that changed."""
    changed, events = [], []
    for step in news:
        order = step.order
        forward = step.status is not None and RANK[step.status] > RANK[order.status]
        before = (order.status, order.start_count, order.remains)
        order.status = step.status if forward else order.status
        order.start_count = order.start_count if step.start_count is None else step.start_count
        order.remains = order.remains if step.remains is None else step.remains
        if before == (order.status, order.start_count, order.remains):
            continue
        order.changed = timezone.now()
        changed.append(order)
        if forward:
            events.append(OrderEvent(order=order, kind=name_event(order, order.status)))
    update_many(changed, ["status", "start_count", "remains", "changed"])
    OrderEvent.objects.bulk_create(events)
    return changed


def settle_order(
    order, status, *, start_count=None, remains=None, undone=None, cost=None, reason="", frees_link=True
):
    """End an open order with `status`, refund what is due and store the profit. Does nothing to an ended one.

    completed: nothing comes back; partial: `floor(charge × remains ÷ quantity)`; canceled and error: what is
    left of the charge. Where `undone` is given (orders in parts), it is the units that come back, whatever the
    status. A part refunds nothing: its parent was charged. `cost` is what the upstream took, in toman, or None
    where it doesn't say. Returns the refund in toman. Raises UnreadableRemains for a partial order without remains.

    Placing locks a wallet and then a link: who settles several orders in one transaction says `frees_link=False`
    and frees their links after the last refund.
    """
    if order.is_final:
        return 0
    if status == Status.PARTIAL and remains is None:
        raise UnreadableRemains(f"order {order.pk}")
    refund = refund_undone(order, undone) if undone is not None else _refund(order, status, remains)
    order.status, order.settled_at = status, timezone.now()
    order.changed = order.settled_at
    order.refunded += refund if undone is None else 0
    order.start_count = order.start_count if start_count is None else start_count
    order.remains = order.remains if remains is None else max(remains, 0)
    order.reason = reason[:300]
    order.next_try_at = order.held_by = None
    if cost is not None:
        order.cost = cost
        order.profit = None if order.parent_id else order.charge - order.refunded - cost
    order.save()
    if frees_link:
        free_link(order.pk)
    told = {"refund": order.refunded, "reason": order.reason}
    OrderEvent.objects.create(order=order, kind=name_event(order, status), data=told)
    wake(EVENTS_TASK)
    return refund


def refund_undone(order, undone):
    """Give back what `undone` units of an order in parts cost, less what came back before; returns the toman now.

    `order.refunded` is raised; the caller saves it. The sum over all calls is `floor(charge × undone ÷ quantity)` of
    the last one, however often some of it was given back in between: each step has a key by how far it goes. What
    was refunded by hand comes on top, as long as the charge lasts.
    """
    by_hand = OrderRefund.objects.filter(order=order).aggregate(sum=Sum("amount"))["sum"] or 0
    due = compute_partial_refund(order.charge, undone, order.quantity) - (order.refunded - by_hand)
    amount = give_back(order, max(min(due, order.charge - order.refunded), 0), f"undone:{undone}")
    order.refunded += amount
    return amount


def _refund(order, status, remains):
    left = order.charge - order.refunded
    if status == Status.COMPLETED:
        return 0
    if status == Status.PARTIAL:
        amount, key = min(compute_partial_refund(order.charge, remains, order.quantity), left), "partial"
    else:
        amount, key = left, "rest"
    return give_back(order, amount, key)


def give_back(order, amount, key):
    """Move `amount` toman from the house to the order's customer, once for each `key` of the order; returns them."""
    if amount:
        transfer(
            debit_id=house_id(Account.Kind.SALES),
            credit_id=open_wallet(order.customer_id).pk,
            amount=amount,
            kind=Transfer.Kind.REFUND,
            key=f"order:{order.pk}:refund:{key}",
            reference=str(order.pk),
        )
    return amount
