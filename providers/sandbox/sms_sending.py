"""The five operations that send: one text, later, by a pattern, to a phonebook, or many different texts.

Codes: 21 more than 1,000 recipients in a call (numbers of a phonebook don't count), or 1,000 texts; 22 not enough
credit, which goes down by parts × recipients × times at once; 23 a sender that is no number; 24 no text;
25 no recipient; 26 a time in the past or one that cannot be read; 28 fields of another shape, arrays of different
length, a variable missing; 29 a pattern that is unknown or not active; 40 no such phonebook. The rest, and these
at will, by `sms_magic.py`. Each text of `sms/multiple-send` has its own code.
"""

from collections.abc import Callable, Sequence
from typing import Any

from providers.sandbox.faults import spoil_answer
from providers.sandbox.messages import NORMAL, Draft, store_messages
from providers.sandbox.mobiles import normalise_mobile
from providers.sandbox.phonebooks import list_numbers
from providers.sandbox.schedules import WrongTime, read_dues
from providers.sandbox.sms_accounts import Account
from providers.sandbox.sms_gateway import CodeRefusal, play_known, read_object, tell_result
from providers.sandbox.sms_magic import (
    AFTER_ENDINGS,
    BEFORE_ENDINGS,
    REFUSED_ENDINGS,
    find_ending,
    find_text_code,
)
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, StatusRefusal, read_id

TOO_MANY, NO_CREDIT, WRONG_SENDER, EMPTY, NO_RECIPIENT, WRONG_TIME = range(21, 27)
MISMATCH, INACTIVE_PATTERN, NO_BOOK = 28, 29, 40
MAX_RECIPIENTS = MAX_TEXTS = 1000
MAX_SENDER_DIGITS = 20
NO_ID = {"id": 0}
FIELDS = ("from", "recipients", "message", "type")
ARRAYS = ("fromArray", "recipients", "messageArray", "typeArray")
FAULT_WORDS = {500: "خطا در سرور", 429: "درخواست‌ها بیش از اندازه است"}

Fields = dict[str, Any]
Read = Callable[[State, Account, Fields, float], Draft]


def answer_send(state: State, request: Request) -> Answer:
    """`POST sms/send`."""
    return _answer_one(state, request, "sms/send", _read_plain)


def answer_future(state: State, request: Request) -> Answer:
    """`POST sms/future-send`."""
    return _answer_one(state, request, "sms/future-send", _read_scheduled)


def answer_pattern(state: State, request: Request) -> Answer:
    """`POST sms/pattern-send`."""
    return _answer_one(state, request, "sms/pattern-send", _read_patterned)


def answer_phonebook(state: State, request: Request) -> Answer:
    """`POST sms/phonebook-send`."""
    return _answer_one(state, request, "sms/phonebook-send", _read_book)


def answer_multiple(state: State, request: Request) -> Answer:
    """`POST sms/multiple-send`."""
    state.store.count("sms_received")
    return play_known(state, request, "sms/multiple-send", NO_ID, _send_multiple)


def _answer_one(state: State, request: Request, action: str, read: Read) -> Answer:
    state.store.count("sms_received")

    def send(state: State, request: Request, account: Account) -> Answer:
        now = state.tell_sms_time()
        draft = read(state, account, read_object(request), now)
        return _hand_over(state, account, [draft], now, lambda results: results[0])

    return play_known(state, request, action, NO_ID, send)


def _send_multiple(state: State, request: Request, account: Account) -> Answer:
    now, body = state.tell_sms_time(), read_object(request)
    arrays = [body.get(name) for name in ARRAYS]
    if not all(isinstance(array, list) for array in arrays) or len(set(map(len, arrays))) != 1:
        raise CodeRefusal(MISMATCH)
    texts = [dict(zip(FIELDS, values, strict=True)) for values in zip(*arrays, strict=True)]
    if not texts:
        raise CodeRefusal(NO_RECIPIENT)
    if len(texts) > MAX_TEXTS:
        raise CodeRefusal(TOO_MANY)
    drafts = [_read_or_refuse(state, account, text, now) for text in texts]
    return _hand_over(state, account, drafts, now, lambda results: results)


def _read_or_refuse(state: State, account: Account, fields: Fields, now: float) -> Draft | int:
    try:
        return _read_plain(state, account, fields, now)
    except CodeRefusal as refusal:
        return refusal.code


def _hand_over(
    state: State,
    account: Account,
    drafts: Sequence[Draft | int],
    now: float,
    shape: Callable[[list[Fields]], Any],
) -> Answer:
    """Store what isn't refused and answer each with its code and id, all under the faults of their numbers."""
    endings = [find_ending(draft.recipients) if isinstance(draft, Draft) else "" for draft in drafts]
    before = next((BEFORE_ENDINGS[ending] for ending in endings if ending in BEFORE_ENDINGS), None)
    if before:
        raise StatusRefusal(before, FAULT_WORDS[before])
    outcomes = [_refuse_magic(draft, ending) for draft, ending in zip(drafts, endings, strict=True)]
    taken = [draft for draft in outcomes if isinstance(draft, Draft)]
    ids = iter(store_messages(state.store, account, taken))
    results = [
        _tell_stored(next(ids)) if isinstance(outcome, Draft) else {"status": outcome} | NO_ID
        for outcome in outcomes
    ]
    answer = tell_result(shape(results))
    after = next((AFTER_ENDINGS[ending] for ending in endings if ending in AFTER_ENDINGS), None)
    return spoil_answer(after, answer) if after else answer


def _refuse_magic(draft: Draft | int, ending: str) -> Draft | int:
    """The draft, or the code that its text or numbers are refused with."""
    if not isinstance(draft, Draft):
        return draft
    return find_text_code(draft.text) or REFUSED_ENDINGS.get(ending) or draft


def _tell_stored(message_id: int | None) -> Fields:
    return {"status": NO_CREDIT} | NO_ID if message_id is None else {"status": 0, "id": message_id}


def _read_plain(state: State, account: Account, fields: Fields, now: float) -> Draft:
    text = _read_text(fields)
    return _draft(fields, _read_recipients(fields), text, [now])


def _read_scheduled(state: State, account: Account, fields: Fields, now: float) -> Draft:
    draft = _read_plain(state, account, fields, now)
    try:
        dues = read_dues(fields.get("sendDate"), fields.get("prtrys"), fields.get("sentPeriod"), now)
    except WrongTime as error:
        raise CodeRefusal(WRONG_TIME) from error
    return Draft(draft.sender, draft.recipients, draft.text, draft.type, dues)


def _read_patterned(state: State, account: Account, fields: Fields, now: float) -> Draft:
    values = fields.get("message")
    if not isinstance(values, dict) or not all(
        isinstance(value, str | int | float) for value in values.values()
    ):
        raise CodeRefusal(MISMATCH)
    pattern = state.patterns.find(read_id(str(fields.get("patternId"))))
    if pattern is None or not pattern.active:
        raise CodeRefusal(INACTIVE_PATTERN)
    if not set(pattern.variables) <= values.keys():
        raise CodeRefusal(MISMATCH)
    text = pattern.fill({name: str(value) for name, value in values.items()})
    return _draft(fields, _read_recipients(fields), text, [now])


def _read_book(state: State, account: Account, fields: Fields, now: float) -> Draft:
    text = _read_text(fields)
    numbers = list_numbers(state.store, account.name, read_id(str(fields.get("bookId"))))
    if numbers is None:
        raise CodeRefusal(NO_BOOK)
    given = _read_recipients(fields) if fields.get("recipients") else []
    once: dict[str, str] = {}
    for number in [*given, *(row["number"] for row in numbers)]:
        once.setdefault(normalise_mobile(number), number)
    if not once:
        raise CodeRefusal(NO_RECIPIENT)
    return _draft(fields, list(once.values()), text, [now])


def _draft(fields: Fields, recipients: list[str], text: str, dues: list[float]) -> Draft:
    kind = fields.get("type")
    if isinstance(kind, bool) or kind not in (None, 0, 1, "0", "1"):
        raise CodeRefusal(MISMATCH)
    return Draft(_read_sender(fields), recipients, text, int(kind or NORMAL), dues)


def _read_text(fields: Fields) -> str:
    text = fields.get("message") or ""
    if not isinstance(text, str):
        raise CodeRefusal(MISMATCH)
    if not text.strip():
        raise CodeRefusal(EMPTY)
    return text


def _read_recipients(fields: Fields) -> list[str]:
    recipients = fields.get("recipients") or []
    if not isinstance(recipients, list) or any(
        isinstance(number, bool) or not isinstance(number, str | int) for number in recipients
    ):
        raise CodeRefusal(MISMATCH)
    if not recipients:
        raise CodeRefusal(NO_RECIPIENT)
    if len(recipients) > MAX_RECIPIENTS:
        raise CodeRefusal(TOO_MANY)
    return [str(number) for number in recipients]


def _read_sender(fields: Fields) -> str:
    """The number to send from; the account's own line when none is given."""
    sender = fields.get("from")
    if sender is None:
        return ""
    if isinstance(sender, bool) or not isinstance(sender, str | int):
        raise CodeRefusal(MISMATCH)
    digits = str(sender).strip().removeprefix("+")
    if digits and not (digits.isdecimal() and len(digits) <= MAX_SENDER_DIGITS):
        raise CodeRefusal(WRONG_SENDER)
    return str(sender)
