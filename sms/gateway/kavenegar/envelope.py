"""Kavenegar's envelope: `{"return": {"status": 200, "message": …}, "entries": […]}`."""

from dataclasses import dataclass

from panel.lib.http.reading import Unreadable, read_json, read_retry_after, read_whole
from sms.gateway.errors import NotSent, ServerError, Unclear
from sms.gateway.kavenegar.codes import ERRORS, RETURN_CODES


@dataclass(frozen=True, slots=True)
class Entries:
    """The objects an answer holds; `shown` is an excerpt of the whole answer without the key."""

    rows: tuple[dict, ...]
    shown: str


def open_envelope(answer, mask):
    """The Entries of an Answer. Raises the GatewayError its statuses stand for.

    A refusal goes out under its own number as the HTTP status. What is no envelope may come from a proxy and
    refuses nothing. `mask(bytes)` gives an excerpt without the key.
    """
    shown = mask(answer.body)
    content = _read_object(answer.body)
    told = content.get("return")
    status = read_whole(told.get("status")) if isinstance(told, dict) else None
    code = RETURN_CODES.get(status)
    wait = read_retry_after(answer.headers)
    if answer.status == 429 and code is None:
        raise NotSent("too many calls (HTTP 429)", shown, retry_after_seconds=wait)
    if answer.status >= 500 and (code is None or answer.status != status):
        raise ServerError(f"HTTP {answer.status}", shown)
    if code is not None:
        raise ERRORS[code](code.english, shown, code, wait)
    if status != 200 or answer.status >= 300:
        raise Unclear(f"the answer is no envelope we know (HTTP {answer.status}, status {status})", shown)
    return Entries(_list_rows(content.get("entries"), shown), shown)


def _read_object(body):
    try:
        content = read_json(body)
    except Unreadable:
        return {}
    return content if isinstance(content, dict) else {}


def _list_rows(entries, shown):
    """Methods that tell one thing give its object without a list."""
    rows = [entries] if isinstance(entries, dict) else entries
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unclear("the answer holds no entries", shown)
    return tuple(rows)
