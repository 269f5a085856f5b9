"""Placing and canceling: what the dashboard and every contract call."""

import hashlib
from dataclasses import dataclass
from enum import Enum

from django.db import transaction
from django.utils import timezone
from psycopg.errors import UniqueViolation
from psycopg.types.numeric import Int8

from orders import placing_sql
from orders.lifecycle import settle_order
from orders.models import Order, Service
from orders.refusals import OrderRefused, Refusal
from orders.validation import Shape, read_draft
from panel.lib.wakeups import wake

FORWARD_TASK = "providers.tasks.forward_orders"
CANCEL_TASK = "providers.tasks.send_cancels"
MAX_IDEMPOTENCY_KEY = 255
_shapes = {}  # service id → Shape; a stale one is found out by the statement and read again


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order that was charged and stored. `charge` is toman; None for a repeat of an earlier call."""

    order_id: int
    charge: int | None


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """One order as a client asks for it: `values` are the fields of the standard API, by name."""

    service_id: int
    values: dict
    idempotency_key: str = ""


class CancelAnswer(Enum):
    """What became of a wish to cancel."""

    REFUNDED = "refunded"  # never sent: ended and refunded at once
    REQUESTED = "requested"  # kept, or passed on; money comes back when the provider says so


def place_order(customer_id, channel, service_id, values, idempotency_key=""):
    """Charge and store one order of the customer; workers forward it.

    The same `idempotency_key` with the same input returns the same order for 24 h. Raises OrderRefused.
    """
    who = (placing_sql.CUSTOMER, (Int8(customer_id), "customer"))
    return _place(who, channel, OrderRequest(service_id, values, idempotency_key))


def place_order_by_token(digest, contract, channel, request):
    """`place_order` for whoever holds the token with that digest; also raises KEY_INVALID."""
    return _place((placing_sql.KEY_HOLDER, (digest, contract)), channel, request)


def place_orders_by_token(digest, contract, channel, requests):
    """Place many orders at once: a list of PlacedOrder or OrderRefused in the order of `requests`.

    One that is refused stops no other. Raises OrderRefused(KEY_INVALID or CUSTOMER_LOCKED) for all together.
    """
    who = (placing_sql.KEY_HOLDER, (digest, contract))
    answers = [None] * len(requests)
    items = _read_items(requests, range(len(requests)), answers)
    if not items:
        _check_identity(who)
    looked_again = set()
    while items:
        rows = _run(placing_sql.place_many, who, channel, list(items.values()))
        try:
            again, stale = _judge_many(rows, items, answers, looked_again)
        except OrderRefused as refused:  # the key ended between two rounds: what was placed stays placed
            if not _has_placed(answers):
                raise
            answers = [refused if answer is None else answer for answer in answers]
            break
        items = dict(sorted((again | _read_items(requests, stale, answers)).items()))
    if _has_placed(answers):
        wake(FORWARD_TASK)
    return answers


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
    answer = None
    while answer is None:
        try:
            item = _read_item(request, {})
        except OrderRefused:
            _check_identity(who)  # a stranger learns nothing but that the key is no good
            raise
        answer = _judge(_run_one(who, channel, item), item)
    if isinstance(answer, OrderRefused):
        raise answer
    if answer.charge is not None:
        wake(FORWARD_TASK)
    return answer


def _check_identity(who):
    """Raise OrderRefused with KEY_INVALID or CUSTOMER_LOCKED unless `who` may place orders."""
    is_active = placing_sql.identify(*who)
    if is_active is None:
        raise OrderRefused(Refusal.KEY_INVALID)
    if not is_active:
        raise OrderRefused(Refusal.CUSTOMER_LOCKED)


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
    return item[7] != ""


def _read_items(requests, places, answers):
    """`{place: item}` of the requests at those places; a refusal goes into `answers` instead."""
    items = {}
    fresh = _load_shapes({requests[place].service_id for place in places} - _shapes.keys())
    for place in places:
        try:
            items[place] = _read_item(requests[place], fresh)
        except OrderRefused as refused:
            answers[place] = refused
    return items


def _read_item(request, fresh):
    """The item that the statements take. `fresh` holds the shapes read just now; only they may refuse."""
    shape = _shapes.get(request.service_id) or _load_shape(request.service_id, fresh)
    try:
        draft = read_draft(shape, request.values)
    except OrderRefused:
        if request.service_id in fresh:
            raise
        shape = _load_shape(request.service_id, fresh)
        draft = read_draft(shape, request.values)
    key = request.idempotency_key
    if len(key) > MAX_IDEMPOTENCY_KEY or not key.isprintable():
        raise OrderRefused(Refusal.FIELD_BAD, field="Idempotency-Key")
    what = (
        request.service_id,
        shape.type,
        shape.link_format,
        draft.link,
        draft.count,
        draft.piece,
        draft.fields,
    )
    digest = hashlib.sha256(repr((what[0], *what[3:])).encode()).digest() if key else b""
    return (*what, key, digest)


def _load_shape(service_id, fresh):
    if service_id not in fresh:
        fresh |= _load_shapes({service_id})
    if fresh[service_id] is None:
        raise OrderRefused(Refusal.SERVICE_UNKNOWN)
    return fresh[service_id]


def _load_shapes(ids):
    """`{id: Shape, or None for no such service}`, read in one query and remembered."""
    if not ids:
        return {}
    rows = Service.objects.filter(pk__in=ids).values_list("pk", "type", "link_format")
    found = {pk: Shape(*rest) for pk, *rest in rows}
    _shapes.update(found)
    return dict.fromkeys(ids) | found


def _judge(row, item):
    """The answer a statement's row stands for; None when the service changed its shape: read it and ask again."""
    if row.customer_id is None:
        raise OrderRefused(Refusal.KEY_INVALID)
    if not row.is_active:
        raise OrderRefused(Refusal.CUSTOMER_LOCKED)
    if row.first_order_id is not None:
        return PlacedOrder(row.first_order_id, None) if row.same_input else OrderRefused(Refusal.KEY_REUSED)
    if row.order_id is not None:
        return PlacedOrder(row.order_id, row.charge)
    if row.same_shape is None:
        return OrderRefused(Refusal.SERVICE_UNKNOWN)
    if not row.same_shape:
        _shapes.pop(item[0], None)
        return None
    if row.charge is not None:
        return OrderRefused(Refusal.FUNDS)
    if item[4] < row.min:
        return OrderRefused(Refusal.QUANTITY_LOW, field="quantity", limit=row.min)
    return OrderRefused(Refusal.QUANTITY_HIGH, field="quantity", limit=row.max)


def cancel_order(customer_id, order_id):
    """Cancel the customer's order, as far as its way allows; see CancelAnswer.

    Still queued: ended and refunded in one transaction. Sending or unclear: the wish is kept. Accepted: passed
    on, where the service can be canceled. Raises OrderRefused with ORDER_UNKNOWN or NOT_CANCELABLE.
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
        if order.is_final:
            raise OrderRefused(Refusal.NOT_CANCELABLE)
        if order.forwarding == Order.Forwarding.QUEUED:
            settle_order(order, Order.Status.CANCELED, reason="canceled before it was sent")
            return CancelAnswer.REFUNDED
        if not order.service.cancel:
            raise OrderRefused(Refusal.NOT_CANCELABLE)
        Order.objects.filter(pk=order.pk, cancel_requested_at=None).update(cancel_requested_at=timezone.now())
    wake(CANCEL_TASK)
    return CancelAnswer.REQUESTED
