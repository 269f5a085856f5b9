"""The SMS gateway at `/sms/api/v1/rest`: `my/credit`, `sms/send`, `sms/status`.

Credentials: header `token: sandbox-sms-token`, or `username: sandbox` and `password: sandbox`.
The last four digits of a recipient choose what happens; the first such recipient of a message counts.

| ends in | what `sms/send` does |
|---|---|
| `0021` | code 21, too many recipients |
| `0022` | code 22, not enough credit |
| `0023` | code 23, wrong sender number |
| `0027` | code 27, fault at the operator |
| `0500` | HTTP 500, not accepted |
| `0408` | accepted, no answer |
| `0999` | accepted, answered with a page |
| `0005` | accepted, ends 5: did not reach the handset |
| `0006` | accepted, ends 6: returned |

Any other message ends 4, on the handset. States go 0, 1, 3 and then the end, in `pace` seconds. A message
has one state: the least advanced of its recipients'.
"""

import time
from collections.abc import Callable
from typing import Any

from providers.sandbox.faults import play_call, spoil_answer
from providers.sandbox.messages import Message, find_messages, read_credit, store_message
from providers.sandbox.mobiles import normalise_mobile
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, json_answer

TOKEN = "sandbox-sms-token"  # noqa: S105 - a public word of the sandbox, no secret
USERNAME = PASSWORD = "sandbox"  # noqa: S105 - as above

EMPTY_MESSAGE, NO_RECIPIENT, DATA_MISMATCH = 24, 25, 28
NO_MESSAGE_CHOSEN, TOO_MANY_MESSAGES, UNKNOWN_MESSAGE = 30, 32, 14
MAX_STATUS_IDS = 1000
MAX_ID_DIGITS = 12

REFUSED_ENDINGS = {"0021": 21, "0022": 22, "0023": 23, "0027": 27}
FAULTS_AFTER = {"0408": "hang", "0999": "html"}
SERVER_FAULT_ENDING = "0500"
DELIVERY_ENDINGS = {"0005": 5, "0006": 6}
DELIVERED = 4
WAY = (0, 1, 3)
STATES_BY_ADVANCE = (*WAY, 6, 5, DELIVERED)


def answer_credit(state: State, request: Request) -> Answer:
    """`GET my/credit`."""
    return _answer(state, request, "my/credit", _tell_credit)


def answer_send(state: State, request: Request) -> Answer:
    """`POST sms/send`."""
    state.store.count("sms_received")
    return _answer(state, request, "sms/send", _send_message)


def answer_status(state: State, request: Request) -> Answer:
    """`GET sms/status`, ids in the JSON body or as repeated `idArray` in the query."""
    state.store.count("sms_status_calls")
    return _answer(state, request, "sms/status", _tell_status)


def _answer(state: State, request: Request, action: str, run: Callable[[State, Request], Answer]) -> Answer:
    def run_known() -> Answer:
        if not _is_known(request):
            return _fault(401, "توکن یا نام کاربری و رمز عبور نادرست است")
        return run(state, request)

    return play_call(state.faults, action, json_answer({"error": "Too many requests"}), run_known)


def _is_known(request: Request) -> bool:
    headers = request.headers
    if headers.get("token") is not None:
        return headers["token"] == TOKEN
    return (headers.get("username"), headers.get("password")) == (USERNAME, PASSWORD)


def _fault(status: int, message: str) -> Answer:
    return json_answer({"status": status, "message": message}, status)


def _result(result: Any) -> Answer:
    return json_answer({"status": 200, "result": result})


def _tell_credit(state: State, request: Request) -> Answer:
    return _result({"status": 0, "value": read_credit(state.store)})


def _send_message(state: State, request: Request) -> Answer:
    try:
        body = request.read_json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return _fault(400, "بدنه درخواست یک ساختار جیسون نیست")
    code = _check_message(body)
    if code:
        return _result({"status": code, "id": 0})
    recipients = [str(number) for number in body["recipients"]]
    ending = next((end for end in map(_ending, recipients) if end in SEND_ENDINGS), "")
    if ending in REFUSED_ENDINGS:
        return _result({"status": REFUSED_ENDINGS[ending], "id": 0})
    if ending == SERVER_FAULT_ENDING:
        return _fault(500, "خطا در سرور")
    sender, kind = str(body.get("from", "")), int(body.get("type") or 0)
    answer = _result(
        {
            "status": 0,
            "id": store_message(state.store, sender, recipients, body["message"], kind, time.time()),
        }
    )
    return spoil_answer(FAULTS_AFTER[ending], answer) if ending in FAULTS_AFTER else answer


SEND_ENDINGS = frozenset({*REFUSED_ENDINGS, *FAULTS_AFTER, SERVER_FAULT_ENDING})


def _check_message(body: dict[str, Any]) -> int:
    text, recipients = body.get("message") or "", body.get("recipients") or []
    well_formed = (
        isinstance(text, str) and isinstance(recipients, list) and body.get("type") in (None, 0, 1, "0", "1")
    )
    if not well_formed or any(not isinstance(number, str | int) for number in recipients):
        return DATA_MISMATCH
    if not text.strip():
        return EMPTY_MESSAGE
    return 0 if recipients else NO_RECIPIENT


def _ending(number: str) -> str:
    return normalise_mobile(number)[-4:]


def _tell_status(state: State, request: Request) -> Answer:
    ids = _read_ids(request)
    if not ids:
        return _result({"status": NO_MESSAGE_CHOSEN, "result": []})
    if len(ids) > MAX_STATUS_IDS:
        return _result({"status": TOO_MANY_MESSAGES, "result": []})
    messages, now = find_messages(state.store, ids), time.time()
    states = [
        _delivery_state(messages[number], state.speeds.pace, now) if number in messages else UNKNOWN_MESSAGE
        for number in ids
    ]
    return _result({"status": 0, "result": states})


def _read_ids(request: Request) -> list[int]:
    named = [text for name, text in request.query_pairs() if name in ("idArray", "idArray[]")]
    if not named and request.body:
        try:
            body = request.read_json()
        except ValueError:
            return []
        wanted = body.get("idArray") if isinstance(body, dict) else None
        named = [str(number) for number in wanted] if isinstance(wanted, list) else []
    return [
        int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_ID_DIGITS else 0 for text in named
    ]


def _delivery_state(message: Message, pace: float, now: float) -> int:
    share = (now - message.created) / pace if pace else 1.0
    if share < 1:
        return WAY[min(max(int(share * len(WAY)), 0), len(WAY) - 1)]
    ends = [DELIVERY_ENDINGS.get(mobile[-4:], DELIVERED) for mobile in message.mobiles]
    return min(ends, key=STATES_BY_ADVANCE.index)
