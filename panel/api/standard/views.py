"""The standard reseller API at `/api/v2` (contracts: standard-v2): one address, the action in the parameters."""

import json
import logging

import psycopg
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from orders import lookup
from orders.callers import Bearer
from orders.catalogue import RenderedCatalogue, list_services_on_sale
from orders.models import Order
from orders.refills import find_refills, request_refill
from orders.refusals import OrderRefused, Refusal
from orders.service_types import ServiceType, is_dripfed
from orders.services import (
    OrderRequest,
    PlacedOrder,
    cancel_order,
    place_order_by_token,
    place_orders_by_token,
)
from panel.accounts.key_usage import Throttled, note_call
from panel.accounts.models import ApiToken
from panel.api.standard.errors import (
    INCORRECT_ORDER,
    INCORRECT_REQUEST,
    REFILL_NOT_FOUND,
    TOO_MANY,
    UNAVAILABLE,
    CallRefused,
    word,
)
from panel.api.standard.requests import UnreadableCall, read_id, read_values
from panel.lib.client_address import read_client_address
from panel.lib.money import discounted_rate
from panel.lib.secrets import digest_token

log = logging.getLogger(__name__)
CONTRACT = str(ApiToken.Contract.STANDARD)
CHANNEL = str(Order.Channel.STANDARD)
METHODS = ("GET", "POST")
MAX_IDS = 100
MAX_ORDERS = 1000
STATUS_WORDS = {
    "pending": "Pending",
    "processing": "Processing",
    "in_progress": "In progress",
    "completed": "Completed",
    "partial": "Partial",
    "canceled": "Canceled",
    "error": "Canceled",  # the contract has no word for it: it ended and the money is back
}
# Watch time is a link and a quantity (of hours), so clients of the contract know it as Default; it has no ads.
TYPE_NAMES = {kind.value: kind.label for kind in ServiceType if kind != ServiceType.ADS} | {
    ServiceType.WATCH_TIME.value: ServiceType.DEFAULT.label
}
REFILL_WORDS = {
    "pending": "Pending",
    "in_progress": "In progress",
    "completed": "Completed",
    "rejected": "Rejected",
    "error": "Error",
}


@csrf_exempt
def call(request):
    """Answer one call; HTTP 200 also for errors, 503 while the database is away."""
    try:
        if request.method not in METHODS:  # a probe must not buy what its query says
            raise CallRefused(INCORRECT_REQUEST)
        values = read_values(request)
        bearer = _read_bearer(request, values)
        note_call(bearer.digest)
        action = _ACTIONS.get(values.get("action") if isinstance(values.get("action"), str) else None)
        if action is None:
            lookup.find_customer_id(bearer)
            raise CallRefused(INCORRECT_REQUEST)
        answer = action(request, bearer, values)
        return answer if isinstance(answer, HttpResponse) else _answer(answer)
    except OrderRefused as refused:
        return _answer({"error": word(refused)})
    except CallRefused as refused:
        return _answer({"error": str(refused)})
    except UnreadableCall as error:
        return _answer({"error": INCORRECT_REQUEST}, status=413 if error.too_large else 200)
    except Throttled as throttled:
        headers = {"Retry-After": str(throttled.retry_after_seconds)}
        return _answer({"error": TOO_MANY}, status=429, **headers)
    except (psycopg.Error, DatabaseError) as error:
        log.error("a standard call failed: %s", type(error).__name__)
        return _answer({"error": UNAVAILABLE}, status=503)


def _read_bearer(request, values):
    key = values.get("key")
    digest = digest_token(key) if isinstance(key, str) else b""
    return Bearer(digest, CONTRACT, read_client_address(request.META))


def _answer(value, status=200, **headers):
    return _send(json.dumps(value).encode(), status, **headers)


def _send(body, status=200, **headers):
    # The length is set here: without it the server would answer in chunks.
    headers["Content-Length"] = str(len(body))
    return HttpResponse(body, content_type="application/json", status=status, headers=headers)


def _add(request, bearer, values):
    order = _read_add(values, request.META.get("HTTP_IDEMPOTENCY_KEY", ""))
    if isinstance(order, OrderRefused):
        lookup.find_customer_id(bearer)
        raise order
    return {"order": place_order_by_token(bearer, CHANNEL, order).order_id}


def _read_add(values, idempotency_key):
    """The order that an `add` asks for, or the refusal of what can't be one."""
    service_id = read_id(values.get("service"))
    if service_id is None:
        return OrderRefused(Refusal.SERVICE_UNKNOWN)
    return OrderRequest(service_id, values, idempotency_key)


def _add_many(request, bearer, values):
    entries = values.get("orders")
    if not isinstance(entries, list) or len(entries) > MAX_ORDERS:
        lookup.find_customer_id(bearer)
        raise CallRefused(INCORRECT_REQUEST)
    key = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
    answers = {}
    wanted = {}
    for place, entry in enumerate(entries):
        if isinstance(entry, dict):
            order = _read_add(entry, f"{key}:{place}" if key else "")
        else:
            order = OrderRefused(Refusal.FIELD_BAD)
        (answers if isinstance(order, OrderRefused) else wanted)[place] = order
    placed = place_orders_by_token(bearer, CHANNEL, list(wanted.values()))
    answers |= dict(zip(wanted, placed, strict=True))
    return [_entry_answer(answers[place]) for place in range(len(entries))]


def _entry_answer(answer):
    return {"order": answer.order_id} if isinstance(answer, PlacedOrder) else {"error": word(answer)}


def _status(request, bearer, values):
    if "orders" not in values:
        order_id = read_id(values.get("order"))
        found = lookup.find_orders(bearer, [order_id] if order_id else [])
        if order_id not in found:
            raise CallRefused(INCORRECT_ORDER)
        return _describe(found[order_id])
    ids = _read_ids(bearer, values["orders"])
    found = lookup.find_orders(bearer, [pk for pk in ids.values() if pk])
    return {
        text: _describe(found[pk]) if pk in found else {"error": INCORRECT_ORDER} for text, pk in ids.items()
    }


def _describe(order):
    unknown = 0 if order.status == "completed" else order.quantity
    remains = unknown if order.remains is None else order.remains
    return {
        "charge": str(order.charge - order.refunded),
        "start_count": str(order.start_count or 0),
        "status": STATUS_WORDS[order.status],
        "remains": str(remains),
        "currency": settings.CURRENCY_CODE,
    }


def _read_ids(bearer, value):
    """`{as the client wrote it: id or None}` of a list of ids in text or JSON."""
    parts = value if isinstance(value, list) else str(value).split(",")
    texts = [str(part).strip() for part in parts]
    if not 1 <= len(texts) <= MAX_IDS:
        lookup.find_customer_id(bearer)
        raise CallRefused(INCORRECT_REQUEST)
    return {text: read_id(text) for text in texts}


def _cancel(request, bearer, values):
    customer_id = lookup.find_customer_id(bearer, to_order=True)
    if "orders" not in values:
        answer = _cancel_one(customer_id, str(values.get("order", "")))
        if isinstance(answer["cancel"], dict):
            raise CallRefused(answer["cancel"]["error"])
        return answer
    return [_cancel_one(customer_id, text) for text in _read_ids(bearer, values["orders"])]


def _cancel_one(customer_id, text):
    order_id = read_id(text)
    try:
        if order_id is None:
            raise OrderRefused(Refusal.ORDER_UNKNOWN)
        cancel_order(customer_id, order_id)
    except OrderRefused as refused:
        return {"order": order_id or text, "cancel": {"error": word(refused)}}
    return {"order": order_id, "cancel": 1}


def _refill(request, bearer, values):
    customer_id = lookup.find_customer_id(bearer, to_order=True)
    if "orders" in values:
        return [_refill_one(customer_id, text) for text in _read_ids(bearer, values["orders"])]
    answer = _refill_one(customer_id, str(values.get("order", "")))["refill"]
    if isinstance(answer, dict):
        raise CallRefused(answer["error"])
    return {"refill": str(answer)}


def _refill_one(customer_id, text):
    order_id = read_id(text)
    try:
        if order_id is None:
            raise OrderRefused(Refusal.ORDER_UNKNOWN)
        refill = request_refill(customer_id, order_id)
    except OrderRefused as refused:
        return {"order": order_id or text, "refill": {"error": word(refused)}}
    return {"order": order_id, "refill": refill.pk}


def _refill_status(request, bearer, values):
    customer_id = lookup.find_customer_id(bearer)
    if "refills" in values:
        ids = _read_ids(bearer, values["refills"])
        found = find_refills(customer_id, [pk for pk in ids.values() if pk])
        return [{"refill": pk or text, "status": _refill_word(found.get(pk))} for text, pk in ids.items()]
    refill_id = read_id(values.get("refill"))
    status = _refill_word(find_refills(customer_id, [refill_id]).get(refill_id) if refill_id else None)
    if isinstance(status, dict):
        raise CallRefused(status["error"])
    return {"status": status}


def _refill_word(refill):
    return {"error": REFILL_NOT_FOUND} if refill is None else REFILL_WORDS[refill.status]


def _balance(request, bearer, values):
    return {"balance": str(lookup.find_balance(bearer)), "currency": settings.CURRENCY_CODE}


def _services(request, bearer, values):
    rendered = _catalogue.get(*lookup.find_catalogue_terms(bearer))
    zipped = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    headers = {"ETag": f'"{rendered.name}{"-gzip" if zipped else ""}"', "Vary": "Accept-Encoding"}
    if request.META.get("HTTP_IF_NONE_MATCH") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    if zipped:
        return _send(rendered.compressed, **headers, **{"Content-Encoding": "gzip"})
    return _send(rendered.body, **headers)


def _render_services(discount):
    rows = [
        {
            "service": row["id"],
            "name": row["name"],
            "type": TYPE_NAMES[row["type"]],
            "category": row["category__name"],
            "rate": discounted_rate(row["price"], discount),
            "min": str(row["min"]),
            "max": str(row["max"]),
            "refill": row["refill"],
            "cancel": row["cancel"],
            "dripfeed": row["dripfeed"] and is_dripfed(row["type"]),
            "desc": row["description"],
        }
        for row in list_services_on_sale()
        if row["type"] in TYPE_NAMES
    ]
    return json.dumps(rows, ensure_ascii=False).encode()


_catalogue = RenderedCatalogue(_render_services)
_ACTIONS = {
    "services": _services,
    "add": _add,
    "orders": _add_many,
    "status": _status,
    "cancel": _cancel,
    "refill": _refill,
    "refill_status": _refill_status,
    "balance": _balance,
}
