"""An app store at `/bazaar`: Cafe Bazaar's developer API, version 2 (developers.cafebazaar.ir).

| call | what it does |
|---|---|
| `GET devapi/v2/api/validate/{package}/inapp/{sku}/purchases/{token}/` | tells a purchase's states |
| `POST devapi/v2/api/consume/{package}/purchases/` `{"token"}` | uses it up, so that it can be bought again |

The header `CAFEBAZAAR-PISHKHAN-API-SECRET` is `sandbox-bazaar-secret`. Any package and any sku are known.

| the token begins with | purchase |
|---|---|
| `good-` | paid; `consumptionState` is 1, and 0 once it was consumed |
| `refunded-` | given back: `purchaseState` 1 |
| `slow-` | paid, answered after 12 s |
| `nonsense-` | paid, answered with a page |
| `late-` | paid, HTTP 500 for the first two questions |
| anything else | 404 `not_found` |

Faults of `/control/faults`: `bazaar/validate`, `bazaar/consume`.
"""

from dataclasses import replace
from urllib.parse import unquote

from providers.sandbox.bazaar_purchases import consume_purchase, look_at_purchase
from providers.sandbox.fates import LATE_SECONDS
from providers.sandbox.faults import play_call, spoil_answer
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, json_answer

ACTIONS = ("bazaar/validate", "bazaar/consume")
SECRET_HEADER, SECRET = "CAFEBAZAAR-PISHKHAN-API-SECRET", "sandbox-bazaar-secret"
BEGINNINGS = ("good-", "refunded-", "slow-", "nonsense-", "late-")
LATE_TROUBLES = 2
PAID, REFUNDED = 0, 1
CONSUMED, UNUSED = 0, 1


def answer_validate(state: State, request: Request) -> Answer:
    """`GET validate/{package}/inapp/{sku}/purchases/{token}/`."""
    return play_call(state.faults, ACTIONS[0], _busy(), lambda: _validate(state, request))


def answer_consume(state: State, request: Request) -> Answer:
    """`POST consume/{package}/purchases/`."""
    return play_call(state.faults, ACTIONS[1], _busy(), lambda: _consume(state, request))


def _validate(state: State, request: Request) -> Answer:
    if request.headers.get(SECRET_HEADER) != SECRET:
        return _refuse_secret()
    token = unquote(request.path.rpartition("/")[2])
    if not token.startswith(BEGINNINGS):
        return _refuse_unknown()
    purchase = look_at_purchase(state.store, token)
    answer = json_answer(
        {
            "consumptionState": CONSUMED if purchase.consumed else UNUSED,
            "purchaseState": REFUNDED if token.startswith("refunded-") else PAID,
            "kind": "androidpublisher#inappPurchase",
            "developerPayload": "",
            "purchaseTime": int(purchase.created * 1000),
        }
    )
    if token.startswith("late-") and purchase.looks <= LATE_TROUBLES:
        return spoil_answer("500", answer)
    if token.startswith("nonsense-"):
        return spoil_answer("html", answer)
    return replace(answer, delay=LATE_SECONDS) if token.startswith("slow-") else answer


def _consume(state: State, request: Request) -> Answer:
    if request.headers.get(SECRET_HEADER) != SECRET:
        return _refuse_secret()
    try:
        body = request.read_json()
    except ValueError:
        body = None
    token = body.get("token") if isinstance(body, dict) else None
    if not isinstance(token, str):
        return _refuse(400, "invalid_request", "The token is required.")
    if not token.startswith(BEGINNINGS):
        return _refuse_unknown()
    consume_purchase(state.store, token)
    return json_answer({})


def _busy() -> Answer:
    return _refuse(429, "too_many_requests", "Too many requests.")


def _refuse_secret() -> Answer:
    return _refuse(401, "invalid_credentials", "The API secret is not valid.")


def _refuse_unknown() -> Answer:
    return _refuse(404, "not_found", "The requested purchase is not found!")


def _refuse(status: int, error: str, words: str) -> Answer:
    return json_answer({"error": error, "error_description": words}, status)
