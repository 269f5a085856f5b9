"""How far the parts of an order are, and what that makes of the order itself."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from orders.lifecycle import Progress, advance_orders, settle_order
from orders.models import Order

Status = Order.Status
# Between looks at a plan for which nothing is due. Events of its parts make it due before; one whose process died
# after its transaction is made good by this.
IDLE_SECONDS = 600 * settings.WAIT_SCALE

_SUMMED = ("status", "forwarding", "quantity", "remains", "start_count", "cost", "reason")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one order, added up: how many were `made`, are `open`, and ended `cut_short`.

    Units: `delivered` for good, `running` in parts that haven't ended, `unsent` of these in parts that weren't sent.
    """

    made: int
    open: int
    cut_short: int
    delivered: int
    running: int
    unsent: int
    under_way: int  # of `running`, as told so far
    status: str
    start_count: int | None
    cost: Decimal | None
    reason: str


def sum_parts(parent):
    """The Parts of an order."""
    # Not their fields and links: a thousand parts with a list of comments each are half a gigabyte.
    rows = list(Order.objects.filter(parent=parent).only(*_SUMMED).order_by("id"))
    ended = [row for row in rows if row.is_final]
    live = [row for row in rows if not row.is_final]
    costs = [row.cost for row in ended if row.status in (Status.COMPLETED, Status.PARTIAL)]
    return Parts(
        made=len(rows),
        open=len(live),
        cut_short=sum(row.status != Status.COMPLETED for row in ended),
        delivered=sum(map(_count_delivered, ended)),
        running=sum(row.quantity for row in live),
        unsent=sum(row.quantity for row in live if row.forwarding == Order.Forwarding.QUEUED),
        under_way=sum(row.quantity - row.remains for row in live if row.remains is not None),
        status=_find_status(rows),
        start_count=next((row.start_count for row in rows if row.start_count is not None), None),
        cost=None if None in costs else sum(costs, Decimal(0)),
        reason=next((row.reason for row in reversed(ended) if row.reason), ""),
    )


def tell_parent(parent, parts):
    """Move an open, locked parent forward by what its parts tell."""
    remains = parent.quantity - parts.delivered - parts.under_way
    advance_orders([Progress(parent, parts.status, parts.start_count, max(remains, 0))])


def end_parent(parent, parts, *, is_complete=False):
    """End a locked parent whose parts have all ended, and give back what its undone units cost.

    `is_complete`: all that was asked for is done, though it took fewer units than were paid for. Returns the toman.
    """
    undone = parent.quantity - parts.delivered
    if is_complete or undone == 0:
        status, remains = Status.COMPLETED, 0
    elif parts.delivered:
        status, remains = Status.PARTIAL, undone
    else:
        stopped = parent.cancel_requested_at or not parts.made
        status, remains = (Status.CANCELED if stopped else Status.ERROR), undone
    return settle_order(
        parent,
        status,
        start_count=parts.start_count,
        remains=remains,
        undone=undone,
        cost=parts.cost,
        reason=parts.reason if status == Status.ERROR else "",
    )


def _count_delivered(part):
    if part.status == Status.COMPLETED:
        return part.quantity
    if part.status == Status.PARTIAL:
        return max(part.quantity - (part.remains or 0), 0)
    return 0


def _find_status(rows):
    """The parent's status while it is open: as far as the furthest of its parts."""
    if any(row.is_final or row.status == Status.IN_PROGRESS for row in rows):
        return Status.IN_PROGRESS
    return Status.PROCESSING if any(row.status == Status.PROCESSING for row in rows) else Status.PENDING
