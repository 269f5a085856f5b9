"""A gray-city panel at `/gray_city`: the document's ten operations.

Keys are those of the standard API, as `Authorization: Token sandbox-key`; bodies are JSON. What is sold, by
kind, is in `catalogue.py`. Orders walk as in every dialect (`fates.py`); a watch-time link with the word `short`
is a video that is too short. Tracking tells no remains. The document knows no `Idempotency-Key`: it is ignored.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

from providers.sandbox.catalogue import SERVICES
from providers.sandbox.fates import PLAIN
from providers.sandbox.faults import play_call
from providers.sandbox.gray_city_input import BAD_LINK, PRODUCTS, GrayCityInput, read_gray_city_input
from providers.sandbox.order_input import parse_whole
from providers.sandbox.orders import (
    KEY_PREFIX,
    Draft,
    Snapshot,
    count_orders,
    find_tracked,
    read_balance,
    read_orders,
)
from providers.sandbox.placing import place_order
from providers.sandbox.state import State
from providers.sandbox.walk import COMPLETED
from providers.sandbox.wire import Answer, Request, StatusRefusal, json_answer

MOUNT = "/gray_city"
USER = "reseller@example.com"
QUEUED = "در صف⊷"
BAD_TOKEN = "توکن نامعتبر است"  # noqa: S105 - words for a refused token
NO_TOKEN = "اطلاعات احراز هویت ارائه نشده است"  # noqa: S105 - words for a missing token
NO_FUNDS = "موجودی کافی نیست"
BUSY = "تعداد درخواست‌ها بیش از حد مجاز است"
UNKNOWN_TRACKING = "ایدی پیگیری سفارش یافت نشد"
BAD_TRACKING = "پارامتر ارسالی نامبعتر است"
BAD_PAGE = "صفحه نامعتبر است"

PAGE_SIZE, MAX_PAGE_SIZE = 20, 30
TRACKING_DIGITS = 12
HEX_DIGITS = frozenset("0123456789abcdef")
TEHRAN = timezone(timedelta(hours=3, minutes=30))
TOKENS_MADE = datetime(2024, 1, 1, tzinfo=UTC).timestamp()

Run = Callable[[State, Request, str], Answer]


def refuse(status: int, words: str, **headers: str) -> Answer:
    """A refusal in this dialect's envelope."""
    return json_answer({"detail": words}, status, **headers)


REFUSALS = {
    "refuse": refuse(400, BAD_LINK),
    "badkey": refuse(403, BAD_TOKEN),
    "nofunds": refuse(403, NO_FUNDS),
    "busy": refuse(429, BUSY),
}


def answer_token(state: State, request: Request) -> Answer:
    """`GET user/token/`."""
    return _answer(state, request, "token", _tell_token)


def answer_info(state: State, request: Request) -> Answer:
    """`GET user/info/`: `balance` in whole toman."""
    return _answer(state, request, "balance", _tell_info)


def answer_categories(state: State, request: Request) -> Answer:
    """`GET categories/`, by `page` and `page_size`."""
    return _answer(state, request, "services", _list_categories)


def answer_create(state: State, request: Request) -> Answer:
    """`POST` to one of the order paths: make the order and play its fate."""
    state.store.count("adds_received")
    return _answer(state, request, "add", _create_order)


def answer_tracking(state: State, request: Request) -> Answer:
    """`GET order/tracking/?tracking_id=`."""
    state.store.count("status_calls")
    return _answer(state, request, "status", _track_order)


def _answer(state: State, request: Request, action: str, run: Run) -> Answer:
    def run_known() -> Answer:
        try:
            return run(state, request, _read_key(request))
        except StatusRefusal as refusal:
            return refuse(refusal.status, refusal.words)

    return play_call(state.faults, action, REFUSALS["busy"], run_known)


def _read_key(request: Request) -> str:
    key = request.read_credential("Authorization", "Token")
    if key is None:
        raise StatusRefusal(403, NO_TOKEN)
    if not key.startswith(KEY_PREFIX):
        raise StatusRefusal(403, BAD_TOKEN)
    return key


def _tell_token(state: State, request: Request, key: str) -> Answer:
    made, used = _show_time(TOKENS_MADE), _show_time(state.tell_time())
    return json_answer({"token": key, "user": USER, "created": made, "last_used": used})


def _tell_info(state: State, request: Request, key: str) -> Answer:
    balance = int(read_balance(state.store, key))
    return json_answer({"user": USER, "balance": balance, "orders": count_orders(state.store, key)})


def _list_categories(state: State, request: Request, key: str) -> Answer:
    query = dict(request.query_pairs())
    size = min(parse_whole(query.get("page_size")) or PAGE_SIZE, MAX_PAGE_SIZE)
    page = parse_whole(query.get("page", "1"))
    sold = [{"id": service.id, "title": service.name} for service in SERVICES.values() if service.kind]
    last = -(-len(sold) // size)
    if page is None or not 1 <= page <= last:
        raise StatusRefusal(404, BAD_PAGE)

    def link_page(number: int) -> str | None:
        if not 1 <= number <= last:
            return None
        host = request.headers.get("Host", "127.0.0.1")
        return f"http://{host}{request.path}/?{urlencode({'page': number, 'page_size': size})}"

    results = sold[(page - 1) * size : page * size]
    pages = {"next": link_page(page + 1), "previous": link_page(page - 1)}
    return json_answer({"count": len(sold), **pages, "results": results})


def _create_order(state: State, request: Request, key: str) -> Answer:
    try:
        body = request.read_json()
    except ValueError:
        body = None
    wanted = read_gray_city_input(PRODUCTS[request.path.removeprefix(MOUNT)], body)
    fields = {str(name): _as_text(value) for name, value in body.items()}
    tracking_id, now = secrets.token_hex(TRACKING_DIGITS // 2), state.tell_time()
    draft = Draft(
        key, wanted.service, wanted.target, wanted.quantity, PLAIN, fields, None, tracking_id=tracking_id
    )
    made = json_answer(_describe_made(wanted, tracking_id, now))
    return place_order(state, draft, REFUSALS, lambda order_id, fate: made, now)


def _describe_made(wanted: GrayCityInput, tracking_id: str, now: float) -> dict[str, Any]:
    told = {"user": USER, "status": QUEUED, "tracking_id": tracking_id, "created": _show_time(now)}
    return {**wanted.shown, **told}


def _as_text(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _track_order(state: State, request: Request, key: str) -> Answer:
    tracking_id = dict(request.query_pairs()).get("tracking_id", "").strip()
    if not tracking_id:
        raise StatusRefusal(400, UNKNOWN_TRACKING)
    state.store.count("ids_asked")
    if len(tracking_id) != TRACKING_DIGITS or not HEX_DIGITS.issuperset(tracking_id):
        raise StatusRefusal(400, BAD_TRACKING)
    order_id = find_tracked(state.store, key, tracking_id)
    if order_id is None:
        raise StatusRefusal(400, UNKNOWN_TRACKING)
    found = read_orders(state.store, key, [order_id], state.speeds.pace, state.tell_time())
    return json_answer(_describe_tracked(found[order_id], tracking_id))


def _describe_tracked(order: Snapshot, tracking_id: str) -> dict[str, Any]:
    kind, status = SERVICES[order.service].kind, order.progress.status
    return {
        "Type": kind,
        "link": "" if kind == "ads" else order.target,
        "status": "Done" if status == COMPLETED else status,
        "initialize_count": order.start_count,
        "uniq_id": tracking_id,
        "date": _show_time(order.created),
    }


def _show_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, TEHRAN).strftime("%Y-%m-%d %H:%M:%S")
