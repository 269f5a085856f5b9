"""What became of some orders, told line by line while it happens.

Everything is read from rows that stay: events of orders and providers, dispatches, messages. So a step that
lasted shorter than a look is told too.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, connection

from orders.models import Order, OrderEvent
from providers.models import Dispatch, ProviderEvent
from sms.models import Message

LOOK_SECONDS = 0.5
LONGEST_SECONDS = 90
ON_ITS_WAY = (Message.State.QUEUED, Message.State.SENDING)
FAILED_DISPATCHES = {
    Dispatch.State.REJECTED: "refused by",
    Dispatch.State.UNAVAILABLE: "not taken by",
}


@dataclass(frozen=True, order=True)
class Step:
    """One thing that happened to an order; `last` when nothing is told of the order after it."""

    at: datetime
    order: int
    text: str
    last: bool = False


def tell_journey(fates: dict[int, str], say: Callable, seconds: float = LONGEST_SECONDS) -> list[int]:
    """Say every step of these orders (id → what each is for) until each customer got the SMS about the end.

    Gives up after so many seconds; returns the orders that are not at their end by then.
    """
    told: set[Step] = set()
    deadline = time.monotonic() + seconds
    names = name_orders(fates)
    while True:
        for step in sorted(look(fates) - told):
            told.add(step)
            passed = step.at - min(told).at
            say(f"  {passed.total_seconds():5.1f} s  {names[step.order]}  {step.text}")
        left = sorted(fates.keys() - {step.order for step in told if step.last})
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(LOOK_SECONDS)


def name_orders(fates: dict[int, str]) -> dict[int, str]:
    """Each order's number and fate, padded so that what is told stands in columns."""
    numbers = {order: f"#{order}" for order in fates}
    widths = [max(map(len, column), default=0) for column in (numbers.values(), fates.values())]
    return {order: f"{numbers[order]:<{widths[0]}} {fates[order]:<{widths[1]}}" for order in fates}


def look(orders: Iterable[int]) -> set[Step]:
    """The steps so far; none while the database is being started again."""
    try:
        return set(read_steps(list(orders)))
    except OperationalError:
        connection.close()
        return set()


def read_steps(orders: list[int]) -> Iterator[Step]:
    """Every step these orders have made, in no order."""
    events = list(OrderEvent.objects.filter(order_id__in=orders).select_related("order"))
    dispatches = list(Dispatch.objects.filter(order_id__in=orders).select_related("provider"))
    settled_by = {row.upstream_id: row.resolved_by for row in dispatches if row.resolved_by}
    for event in events:
        yield Step(event.created, event.order_id, describe_event(event, settled_by))
    for row in dispatches:
        if row.state in FAILED_DISPATCHES:
            text = f"{FAILED_DISPATCHES[row.state]} {row.provider.name}: {row.reason}"
            yield Step(row.answered_at, row.order_id, text)
    for event in ProviderEvent.objects.filter(kind="unclear", data__order__in=orders):
        text = f"unclear whether the upstream has it: {event.data['reason']}"
        yield Step(event.created, event.data["order"], text)
    yield from read_messages({f"order-event:{event.pk}": event.order_id for event in events})


def read_messages(orders: dict[str, int]) -> Iterator[Step]:
    """What became of the messages with these keys (key → order)."""
    for message in Message.objects.filter(key__in=orders).exclude(state__in=ON_ITS_WAY):
        if message.sent_at:
            yield Step(message.sent_at, orders[message.key], f"SMS sent to {message.to}", last=True)
        else:
            text = f"SMS {message.state}: {message.error}"
            yield Step(message.claimed_at or message.created, orders[message.key], text, last=True)


def describe_event(event: OrderEvent, settled_by: dict[str, str]) -> str:
    """An order's event in words; `settled_by` names who found an unclear order (its upstream id → who)."""
    data, order = event.data, event.order
    if event.kind == "placed":
        return f"placed: {order.quantity:,} for {order.charge:,} toman"
    if event.kind == "accepted":
        found = settled_by.get(data["upstream_id"])
        return f"forwarded as #{data['upstream_id']}" + (f", found by its {found}" if found else "")
    text = event.kind.replace("_", " ")
    if event.kind in Order.FINAL and event.kind != Order.Status.COMPLETED:
        text += f", {data['refund']:,} toman back"
    return f"{text}: {data['reason']}" if data.get("reason") else text
