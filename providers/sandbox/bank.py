"""A bank at `/bank`: Zarinpal's `payment/request` and `payment/verify` (version 4), and its customer.

| call | what it does |
|---|---|
| `POST /bank/pg/v4/payment/request.json` | begins a payment |
| `POST /bank/pg/v4/payment/verify.json` | 100 the first time, 101 after that, or a refusal |
| `GET /bank/pg/StartPay/{authority}` | the page that asks the customer (`bank_page.py`) |
| `POST /bank/pay/{authority}` `outcome=…` | what that page's buttons do, for tests too |

| `outcome` | what happens | `verify` |
|---|---|---|
| `pay` | paid, back to the shop with `Status=OK` | 100, then 101 |
| `fail`, `cancel` | not paid, back with `Status=NOK`; may be chosen anew | -51 |
| `close` | paid, and the customer never comes back | 100, then 101 |
| `twice` | paid; the shop is called by the bank itself first, if it is on loopback | 100, then 101 |
| `mismatch` | another amount was paid, back with `Status=OK` | -50 |
| `nonsense` | paid, back with `Status=OK` | a page once, though verified, then 101 |
| `slow` | paid, back with `Status=OK` | 100 after 3 s once, then 101 |

Any `merchant_id` of 36 characters is one, but not one that begins with `unknown`. Faults of `/control/faults`:
`bank/request`, `bank/verify`.
"""

from typing import Any

from providers.sandbox.bank_sessions import CARD, Session
from providers.sandbox.fates import SLOW_SECONDS
from providers.sandbox.faults import play_call, spoil_answer
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, is_web_address, json_answer

ACTIONS = ("bank/request", "bank/verify")
MERCHANT_LENGTH = 36
MIN_RIAL = 10_000
MAX_DESCRIPTION = 500
INVALID, UNKNOWN_MERCHANT = -9, -10
OTHER_AMOUNT, UNPAID, OTHER_MERCHANT, NO_SESSION = -50, -51, -53, -54
MESSAGES = {
    INVALID: "The input params invalid, validation error.",
    UNKNOWN_MERCHANT: "Terminal is not valid, please check merchant_id or ip address.",
    OTHER_AMOUNT: "Session is not valid, amounts values is not the same.",
    UNPAID: "Session is not valid, session is not active paid try.",
    OTHER_MERCHANT: "Session is not this merchant_id session",
    NO_SESSION: "Invalid authority.",
}


def answer_begin(state: State, request: Request) -> Answer:
    """`POST pg/v4/payment/request.json`."""
    busy = json_answer({"data": [], "errors": {"code": -12, "message": "To many attempts."}})
    return play_call(state.faults, ACTIONS[0], busy, lambda: _begin(state, request))


def answer_verify(state: State, request: Request) -> Answer:
    """`POST pg/v4/payment/verify.json`."""
    busy = json_answer({"data": [], "errors": {"code": -12, "message": "To many attempts."}})
    return play_call(state.faults, ACTIONS[1], busy, lambda: _verify(state, request))


def _begin(state: State, request: Request) -> Answer:
    body = _read_object(request)
    troubles = _find_troubles(body)
    if troubles:
        return _refuse(INVALID, troubles)
    if body["merchant_id"].startswith("unknown"):
        return _refuse(UNKNOWN_MERCHANT, status=401)
    session = state.bank.begin(
        body["merchant_id"],
        body["amount"],
        body.get("currency", "IRR"),
        body["callback_url"],
        body["description"],
    )
    told = {"authority": session.authority, "fee_type": "Merchant", "fee": 0}
    return json_answer({"data": {"code": 100, "message": "Success", **told}, "errors": []})


def _verify(state: State, request: Request) -> Answer:
    body = _read_object(request)
    merchant, authority = body.get("merchant_id"), body.get("authority")
    if not (_is_merchant(merchant) and isinstance(authority, str) and _is_count(body.get("amount"))):
        return _refuse(INVALID, [{"authority": "The merchant_id, amount and authority are required."}])
    session = state.bank.find(authority)
    if session is None:
        return _refuse(NO_SESSION)
    if session.merchant_id != merchant:
        return _refuse(OTHER_MERCHANT)
    with state.bank.lock:
        return _take(session, body["amount"])


def _take(session: Session, amount: int) -> Answer:
    """Verify a session of the right merchant; the caller holds the lock."""
    if not session.paid:
        return _refuse(UNPAID)
    if session.outcome == "mismatch" or session.amount != amount:
        return _refuse(OTHER_AMOUNT)
    code, session.verified = (101 if session.verified else 100), True
    told = {"card_hash": "1EBE3EBEBE35C7EC0F8D6EE4F2F859107A87822CA179BC9528767EA7B5489B69", "card_pan": CARD}
    told |= {"ref_id": session.ref_id, "fee_type": "Merchant", "fee": 0}
    message = "Paid" if code == 100 else "Verified"
    answer = json_answer({"data": {"code": code, "message": message, **told}, "errors": []})
    if not session.troubles:
        return answer
    session.troubles -= 1
    if session.outcome == "nonsense":
        return spoil_answer("html", answer)
    return Answer(answer.body, delay=SLOW_SECONDS)


def _find_troubles(body: dict[str, Any]) -> list[dict[str, str]]:
    """What is wrong with a request, as the bank lists it."""
    currency, amount = body.get("currency", "IRR"), body.get("amount")
    least = MIN_RIAL // 10 if currency == "IRT" else MIN_RIAL
    description = body.get("description")
    fits = {
        "merchant_id": (_is_merchant(body.get("merchant_id")), "The merchant id must be 36 characters."),
        "amount": (_is_count(amount) and amount >= least, f"The amount must be at least {least}."),
        "currency": (currency in ("IRR", "IRT"), "The selected currency is invalid."),
        "callback_url": (is_web_address(body.get("callback_url")), "The callback url format is invalid."),
        "description": (
            isinstance(description, str) and 1 <= len(description) <= MAX_DESCRIPTION,
            f"The description is required and may not be greater than {MAX_DESCRIPTION} characters.",
        ),
    }
    return [{name: words} for name, (fit, words) in fits.items() if not fit]


def _refuse(code: int, validations: list[dict[str, str]] | None = None, status: int = 422) -> Answer:
    errors = {"code": code, "message": MESSAGES[code], "validations": validations or []}
    return json_answer({"data": [], "errors": errors}, status)


def _read_object(request: Request) -> dict[str, Any]:
    try:
        body = request.read_json()
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}


def _is_merchant(value: Any) -> bool:
    return isinstance(value, str) and len(value) == MERCHANT_LENGTH


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
