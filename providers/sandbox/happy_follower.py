"""A happy-follower panel at `/happy_follower/api/v1`: the document's eight operations, without its sandbox.

`auth` takes the keys of the standard API, as `Authorization: Bearer sandbox-key`; everything else takes the
token it hands out (`tokens.py`). What is sold are the services that need no more than a link and a count
(`catalogue.py`), and a package needs no count. Orders walk as in every dialect (`fates.py`).
The document knows no `Idempotency-Key`: it is ignored.
"""

import math
from collections.abc import Callable
from typing import Any

from providers.sandbox.catalogue import LINK_AND_COUNT_TYPES, PIECE_TYPES, SERVICES, Service
from providers.sandbox.fates import PLAIN
from providers.sandbox.faults import play_call
from providers.sandbox.order_input import is_link, parse_whole
from providers.sandbox.orders import KEY_PREFIX, Draft, Snapshot, cancel_order, read_balance, read_orders
from providers.sandbox.placing import place_order
from providers.sandbox.refills import take_recheck
from providers.sandbox.state import State
from providers.sandbox.tokens import find_token_key, open_session, renew_token
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

BAD_KEY = "کلید API نامعتبر است"
BAD_TOKEN = "توکن نامعتبر یا منقضی شده است"  # noqa: S105 - words for a refused token
NO_FUNDS = "اعتبار کافی نیست"
BUSY = "تعداد درخواست‌ها بیش از حد مجاز است"
BAD_LINK = "لینک نامعتبر است"
REPEATED_LINK = "برای این لینک سفارش در حال انجامی وجود دارد"
BAD_SERVICE = "شناسه سرویس نامعتبر است"
UNKNOWN_SERVICE = "سرویس یافت نشد"
BAD_COUNT = "تعداد باید بین {} و {} باشد"
BAD_ORDER = "شناسه سفارش نامعتبر است"
UNKNOWN_ORDER = "سفارش یافت نشد"
TOO_LATE = "این سفارش دیگر قابل لغو نیست"
CHECKED_LATELY = "هر سفارش در هر ۱۰ دقیقه فقط یک بار بررسی مجدد می‌شود"

STATUSES = {
    PENDING: ("registered", "در انتظار"),
    PROCESSING: ("doing", "در حال انجام"),
    IN_PROGRESS: ("doing", "در حال انجام"),
    COMPLETED: ("done", "انجام شده"),
    PARTIAL: ("partial", "ناقص"),
    CANCELED: ("canceled", "لغو شده"),
    FAILED: ("error", "خطا"),
    UNKNOWN: ("moderation", "در انتظار تایید"),
}

Run = Callable[[State, Request, str], Answer]


def refuse(status: int, words: str, **headers: str) -> Answer:
    """A refusal in this dialect's envelope."""
    return json_answer({"operation": "error", "message": words}, status, **headers)


REFUSALS = {
    "refuse": refuse(400, REPEATED_LINK),
    "badkey": refuse(401, BAD_TOKEN),
    "nofunds": refuse(403, NO_FUNDS),
    "busy": refuse(429, BUSY),
}


def answer_auth(state: State, request: Request) -> Answer:
    """`GET auth`: a refresh token and a token for an API key."""
    state.store.count("auth_calls")
    return _answer(state, "auth", lambda: _open_session(state, request))


def answer_refresh(state: State, request: Request) -> Answer:
    """`GET ref-auth`: a new token for a refresh token and its newest token."""
    state.store.count("refresh_calls")
    return _answer(state, "ref-auth", lambda: _renew_token(state, request))


def answer_services(state: State, request: Request) -> Answer:
    """`GET services`."""
    return _answer_known(state, request, "services", _list_services)


def answer_order(state: State, request: Request) -> Answer:
    """`POST order`: make the order and play its fate."""
    state.store.count("adds_received")
    return _answer_known(state, request, "add", _make_order)


def answer_status(state: State, request: Request) -> Answer:
    """`GET status/{id}`."""
    state.store.count("status_calls")
    return _answer_known(state, request, "status", _tell_status)


def answer_cancel(state: State, request: Request) -> Answer:
    """`POST cancel`."""
    state.store.count("cancels")
    return _answer_known(state, request, "cancel", _cancel_order)


def answer_recheck(state: State, request: Request) -> Answer:
    """`POST recheck`, at most once in 10 minutes an order."""
    state.store.count("rechecks")
    return _answer_known(state, request, "refill", _recheck_order)


def answer_credit(state: State, request: Request) -> Answer:
    """`GET credit`, in whole toman."""
    return _answer_known(state, request, "balance", _tell_credit)


def _answer(state: State, action: str, run: Callable[[], Answer]) -> Answer:
    def run_refusable() -> Answer:
        try:
            return run()
        except StatusRefusal as refusal:
            return refuse(refusal.status, refusal.words, **refusal.headers)

    return play_call(state.faults, action, REFUSALS["busy"], run_refusable)


def _answer_known(state: State, request: Request, action: str, run: Run) -> Answer:
    return _answer(state, action, lambda: run(state, request, _find_key(state, request)))


def _succeed(**told: Any) -> Answer:
    return json_answer({"operation": "success", **told})


def _find_key(state: State, request: Request) -> str:
    token = request.read_credential("Authorization", "Bearer") or ""
    key = find_token_key(state.store, token, state.speeds.token_seconds, state.tell_time())
    if key is None:
        raise StatusRefusal(401, BAD_TOKEN)
    return key


def _open_session(state: State, request: Request) -> Answer:
    key = request.read_credential("Authorization", "Bearer") or ""
    if not key.startswith(KEY_PREFIX):
        raise StatusRefusal(401, BAD_KEY)
    session = open_session(state.store, key, state.tell_time())
    return _succeed(refreshToken=session.refresh_token, token=session.token)


def _renew_token(state: State, request: Request) -> Answer:
    refresh_token = request.read_credential("refresh-token", "Bearer") or ""
    old_token = request.read_credential("old-token", "Bearer") or ""
    token = renew_token(state.store, refresh_token, old_token, state.tell_time())
    if token is None:
        raise StatusRefusal(401, BAD_TOKEN)
    return _succeed(token=token)


def _list_services(state: State, request: Request, key: str) -> Answer:
    sold = [service for service in SERVICES.values() if service.type in LINK_AND_COUNT_TYPES]
    return _succeed(services=[{"serviceId": service.id, "name": service.name} for service in sold])


def _make_order(state: State, request: Request, key: str) -> Answer:
    body = _read_body(request)
    service = _read_service(body)
    link = body.get("link")
    if not isinstance(link, str) or not is_link(link.strip()):
        raise StatusRefusal(400, BAD_LINK)
    count = _read_count(service, body)
    fields = {str(name): str(value) for name, value in body.items()}
    draft = Draft(key, service, link.strip(), count, PLAIN, fields, None)
    return place_order(state, draft, REFUSALS, _describe_made, state.tell_time())


def _read_body(request: Request) -> dict[str, Any]:
    """A JSON object, or a form."""
    if not request.body.lstrip().startswith((b"{", b"[")):
        return dict(request.form_pairs())
    try:
        body = request.read_json()
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}


def _read_service(body: dict[str, Any]) -> Service:
    number = parse_whole(body.get("serviceId"))
    if number is None:
        raise StatusRefusal(400, BAD_SERVICE)
    service = SERVICES.get(number)
    if service is None or service.type not in LINK_AND_COUNT_TYPES:
        raise StatusRefusal(404, UNKNOWN_SERVICE)
    return service


def _read_count(service: Service, body: dict[str, Any]) -> int:
    given = body.get("count")
    count = 1 if given is None and service.type in PIECE_TYPES else parse_whole(given)
    if count is None or not service.min <= count <= service.max:
        raise StatusRefusal(400, BAD_COUNT.format(service.min, service.max))
    return count


def _describe_made(order_id: int, fate: str) -> Answer:
    return _succeed(orderId=str(order_id) if fate == "stringid" else order_id)


def _tell_status(state: State, request: Request, key: str) -> Answer:
    state.store.count("ids_asked")
    order = _find_order(state, key, parse_whole(request.path.rpartition("/")[2]) or 0)
    status, title = STATUSES[order.progress.status]
    return _succeed(
        status=status,
        statusTitle=title,
        remain=order.progress.remains,
        oldCount=order.start_count,
        count=order.quantity,
        cost=math.ceil(order.charge),
        link=order.target,
    )


def _cancel_order(state: State, request: Request, key: str) -> Answer:
    order = _find_order(state, key, _read_order_id(request))
    can_cancel = SERVICES[order.service].cancel
    if not (can_cancel and cancel_order(state.store, key, order.id, state.speeds.pace, state.tell_time())):
        raise StatusRefusal(409, TOO_LATE)
    return _succeed()


def _recheck_order(state: State, request: Request, key: str) -> Answer:
    order = _find_order(state, key, _read_order_id(request))
    waiting = take_recheck(state.store, order.id, state.tell_time())
    if waiting:
        raise StatusRefusal(429, CHECKED_LATELY, Retry_After=str(math.ceil(waiting)))
    return _succeed()


def _read_order_id(request: Request) -> int:
    order_id = parse_whole(_read_body(request).get("orderId"))
    if order_id is None:
        raise StatusRefusal(400, BAD_ORDER)
    return order_id


def _find_order(state: State, key: str, order_id: int) -> Snapshot:
    found = read_orders(state.store, key, [order_id], state.speeds.pace, state.tell_time())
    if order_id not in found:
        raise StatusRefusal(404, UNKNOWN_ORDER)
    return found[order_id]


def _tell_credit(state: State, request: Request, key: str) -> Answer:
    return _succeed(credit=int(read_balance(state.store, key)))
