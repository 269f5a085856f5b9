"""Another copy of a panel at `/panel_app/api/v1`: of its app API what a reseller needs, without its logins.

Keys are those of the standard API, as `Authorization: Bearer sandbox-key`; bodies come as JSON or as a form. HTTP is
200 for every answer but a refused token's, a wrong method's and a fault's: what matters is `status` in the body, and
an order's detail is bare. `category_id` may be left out but not be wrong; a repeated `Idempotency-Key` is answered
with its order, as the standard API does.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from providers.sandbox.catalogue import SERVICES, Service
from providers.sandbox.fates import PLAIN
from providers.sandbox.faults import play_call
from providers.sandbox.order_input import parse_whole
from providers.sandbox.orders import (
    KEY_PREFIX,
    Draft,
    Snapshot,
    has_order,
    list_orders,
    read_balance,
    read_orders,
)
from providers.sandbox.panel_app_input import CATEGORIES, SOLD, read_panel_app_input
from providers.sandbox.placing import place_order
from providers.sandbox.state import State
from providers.sandbox.walk import (
    CANCELED,
    COMPLETED,
    FAILED,
    IN_PROGRESS,
    PARTIAL,
    PENDING,
    PROCESSING,
    UNKNOWN,
)
from providers.sandbox.wire import Answer, Request, StatusRefusal, json_answer

BAD_TOKEN = "توکن اشتباه یا منقضی شده است"  # noqa: S105 - words for a refused token
NO_FUNDS = "موجودی کافی نیست"
BUSY = "محدودیت ارسال درخواست"
REPEATED_LINK = "برای این لینک سفارش در حال انجامی وجود دارد"
KEY_REUSED = "این Idempotency-Key پیش‌تر با درخواست دیگری به کار رفته است"
UNKNOWN_ORDER = "سفارش مورد نظر یافت نشد"
FORBIDDEN = "منع دسترسی"
BAD_BODY = "بدنه درخواست خوانا نیست"

ACTIONS = ("categories", "orders")  # those that the standard API has none of
HTTP_REFUSALS = frozenset({401, 405})
MADE = 1588546285  # when all that is sold here was made, in unix seconds
LISTED_ORDERS = 100
STATUSES = {
    PENDING: "pending",
    PROCESSING: "processing",
    IN_PROGRESS: "inprogress",
    COMPLETED: "completed",
    PARTIAL: "partial",
    CANCELED: "canceled",
    FAILED: "error",
    UNKNOWN: "moderation",
}
UNUSED_FIELDS = (
    "usernames",
    "username",
    "hashtags",
    "hashtag",
    "media",
    "comments",
    "sub_posts",
    "sub_min",
    "sub_max",
    "sub_delay",
    "sub_expiry",
    "sub_response_orders",
    "sub_response_posts",
    "sub_status",
)

Run = Callable[[State, Request, str], Answer]


def refuse(status: int, words: str, **headers: str) -> Answer:
    """A refusal in this dialect's envelope."""
    return json_answer(
        {"status": status, "message": words}, status if status in HTTP_REFUSALS else 200, **headers
    )


REFUSALS = {
    "refuse": refuse(400, REPEATED_LINK),
    "badkey": refuse(401, BAD_TOKEN),
    "nofunds": refuse(400, NO_FUNDS),
    "keyreused": refuse(400, KEY_REUSED),
    "busy": refuse(429, BUSY),
}


def answer_user(state: State, request: Request) -> Answer:
    """`GET user`: the profile, `balance` in whole toman."""
    return _answer(state, request, "balance", _tell_user)


def answer_services(state: State, request: Request) -> Answer:
    """`GET services`."""
    return _answer(state, request, "services", _list_services)


def answer_categories(state: State, request: Request) -> Answer:
    """`GET categories`."""
    return _answer(state, request, "categories", _list_categories)


def answer_create(state: State, request: Request) -> Answer:
    """`POST order`: make the order and play its fate."""
    state.store.count("adds_received")
    return _answer(state, request, "add", _create_order)


def answer_orders(state: State, request: Request) -> Answer:
    """`GET order`: the newest first."""
    return _answer(state, request, "orders", _list_orders)


def answer_order(state: State, request: Request) -> Answer:
    """`GET order/{id}`: the bare order."""
    state.store.count("status_calls")
    return _answer(state, request, "status", _tell_order)


def _answer(state: State, request: Request, action: str, run: Run) -> Answer:
    def run_known() -> Answer:
        try:
            return run(state, request, _read_key(request))
        except StatusRefusal as refusal:
            return refuse(refusal.status, refusal.words)

    answer = play_call(state.faults, action, REFUSALS["busy"], run_known)
    if answer.status == 429:  # told in the body, as everything here
        return replace(answer, status=200)
    return json_answer({"message": "Server Error"}, 500) if answer.status == 500 else answer


def _read_key(request: Request) -> str:
    key = request.read_credential("Authorization", "Bearer") or ""
    if not key.startswith(KEY_PREFIX):
        raise StatusRefusal(401, BAD_TOKEN)
    return key


def _tell_user(state: State, request: Request, key: str) -> Answer:
    unset = ("ids", "login_type", "timezone", "more_information", "settings", "desc", "api_key", "spent")
    secret = ("activation_key", "reset_key", "history_ip")
    user = {
        "id": 176,
        "role": "user",
        "first_name": "Sandbox",
        "last_name": "Reseller",
        "email": "reseller@example.com",
        "mobile": "09011235566",
        "mobile_verified": 1,
        "balance": int(read_balance(state.store, key)),
        "custom_rate": 0,
        "status": 1,
        **dict.fromkeys((*unset, *secret)),
        **_date(MADE),
    }
    return json_answer({"status": 200, "user": user})


def _list_services(state: State, request: Request, key: str) -> Answer:
    return json_answer({"status": 200, "services": [_describe_service(sold) for sold in SOLD.values()]})


def _describe_service(service: Service) -> dict[str, Any]:
    price = Decimal(service.rate)
    return {
        "id": service.id,
        "cate_id": CATEGORIES[service.category],
        "name": service.name,
        "desc": f"<p>{service.name} of the sandbox; nothing is really delivered.</p>",
        "price": int(price) if price == int(price) else float(price),
        "original_price": None,
        "min": service.min,
        "max": service.max,
        "dripfeed": int(service.dripfeed),
        "status": 1,
        **_date(MADE),
    }


def _list_categories(state: State, request: Request, key: str) -> Answer:
    shown = {"desc": "", "image": None, "sort": 1, "status": 1, **_date(MADE)}
    rows = [{"id": number, "name": name, **shown} for name, number in CATEGORIES.items()]
    return json_answer({"status": 200, "categories": rows})


def _create_order(state: State, request: Request, key: str) -> Answer:
    body = _read_body(request)
    wanted = read_panel_app_input(body)
    fields = {str(name): str(value) for name, value in body.items()}
    repeated = request.headers.get("Idempotency-Key")
    draft = Draft(key, wanted.service, wanted.target, wanted.quantity, PLAIN, fields, repeated)
    now = state.tell_time()
    return place_order(
        state, draft, REFUSALS, lambda order_id, fate: _describe_made(draft, order_id, fate, now), now
    )


def _read_body(request: Request) -> dict[str, Any]:
    """A JSON object, or a form."""
    if not request.body.lstrip().startswith((b"{", b"[")):
        return dict(request.form_pairs())
    try:
        body = request.read_json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise StatusRefusal(400, BAD_BODY)
    return body


def _describe_made(draft: Draft, order_id: int, fate: str, now: float) -> Answer:
    order = {
        "uid": 176,
        **_describe_service_of(draft.service),
        "link": draft.target,
        "quantity": draft.quantity,
        "charge": math.ceil(Decimal(draft.charge).scaleb(-5)),
        "api_provider_id": None,
        "api_service_id": None,
        "is_drip_feed": 0,
        "status": "pending",
        "type": "api",
        **_date(now),
        "id": str(order_id) if fate == "stringid" else order_id,
    }
    return json_answer({"status": 201, "message": "Order placed successfully", "order": order})


def _list_orders(state: State, request: Request, key: str) -> Answer:
    now = state.tell_time()
    own = [row["order"] for row in list_orders(state.store, state.speeds.pace, now) if row["key"] == key]
    newest = own[: -LISTED_ORDERS - 1 : -1]
    found = read_orders(state.store, key, newest, state.speeds.pace, now)
    return json_answer({"status": 200, "orders": [_describe_order(found[number]) for number in newest]})


def _tell_order(state: State, request: Request, key: str) -> Answer:
    state.store.count("ids_asked")
    order_id = parse_whole(request.path.rpartition("/")[2]) or 0
    found = read_orders(state.store, key, [order_id], state.speeds.pace, state.tell_time())
    if order_id not in found:
        raise StatusRefusal(*((403, FORBIDDEN) if has_order(state.store, order_id) else (404, UNKNOWN_ORDER)))
    return json_answer(_describe_order(found[order_id]))


def _describe_order(order: Snapshot) -> dict[str, Any]:
    remains = order.progress.remains
    return {
        "status": STATUSES[order.progress.status],
        "id": order.id,
        "ids": None,
        "type": "api",
        **_describe_service_of(SERVICES[order.service]),
        "api_provider_id": None,
        "api_service_id": None,
        "api_order_id": 0,
        "uid": 176,
        "link": order.target,
        "quantity": order.quantity,
        **dict.fromkeys(UNUSED_FIELDS),
        "charge": math.ceil(order.charge),
        "start_counter": order.start_count,
        "remains": None if remains is None else str(remains),
        "is_drip_feed": 0,
        "runs": 0,
        "interval": 0,
        "dripfeed_quantity": 0,
        "note": None,
        **_date(order.created),
    }


def _describe_service_of(service: Service) -> dict[str, Any]:
    written = service.type.lower().replace(" ", "_")
    return {"cate_id": CATEGORIES.get(service.category), "service_id": service.id, "service_type": written}


def _date(seconds: float) -> dict[str, int]:
    return {"changed": int(seconds), "created": int(seconds)}
