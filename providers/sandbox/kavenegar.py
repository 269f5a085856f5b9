"""Kavenegar's HTTP API at `/kavenegar/v1/{API-KEY}/…`, another SMS gateway (https://kavenegar.com/rest.html).

| method | parameters |
|---|---|
| `sms/send.json` | `receptor` (up to 200, commas between), `message`; `sender`, `date`, `type`, `localid` |
| `sms/sendarray.json`, by POST | `receptor`, `sender`, `message`: arrays of JSON; `date`, `type`, `localmessageids` |
| `verify/lookup.json` | `receptor`, `template` (`sms_patterns.py`), `token`; `token2`, `token3`, `token10` … |
| `sms/status.json` | `messageid` (up to 500, commas between) |
| `sms/statuslocalmessageid.json` | `localid` (likewise) |
| `account/info.json` | |

Parameters come in the query or form-encoded. Each receptor is a message with an id, a cost in rial and a status
of its own; the HTTP status is that of `return`. A message with a `localid` that was used before is not sent again:
the first one is answered.

| key | account |
|---|---|
| `sandbox-kavenegar-key` | an active one |
| `sandbox-kavenegar-poor` | active, without credit |
| `sandbox-kavenegar-locked` | 401: switched off |
| `sandbox-kavenegar-code-N` | answers status N to everything |
| `sandbox-kavenegar-` and any other word | an active account of its own |
| any other | 403 |

The magic numbers and texts are those of `sms_magic.py`; a text's code is the status itself. Of a number's codes
21 is 414 here, 22 418 (no credit), 23 412 (sender), 24 413 (text), 25 411 (receptor), 26 417 (date), 27 402
(failed), 28 419 (arrays), 29 424 (template), 1000 and 2000 409. Of the delivery states 0 is 1 (queued), 1 is 4,
3 is 5, 4 is 10 (delivered), 5 is 11, 2 is 6 (failed), 6 is 14 (blocked) and 14 is 100 (unknown id).
"""

from collections.abc import Callable
from typing import Any

from providers.sandbox.deliveries import UNKNOWN, WAITING, measure_way, tell_state
from providers.sandbox.faults import play_call, spoil_answer
from providers.sandbox.kavenegar_input import (
    Fields,
    KavenegarRefusal,
    find_account,
    read_array_drafts,
    read_list,
    read_lookup_draft,
    read_send_drafts,
)
from providers.sandbox.messages import (
    Draft,
    Message,
    find_local_messages,
    find_messages,
    read_credit,
    store_together,
)
from providers.sandbox.sms_accounts import Account
from providers.sandbox.sms_magic import (
    AFTER_ENDINGS,
    BEFORE_ENDINGS,
    REFUSED_ENDINGS,
    find_ending,
    find_text_code,
)
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, json_answer, read_id

SEND, ARRAY, LOOKUP = "sms/send", "sms/sendarray", "verify/lookup"
STATUS, LOCAL_STATUS, INFO = "sms/status", "sms/statuslocalmessageid", "account/info"
ACTIONS = tuple(f"kavenegar/{method}" for method in (SEND, ARRAY, LOOKUP, STATUS, LOCAL_STATUS, INFO))
MAX_STATUS_IDS = 500
EXPIRES = 2_000_000_000
INCOMPLETE, FAILED, NO_METHOD, WRONG_METHOD, OUT_OF_ORDER = 400, 402, 404, 405, 409
TOO_MANY, NO_CREDIT = 414, 418
REFUSED = {
    **{21: TOO_MANY, 22: NO_CREDIT, 23: 412, 24: 413, 25: 411, 26: 417, 27: FAILED, 28: 419, 29: 424},
    **{1000: OUT_OF_ORDER, 2000: OUT_OF_ORDER},
}
WORDS = {
    INCOMPLETE: "پارامترها ناقص هستند",
    401: "حساب کاربری غیرفعال شده است",
    FAILED: "عملیات ناموفق بود",
    403: "کد شناسایی API-Key معتبر نمی‌باشد",
    NO_METHOD: "متد نامشخص است",
    WRONG_METHOD: "متد Get/Post اشتباه است",
    OUT_OF_ORDER: "سرور قادر به پاسخگوئی نیست بعدا تلاش کنید",
    411: "دریافت کننده نامعتبر است",
    412: "ارسال کننده نامعتبر است",
    413: "پیام خالی است و یا طول پیام بیش از حد مجاز می‌باشد",
    TOO_MANY: "حجم درخواست بیشتر از حد مجاز است",
    417: "تاریخ معتبر نمی‌باشد",
    NO_CREDIT: "اعتبار حساب شما کافی نیست",
    419: "طول آرایه متن و گیرنده و فرستنده هم اندازه نیست",
    424: "الگوی مورد نظر پیدا نشد",
    429: "درخواست‌ها بیش از اندازه است",
    431: "ساختار کد صحیح نمی‌باشد",
    432: "پارامتر کد در متن پیام پیدا نشد",
    500: "خطای داخلی سرور",
}
SCHEDULED = 2
STATUSES = {0: 1, 1: 4, 2: 6, 3: 5, 4: 10, 5: 11, 6: 14, UNKNOWN: 100}
STATUS_WORDS = {
    1: "در صف ارسال",
    SCHEDULED: "زمان بندی شده",
    4: "ارسال شده به مخابرات",
    5: "ارسال شده به مخابرات",
    6: "خطا در ارسال پیام",
    10: "رسیده به گیرنده",
    11: "نرسیده به گیرنده",
    14: "بلاک شده است",
    100: "شناسه پیامک نامعتبر است",
}

Read = Callable[[State, Fields, float], list[Draft]]


def answer_send(state: State, request: Request) -> Answer:
    """`sms/send`."""
    return _answer_sending(state, request, SEND, lambda state, fields, now: read_send_drafts(fields, now))


def answer_array(state: State, request: Request) -> Answer:
    """`sms/sendarray`."""
    return _answer_sending(state, request, ARRAY, lambda state, fields, now: read_array_drafts(fields, now))


def answer_lookup(state: State, request: Request) -> Answer:
    """`verify/lookup`."""
    return _answer_sending(
        state, request, LOOKUP, lambda state, fields, now: [read_lookup_draft(state.patterns, fields, now)]
    )


def answer_status(state: State, request: Request) -> Answer:
    """`sms/status`."""
    state.store.count("kavenegar_status_calls")
    return _play(state, request, STATUS, _tell_statuses)


def answer_local_status(state: State, request: Request) -> Answer:
    """`sms/statuslocalmessageid`."""
    state.store.count("kavenegar_status_calls")
    return _play(state, request, LOCAL_STATUS, _tell_local_statuses)


def answer_info(state: State, request: Request) -> Answer:
    """`account/info`."""
    return _play(state, request, INFO, _tell_info)


def refuse(status: int, **headers: str) -> Answer:
    """A refusal in the envelope; statuses that HTTP has no room for go as 400."""
    told = {"return": {"status": status, "message": WORDS.get(status, "خطای نامشخص")}, "entries": None}
    return json_answer(told, status if 400 <= status < 600 else 400, **headers)


def _play(
    state: State, request: Request, method: str, run: Callable[[State, Account, Fields], Answer]
) -> Answer:
    def run_caught() -> Answer:
        try:
            account = find_account(request.path.split("/")[3])
            return run(state, account, dict(request.query_pairs() + request.form_pairs()))
        except KavenegarRefusal as refusal:
            return refuse(refusal.status)

    return play_call(state.faults, f"kavenegar/{method}", refuse(429), run_caught)


def _answer_sending(state: State, request: Request, method: str, read: Read) -> Answer:
    state.store.count("kavenegar_received")

    def send(state: State, account: Account, fields: Fields) -> Answer:
        now = state.tell_sms_time()
        return _hand_over(state, account, read(state, fields, now), now)

    return _play(state, request, method, send)


def _hand_over(state: State, account: Account, drafts: list[Draft], now: float) -> Answer:
    """Store all messages of a call or none, under the faults of their numbers."""
    ending = find_ending(number for draft in drafts for number in draft.recipients)
    status = next(filter(None, (find_text_code(draft.text) for draft in drafts)), 0)
    status = status or REFUSED.get(REFUSED_ENDINGS.get(ending, 0)) or BEFORE_ENDINGS.get(ending)
    if status:
        raise KavenegarRefusal(status)
    ids = store_together(state.store, account, drafts)
    if ids is None:
        raise KavenegarRefusal(NO_CREDIT)
    stored = find_messages(state.store, account, ids)
    answer = _tell([_describe(stored[number], state.speeds.pace, now) for number in ids])
    return spoil_answer(AFTER_ENDINGS[ending], answer) if ending in AFTER_ENDINGS else answer


def _tell_statuses(state: State, account: Account, fields: Fields) -> Answer:
    wanted, now = _read_ids(fields, "messageid"), state.tell_sms_time()
    found = find_messages(state.store, account, [read_id(text) for text in wanted])
    told = [(read_id(text), found.get(read_id(text))) for text in wanted]
    return _tell(
        [{"messageid": number} | _tell_status(message, state.speeds.pace, now) for number, message in told]
    )


def _tell_local_statuses(state: State, account: Account, fields: Fields) -> Answer:
    wanted, now = _read_ids(fields, "localid"), state.tell_sms_time()
    found = find_local_messages(state.store, account, wanted)
    told = [(text, found.get(text)) for text in wanted]
    return _tell(
        [
            {"messageid": message.id if message else 0, "localid": text}
            | _tell_status(message, state.speeds.pace, now)
            for text, message in told
        ]
    )


def _read_ids(fields: Fields, name: str) -> list[str]:
    wanted = read_list(fields, name)
    if len(wanted) > MAX_STATUS_IDS:
        raise KavenegarRefusal(TOO_MANY)
    return wanted


def _tell_info(state: State, account: Account, fields: Fields) -> Answer:
    credit = read_credit(state.store, account)
    return _tell({"remaincredit": credit, "expiredate": EXPIRES, "type": "Master"})


def _tell(entries: Any) -> Answer:
    return json_answer({"return": {"status": 200, "message": "تایید شد"}, "entries": entries})


def _describe(message: Message, pace: float, now: float) -> dict[str, Any]:
    return {
        "messageid": message.id,
        "message": message.text,
        **_tell_status(message, pace, now),
        "sender": message.sender,
        "receptor": message.recipients[0],
        "date": int(message.dues[0]),
        "cost": message.cost,
    }


def _tell_status(message: Message | None, pace: float, now: float) -> dict[str, Any]:
    status = _find_status(message, pace, now)
    return {"status": status, "statustext": STATUS_WORDS[status]}


def _find_status(message: Message | None, pace: float, now: float) -> int:
    if message is None:
        return STATUSES[UNKNOWN]
    share = measure_way(message.dues, pace, now)
    if share is None:
        return SCHEDULED
    return STATUSES[tell_state(message.mobiles, share) if share else WAITING]
