"""What the REST SMS gateway tells of messages that were sent: `sms/latest` and `sms/status`.

Codes: 30 no id, 31 nothing sent yet, 32 more than 1,000 ids. The state of an id that is unknown or another
account's is 14.
"""

from providers.sandbox.deliveries import UNKNOWN, WAITING, measure_way, tell_state
from providers.sandbox.messages import Message, find_latest, find_messages
from providers.sandbox.schedules import format_moment
from providers.sandbox.sms_accounts import Account
from providers.sandbox.sms_gateway import CodeRefusal, play_known, tell_result
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, read_id

NO_MESSAGE_CHOSEN, NO_REPORT, TOO_MANY_MESSAGES = 30, 31, 32
MAX_STATUS_IDS = 1000


def answer_latest(state: State, request: Request) -> Answer:
    """`GET sms/latest`."""
    return play_known(state, request, "sms/latest", {"details": {}}, _tell_latest)


def answer_status(state: State, request: Request) -> Answer:
    """`GET sms/status`, ids in the JSON body or as repeated `idArray` in the query."""
    state.store.count("sms_status_calls")
    return play_known(state, request, "sms/status", {"result": []}, _tell_status)


def _tell_latest(state: State, request: Request, account: Account) -> Answer:
    now = state.tell_sms_time()
    message = find_latest(state.store, account, now)
    if message is None:
        raise CodeRefusal(NO_REPORT)
    sent = max(due for due in message.dues if due <= now)
    details = {
        "id": message.id,
        "message": message.text,
        "recipients": message.recipients,
        "from": message.sender,
        "state": _find_state(message, state.speeds.pace, now),
        "now": format_moment(now),
        "time": format_moment(sent),
    }
    return tell_result({"status": 0, "details": details})


def _tell_status(state: State, request: Request, account: Account) -> Answer:
    ids = _read_ids(request)
    if not ids:
        raise CodeRefusal(NO_MESSAGE_CHOSEN)
    if len(ids) > MAX_STATUS_IDS:
        raise CodeRefusal(TOO_MANY_MESSAGES)
    messages, now = find_messages(state.store, account, ids), state.tell_sms_time()
    states = [
        _find_state(messages[number], state.speeds.pace, now) if number in messages else UNKNOWN
        for number in ids
    ]
    return tell_result({"status": 0, "result": states})


def _find_state(message: Message, pace: float, now: float) -> int:
    share = measure_way(message.dues, pace, now)
    return WAITING if share is None else tell_state(message.mobiles, share)


def _read_ids(request: Request) -> list[int]:
    named = [text for name, text in request.query_pairs() if name in ("idArray", "idArray[]")]
    if not named and request.body:
        try:
            body = request.read_json()
        except ValueError:
            return []
        wanted = body.get("idArray") if isinstance(body, dict) else None
        named = [str(number) for number in wanted] if isinstance(wanted, list) else []
    return [read_id(text) for text in named]
