"""Placing and canceling: what the dashboard and every contract call."""

from dataclasses import dataclass
from enum import Enum

from django.db import transaction
from django.utils import timezone
from psycopg.errors import UniqueViolation
from psycopg.types.numeric import Int8

from orders import placing_sql
from orders.items import (
    check_video,
    check_videos,
    forget_shape,
    needs_video,
    read_item,
    read_items,
    refuses_taken_link,
)
from orders.lifecycle import settle_order
from orders.links import hold_link, make_link_key
from orders.models import Order
from orders.parts.stopping import stop_parts
from orders.plans import SubscriptionPlan
from orders.refusals import STANDINGS, OrderRefused, PriceRose, Refusal
from panel.lib.wakeups import wake

FORWARD_TASK = "providers.tasks.forward_orders"
LOOK_TASK = "orders.tasks.look_at_plans"
CANCEL_TASK = "providers.tasks.send_cancels"
IDENTITY = (Refusal.KEY_INVALID, *STANDINGS.values())


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order that was charged and stored. `charge` is toman; None for a repeat of an earlier call."""

    order_id: int
    charge: int | None


@dataclass(frozen=True, slots=True)
class CheckedOrder:
    """An order that could be placed for `charge` toman and wasn't; None for a repeat of one that was."""

    charge: int | None


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """One order as a client asks for it: `values` are the fields of the standard API, by name.

    `at_most` is the toman that the client agreed to; None: whatever it costs.
    """

    service_id: int
    values: dict
    idempotency_key: str = ""
    at_most: int | None = None


class CancelAnswer(Enum):
    """What became of a wish to cancel."""

    REFUNDED = "refunded"  # never sent: ended and refunded at once
    REQUESTED = "requested"  # kept, or passed on; money comes back when the provider says so


def place_order(customer_id, channel, service_id, values, idempotency_key="", at_most=None):
    """Charge and store one order of the customer; workers forward it.

    The same `idempotency_key` with the same input returns the same order for 24 h. Raises OrderRefused, and
    PriceRose for an order that costs more than `at_most` toman (None: whatever it costs).
    """
    who = (placing_sql.CUSTOMER, (Int8(customer_id), "customer", "", ""))
    return _place(who, channel, OrderRequest(service_id, values, idempotency_key, at_most))


def place_order_by_token(bearer, channel, request):
    """`place_order` for whoever holds the token of that Bearer; also raises KEY_INVALID and READ_ONLY."""
    return _place((placing_sql.KEY_HOLDER, bearer.identity), channel, request)


def place_orders_by_token(bearer, channel, requests):
    """Place many orders at once: a list of PlacedOrder or OrderRefused in the order of `requests`.

    One that is refused stops no other. Those of services that refuse a second order on one link, and those done in
    parts, are placed one by one after the others. Raises OrderRefused (KEY_INVALID, CUSTOMER_LOCKED,
    CUSTOMER_BLOCKED or READ_ONLY) for all together.
    """
    who = (placing_sql.KEY_HOLDER, bearer.identity)
    _check_identity(who)  # reading a thousand orders is a second's work, and nobody counts a stranger's calls
    answers = [None] * len(requests)
    items = read_items(requests, range(len(requests)), answers)
    for place, refused in check_videos(items).items():
        answers[place] = refused
        del items[place]
    try:
        _place_many(who, channel, requests, items, answers)
    except OrderRefused as refused:  # the key ended between two rounds: what was placed stays placed
        if not _has_placed(answers):
            raise
        answers = [refused if answer is None else answer for answer in answers]
    if _has_placed(answers):
        _wake_for(items.values())
    return answers


def place_orders_together(customer_id, channel, requests, only_check=False, at_most=None):
    """Place all of the customer's orders in one transaction, or none where one of them can't be placed.

    Returns, in the order of `requests`, a PlacedOrder for each; or OrderRefused for those that can't be placed and
    CheckedOrder for those that could. `only_check` places none, whatever the answers. Raises OrderRefused
    (CUSTOMER_LOCKED or CUSTOMER_BLOCKED) for all together, and PriceRose where they cost more than `at_most` toman
    (None: whatever they cost).
    """
    who = (placing_sql.CUSTOMER, (Int8(customer_id), "customer", "", ""))
    _check_identity(who)
    while True:
        answers = [None] * len(requests)
        items = read_items(requests, range(len(requests)), answers)
        for place, refused in check_videos(items).items():
            answers[place] = refused
            del items[place]
        is_kept = not only_check and not any(answers)
        tried = _try_together(who, channel, items, is_kept, at_most)
        if None not in tried.values():  # else a service changed meanwhile
            break
    for place, answer in tried.items():
        answers[place] = answer
    if not is_kept or not _are_placed(answers):
        return [
            CheckedOrder(answer.charge) if isinstance(answer, PlacedOrder) else answer for answer in answers
        ]
    _wake_for(items.values())
    return answers


def _try_together(who, channel, items, is_kept, at_most):
    """`{place: PlacedOrder, OrderRefused or None}` of all items; they stay only with `is_kept` and none refused.

    Raises PriceRose where they would stay and cost more than `at_most` together.
    """
    many, single = _set_apart(items)
    with transaction.atomic():
        rows = dict(zip(many, _run_many(who, channel, list(many.values())), strict=True))
        rows |= {place: _run_one(who, channel, item) for place, item in single.items()}
        answers = {place: _judge(rows[place], item) for place, item in items.items()}
        answers |= dict.fromkeys(_find_taken(single, rows), OrderRefused(Refusal.LINK_TAKEN, field="link"))
        if not is_kept or not _are_placed(answers.values()):
            transaction.set_rollback(True)
        else:
            _check_price(sum(answer.charge or 0 for answer in answers.values()), at_most)
    return answers


def _check_price(charge, at_most):
    """Undo the transaction around it, by raising PriceRose, where `charge` is more than was agreed to."""
    if at_most is not None and charge > at_most:
        raise PriceRose(charge)


def _run_many(who, channel, items):
    """The rows of the set-based statement, run again where another call with the same keys took the last money."""
    rows = _run(placing_sql.place_many, who, channel, items) if items else []
    if any(_has_key(item) and _lacks_funds(row) for item, row in zip(items, rows, strict=True)):
        again = _run(placing_sql.place_many, who, channel, items)
        # What the first run placed is a repeat to the second, which no longer says what it cost.
        return [row if row.order_id is not None else other for row, other in zip(rows, again, strict=True)]
    return rows


def _find_taken(items, rows):
    """The places of new orders whose link is another's. In the order of the keys: nobody waits crosswise."""
    wanted = [
        (make_link_key(item.link, item.shape.kind, item.service_id), rows[place].order_id, place)
        for place, item in items.items()
        if rows[place].order_id is not None and item.link and refuses_taken_link(item)
    ]
    return [place for key, order_id, place in sorted(wanted) if not hold_link(key, order_id)]


def _are_placed(answers):
    return all(isinstance(answer, PlacedOrder) for answer in answers)


def _place_many(who, channel, requests, items, answers):
    """Fill in `answers`: the set-based statement until nothing has to be asked again, then the single places."""
    left, single = _set_apart(items)
    looked_again = set()
    while left:
        rows = _run(placing_sql.place_many, who, channel, list(left.values()))
        again, stale = _judge_many(rows, left, answers, looked_again)
        left, began = _set_apart(again | read_items(requests, stale, answers))
        single |= began
    for place, item in sorted(single.items()):
        answers[place] = _place_one(who, channel, requests[place], item)


def _set_apart(items):
    """The `{place: Item}`, in order, that the set-based statement may place, and those that must be placed singly."""
    single = {
        place: item for place, item in items.items() if item.plan is not None or refuses_taken_link(item)
    }
    return {place: items[place] for place in sorted(items.keys() - single.keys())}, single


def _wake_for(items):
    """Call who goes on with orders of these items."""
    for task in {LOOK_TASK if item.plan else FORWARD_TASK for item in items}:
        wake(task)


def _has_placed(answers):
    return any(isinstance(answer, PlacedOrder) for answer in answers)


def _judge_many(rows, items, answers, looked_again):
    """Put the rows' answers in their places; return the items and the places that have to be asked again."""
    left = rows[0].left
    again, stale = {}, []
    for (place, item), row in zip(items.items(), rows, strict=True):
        answers[place] = _judge(row, item)
        if answers[place] is None:
            stale.append(place)
        elif _lacks_funds(row):
            # The running sum stopped at a dearer order before this one: what is left may still pay for it.
            pays = row.charge <= left
            left -= row.charge if pays else 0
            if pays or (_has_key(item) and place not in looked_again):
                again[place] = item
            looked_again.add(place)
    return again, stale


def _place(who, channel, request):
    try:
        item = read_item(request)
        if needs_video(item):
            _check_identity(who)  # no site is asked for a stranger
            check_video(item)
        answer = _place_one(who, channel, request, item)
    except OrderRefused:
        _check_identity(who)  # a stranger learns nothing but that the key is no good
        raise
    if isinstance(answer, OrderRefused):
        raise answer
    if answer.charge is not None:
        _wake_for([item])
    return answer


def _place_one(who, channel, request, item):
    """PlacedOrder or OrderRefused for one item; it is read again as long as its service changed meanwhile."""
    while True:
        try:
            answer = _judge(_run_guarded(who, channel, item, request.at_most), item)
            if answer is not None:
                return answer
            item = read_item(request)
        except OrderRefused as refused:
            if refused.code in IDENTITY:
                raise
            return refused


def _run_guarded(who, channel, item, at_most):
    """Place an order that stays only if its price and its link allow it: all of it commits or nothing.

    The price is the one that the statement charged, so none can rise between the look and the charge. Raises
    PriceRose, and OrderRefused(LINK_TAKEN) where the order must be the only one on its link.
    """
    holds = refuses_taken_link(item) and item.link != ""
    if at_most is None and not holds:
        return _run_one(who, channel, item)
    with transaction.atomic():
        row = _run_one(who, channel, item)
        if row.order_id is not None:
            _check_price(row.charge, at_most)
            key = make_link_key(item.link, item.shape.kind, item.service_id)
            if holds and not hold_link(key, row.order_id):
                raise OrderRefused(Refusal.LINK_TAKEN, field="link")
        return row


def _check_identity(who):
    """Raise OrderRefused with one of IDENTITY unless `who` may place orders."""
    standing = placing_sql.identify(*who)
    if standing is None:
        raise OrderRefused(Refusal.KEY_INVALID)
    if standing:
        raise OrderRefused(STANDINGS[standing])


def _run_one(who, channel, item):
    row = _run(placing_sql.place_one, who, channel, item)
    if _has_key(item) and _lacks_funds(row):
        return _run(placing_sql.place_one, who, channel, item)
    return row


def _run(statement, who, channel, asked):
    """Run a placing statement, and once more when the same idempotency key was placed at the same moment.

    The other one has committed, so now it is found. The same holds where that one took the wallet's last
    money before us: then there is no violation, but want of funds (see the callers).
    """
    try:
        return statement(*who, channel, asked)
    except UniqueViolation:
        return statement(*who, channel, asked)


def _lacks_funds(row):
    return row.order_id is None and row.first_order_id is None and row.charge is not None


def _has_key(item):
    return item.key != ""


def _judge(row, item):
    """The answer a statement's row stands for; None when the service changed: read it and ask again."""
    if row.customer_id is None:
        raise OrderRefused(Refusal.KEY_INVALID)
    if row.standing:
        raise OrderRefused(STANDINGS[row.standing])
    if row.first_order_id is not None:
        return PlacedOrder(row.first_order_id, None) if row.same_input else OrderRefused(Refusal.KEY_REUSED)
    if row.order_id is not None:
        return PlacedOrder(row.order_id, row.charge)
    if row.same_shape is None:
        return OrderRefused(Refusal.SERVICE_UNKNOWN)
    if not row.same_shape:
        forget_shape(item.service_id)
        return None
    if row.charge is not None:
        return OrderRefused(Refusal.FUNDS, charge=row.charge)
    least, most = ("min", "max") if isinstance(item.plan, SubscriptionPlan) else ("quantity", "quantity")
    if item.least < row.min:
        return OrderRefused(Refusal.QUANTITY_LOW, field=least, limit=row.min)
    return OrderRefused(Refusal.QUANTITY_HIGH, field=most, limit=row.max)


def cancel_order(customer_id, order_id):
    """Cancel the customer's order, as far as its way allows; see CancelAnswer.

    Still queued: ended and refunded in one transaction. Sending or unclear: the wish is kept. Accepted: passed
    on, where the service can be canceled. In parts: what was not sent yet is refunded at once. Raises OrderRefused
    with ORDER_UNKNOWN or NOT_CANCELABLE.
    """
    with transaction.atomic():
        order = (
            Order.objects.select_for_update(of=("self",))
            .select_related("service")
            .filter(pk=order_id, customer_id=customer_id)
            .first()
        )
        if order is None:
            raise OrderRefused(Refusal.ORDER_UNKNOWN)
        if order.is_final or order.parent_id:  # a part ends with the order it is of
            raise OrderRefused(Refusal.NOT_CANCELABLE)
        if order.forwarding == Order.Forwarding.PARTS:
            ended = stop_parts(order, asked_for=True)
            return CancelAnswer.REFUNDED if ended else CancelAnswer.REQUESTED
        if order.forwarding == Order.Forwarding.QUEUED:
            settle_order(order, Order.Status.CANCELED, reason="canceled before it was sent")
            return CancelAnswer.REFUNDED
        if not order.service.cancel:
            raise OrderRefused(Refusal.NOT_CANCELABLE)
        Order.objects.filter(pk=order.pk, cancel_requested_at=None).update(cancel_requested_at=timezone.now())
    wake(CANCEL_TASK)
    return CancelAnswer.REQUESTED
