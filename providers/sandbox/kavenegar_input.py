"""What callers of Kavenegar's API send, read and checked: the key and the messages."""

import re
from typing import Any

from providers.sandbox.messages import Draft
from providers.sandbox.mobiles import is_mobile, normalise_mobile
from providers.sandbox.sms_accounts import POOR, Account
from providers.sandbox.sms_patterns import PatternBook
from providers.sandbox.wire import parse_json, read_id

KEY_PREFIX = "sandbox-kavenegar-"
FIRST_CREDIT = 1_000_000_000
PART_PRICE = 1_000
LINE = "10004346"
NORMAL = 1
MAX_RECEPTORS = 200
MAX_LENGTH = 900
TOKENS = {"token": 0, "token2": 0, "token3": 0, "token10": 4, "token20": 8}  # blanks that each may hold
INCOMPLETE, LOCKED, BAD_KEY = 400, 401, 403
BAD_RECEPTOR, BAD_SENDER, BAD_TEXT, TOO_MANY = 411, 412, 413, 414
BAD_DATE, UNEQUAL, NO_TEMPLATE, BAD_TOKEN = 417, 419, 424, 431

Fields = dict[str, str]

_CODE_WORD = re.compile(r"code-([0-9]{3})")


class KavenegarRefusal(Exception):
    """The call is refused with a status of the document's table."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def find_account(key: str) -> Account:
    """The account of an API key; its credit is in rial. Raises KavenegarRefusal."""
    if not key.startswith(KEY_PREFIX):
        raise KavenegarRefusal(BAD_KEY)
    word = key.removeprefix(KEY_PREFIX)
    numbered = _CODE_WORD.fullmatch(word)
    if numbered:
        raise KavenegarRefusal(int(numbered[1]))
    if word == "locked":
        raise KavenegarRefusal(LOCKED)
    return Account(key, first_credit=0 if word == POOR else FIRST_CREDIT)


def read_send_drafts(fields: Fields, now: float) -> list[Draft]:
    """A message for each receptor of `sms/send`. Raises KavenegarRefusal."""
    receptors, text = read_list(fields, "receptor"), _need(fields, "message")
    local_ids = read_list(fields, "localid") if fields.get("localid") else [None] * len(receptors)
    if len(local_ids) != len(receptors):
        raise KavenegarRefusal(UNEQUAL)
    sender, kind, due = fields.get("sender") or LINE, fields.get("type") or NORMAL, _read_due(fields, now)
    return _check_count(
        [
            _draft(sender, receptor, text, kind, due, local_id)
            for receptor, local_id in zip(receptors, local_ids, strict=True)
        ]
    )


def read_array_drafts(fields: Fields, now: float) -> list[Draft]:
    """The messages of `sms/sendarray`. Raises KavenegarRefusal."""
    receptors, senders, texts = (_read_array(fields, name) for name in ("receptor", "sender", "message"))
    kinds = _read_array(fields, "type") if fields.get("type") else [NORMAL] * len(receptors)
    named = fields.get("localmessageids")
    local_ids = _read_array(fields, "localmessageids") if named else [None] * len(receptors)
    if len({len(array) for array in (receptors, senders, texts, kinds, local_ids)}) != 1:
        raise KavenegarRefusal(UNEQUAL)
    due = _read_due(fields, now)
    messages = zip(receptors, senders, texts, kinds, local_ids, strict=True)
    return _check_count(
        [
            _draft(str(sender), str(receptor), str(text), kind, due, local_id)
            for receptor, sender, text, kind, local_id in messages
        ]
    )


def read_lookup_draft(patterns: PatternBook, fields: Fields, now: float) -> Draft:
    """The message of `verify/lookup`. Raises KavenegarRefusal."""
    receptor, template = _need(fields, "receptor"), _need(fields, "template")
    _need(fields, "token")
    pattern = patterns.find_named(template)
    if pattern is None or not pattern.active:
        raise KavenegarRefusal(NO_TEMPLATE)
    for name, blanks in TOKENS.items():
        if len(fields.get(name, "").split(" ")) - 1 > blanks:
            raise KavenegarRefusal(BAD_TOKEN)
    given = dict(zip(pattern.variables, (fields.get(name, "") for name in TOKENS), strict=False))
    if not all(given.get(variable) for variable in pattern.variables):
        raise KavenegarRefusal(INCOMPLETE)
    return _draft(LINE, receptor, pattern.fill(given), NORMAL, now, None)


def read_list(fields: Fields, name: str) -> list[str]:
    """A parameter with commas between its values. Raises KavenegarRefusal when it is missing."""
    return [part.strip() for part in _need(fields, name).split(",")]


def _draft(sender: str, receptor: str, text: str, kind: Any, due: float, local_id: Any) -> Draft:
    if not is_mobile(normalise_mobile(receptor)):
        raise KavenegarRefusal(BAD_RECEPTOR)
    if not sender.removeprefix("+").isdecimal():
        raise KavenegarRefusal(BAD_SENDER)
    if not text.strip() or len(text) > MAX_LENGTH:
        raise KavenegarRefusal(BAD_TEXT)
    if str(kind) not in ("0", "1", "2", "3"):
        raise KavenegarRefusal(INCOMPLETE)
    named = None if local_id is None else str(local_id)
    return Draft(sender, [receptor], text, int(kind), [due], PART_PRICE, named)


def _check_count(drafts: list[Draft]) -> list[Draft]:
    if len(drafts) > MAX_RECEPTORS:
        raise KavenegarRefusal(TOO_MANY)
    return drafts


def _read_due(fields: Fields, now: float) -> float:
    """`date`, unix seconds from now on; now when it isn't given."""
    text = fields.get("date", "").strip()
    if text in ("", "0"):
        return now
    due = read_id(text)
    if due < int(now):
        raise KavenegarRefusal(BAD_DATE)
    return float(due)


def _read_array(fields: Fields, name: str) -> list[Any]:
    try:
        array = parse_json(_need(fields, name))
    except ValueError as error:
        raise KavenegarRefusal(INCOMPLETE) from error
    if not isinstance(array, list):
        raise KavenegarRefusal(INCOMPLETE)
    return array


def _need(fields: Fields, name: str) -> str:
    if name not in fields:
        raise KavenegarRefusal(INCOMPLETE)
    return fields[name]
