"""The field's standard reseller API at `/standard/api/v2`: all its actions, over POST and GET.

Keys: anything that starts with `sandbox-` (`sandbox-key` by default), each with a balance of its own;
`sandbox-poor` has nothing. A key that ends with `-noidem` ignores `Idempotency-Key`, as most upstreams do.
A repeated idempotency key answers with its order at once, whatever the fate in the link.
"""

from collections.abc import Callable, Mapping
from typing import Any

from providers.sandbox.catalogue import SERVICES, describe_services
from providers.sandbox.fates import PLAIN
from providers.sandbox.faults import play_call
from providers.sandbox.order_input import RefusalError, read_ids, read_number, read_order_input
from providers.sandbox.orders import (
    KEY_PREFIX,
    Draft,
    Snapshot,
    cancel_order,
    read_balance,
    read_orders,
)
from providers.sandbox.placing import place_order
from providers.sandbox.refills import make_refill, read_refills
from providers.sandbox.state import State
from providers.sandbox.walk import CANCELED, COMPLETED, FAILED
from providers.sandbox.wire import Answer, Request, json_answer

CURRENCY = "IRT"
CALL_COUNTERS = {"add": "adds_received", "status": "status_calls"}
REFUSALS = {
    "refuse": json_answer({"error": "neworder.error.link_duplicate"}),
    "badkey": json_answer({"error": "Invalid API key"}),
    "nofunds": json_answer({"error": "neworder.error.not_enough_funds"}),
    "keyreused": json_answer({"error": "Idempotency key reused"}),
    "busy": json_answer({"error": "Too many requests"}),
}

Params = Mapping[str, str]


def answer_standard(state: State, request: Request) -> Answer:
    """Answer one request, or spoil its answer when a fault is set for its action (`/control/faults`)."""
    params = read_params(request)
    action = params.get("action", "")
    if action in CALL_COUNTERS:
        state.store.count(CALL_COUNTERS[action])
    idempotency_key = request.headers.get("Idempotency-Key")
    return play_call(
        state.faults, action, REFUSALS["busy"], lambda: _answer_action(state, params, idempotency_key)
    )


def read_params(request: Request) -> dict[str, str]:
    """The query's parameters and over them those of a form or JSON body, all as text."""
    params = dict(request.query_pairs())
    if request.body.lstrip().startswith(b"{"):
        try:
            return params | {str(name): _as_text(value) for name, value in request.read_json().items()}
        except ValueError:
            return params
    return params | dict(request.form_pairs())


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(_as_text(item) for item in value)
    return "" if value is None else str(value)


def _answer_action(state: State, params: Params, idempotency_key: str | None) -> Answer:
    try:
        return _run_action(state, params, idempotency_key)
    except RefusalError as refusal:
        return json_answer({"error": str(refusal)})


def _run_action(state: State, params: Params, idempotency_key: str | None) -> Answer:
    if not params.get("key", "").startswith(KEY_PREFIX):
        raise RefusalError("Invalid API key")
    action = params.get("action", "")
    if action == "add":
        return add_order(state, params, idempotency_key)
    if action not in ACTIONS:
        raise RefusalError("Incorrect request")
    return json_answer(ACTIONS[action](state, params))


def add_order(state: State, params: Params, idempotency_key: str | None) -> Answer:
    """`action=add`: make the order and play its fate (`fates.py`)."""
    wanted = read_order_input(params)
    fields = {name: text for name, text in params.items() if name not in ("key", "action")}
    draft = Draft(
        params["key"], wanted.service, wanted.target, wanted.quantity, PLAIN, fields, idempotency_key
    )
    return place_order(state, draft, REFUSALS, _describe_made, state.tell_time())


def _describe_made(order_id: int, fate: str) -> Answer:
    return json_answer({"order": str(order_id) if fate == "stringid" else order_id})


def list_services(state: State, params: Params) -> list[dict[str, Any]]:
    """`action=services`."""
    return describe_services()


def read_status(state: State, params: Params) -> dict[str, Any]:
    """`action=status`, one order or up to 100."""
    many = "orders" in params
    ids = read_ids(params["orders"] if many else params.get("order", ""))
    state.store.count("ids_asked", len(ids))
    found = _find_orders(state, params, ids)
    if not many:
        return _describe_status(found.get(ids[0]))
    names = [part.strip() for part in params["orders"].split(",")]
    return {name: _describe_status(found.get(order_id)) for name, order_id in zip(names, ids, strict=True)}


def _describe_status(order: Snapshot | None) -> dict[str, Any]:
    if order is None:
        return {"error": "Incorrect order ID"}
    progress = order.progress
    return {
        "charge": str(order.charge),
        "start_count": str(order.start_count),
        "status": CANCELED if progress.status == FAILED else progress.status,
        "remains": None if progress.remains is None else str(progress.remains),
        "currency": CURRENCY,
    }


def cancel_orders(state: State, params: Params) -> list[dict[str, Any]]:
    """`action=cancel`, up to 100 orders."""
    ids = read_ids(params.get("orders", ""))
    state.store.count("cancels", len(ids))
    found = _find_orders(state, params, ids)
    return [
        {"order": order_id, "cancel": _cancel_one(state, params, found.get(order_id))} for order_id in ids
    ]


def _cancel_one(state: State, params: Params, order: Snapshot | None) -> int | dict[str, str]:
    if order is None:
        return {"error": "Incorrect order ID"}
    if not SERVICES[order.service].cancel:
        return {"error": "Cancel is disabled for this service"}
    canceled = cancel_order(state.store, params["key"], order.id, state.speeds.pace, state.tell_time())
    return 1 if canceled else {"error": "Order can not be canceled"}


def refill_orders(state: State, params: Params) -> dict[str, Any] | list[dict[str, Any]]:
    """`action=refill`, one order or up to 100."""
    many = "orders" in params
    ids = read_ids(params["orders"] if many else params.get("order", ""))
    found = _find_orders(state, params, ids)
    if not many:
        return {"refill": str(_refill_one(state, params, found.get(ids[0])))}
    answers = []
    for order_id in ids:
        try:
            answers.append({"order": order_id, "refill": _refill_one(state, params, found.get(order_id))})
        except RefusalError as refusal:
            answers.append({"order": order_id, "refill": {"error": str(refusal)}})
    return answers


def _refill_one(state: State, params: Params, order: Snapshot | None) -> int:
    if order is None:
        raise RefusalError("Incorrect order ID")
    if not SERVICES[order.service].refill:
        raise RefusalError("Refill is disabled for this service")
    if order.progress.status != COMPLETED:
        raise RefusalError("Incorrect request")
    return make_refill(state.store, params["key"], order.id, state.tell_time())


def read_refill_status(state: State, params: Params) -> dict[str, Any] | list[dict[str, Any]]:
    """`action=refill_status`, one refill or up to 100."""
    many = "refills" in params
    ids = read_ids(params["refills"]) if many else [read_number(params.get("refill", ""), "Refill not found")]
    found = read_refills(state.store, params["key"], ids, state.speeds.pace, state.tell_time())
    if many:
        missing = {"error": "Refill not found"}
        return [{"refill": refill_id, "status": found.get(refill_id, missing)} for refill_id in ids]
    if ids[0] not in found:
        raise RefusalError("Refill not found")
    return {"status": found[ids[0]]}


def tell_balance(state: State, params: Params) -> dict[str, str]:
    """`action=balance`."""
    return {"balance": str(read_balance(state.store, params["key"])), "currency": CURRENCY}


def _find_orders(state: State, params: Params, ids: list[int]) -> dict[int, Snapshot]:
    return read_orders(state.store, params["key"], ids, state.speeds.pace, state.tell_time())


ACTIONS: dict[str, Callable[[State, Params], Any]] = {
    "services": list_services,
    "status": read_status,
    "cancel": cancel_orders,
    "refill": refill_orders,
    "refill_status": read_refill_status,
    "balance": tell_balance,
}
