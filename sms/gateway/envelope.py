"""The gateway's envelope: `{"status": 200, "result": …}` or `{"status": N, "message": …}`."""

from panel.lib.http.reading import Unreadable, read_json, read_retry_after, read_text, read_whole
from sms.gateway.codes import find_code
from sms.gateway.errors import AccountError, NotSent, Refused, ServerError, Unclear, choose_error

REASON_LIMIT = 200


def open_envelope(answer, mask):
    """The `result` of an Answer. Raises the GatewayError its statuses stand for.

    Refused needs the gateway's own words: a 4xx that is no envelope may come from a proxy and is Unclear.
    `mask(text_or_bytes)` gives an excerpt without secrets.
    """
    shown = mask(answer.body)
    if answer.status == 429:
        wait = read_retry_after(answer.headers)
        raise NotSent("too many calls (HTTP 429)", shown, retry_after_seconds=wait)
    try:
        content = read_json(answer.body)
    except Unreadable:
        content = None
    status = read_whole(content.get("status")) if isinstance(content, dict) else None
    if answer.status >= 500:
        raise ServerError(f"HTTP {answer.status}", shown)
    if status is None:
        raise Unclear(f"the answer is no envelope (HTTP {answer.status})", shown)
    if status != 200:
        raise _name_failure(status, mask(read_text(content.get("message"), REASON_LIMIT)), shown)
    if answer.status >= 300 or "result" not in content:
        raise Unclear(f"the answer holds no result (HTTP {answer.status})", shown)
    return content["result"]


def _name_failure(status, message, shown):
    """The error for an envelope's `status`, "according to the HTTP standard" as the document says."""
    reason = message or f"status {status}"
    if status in (401, 403):
        return AccountError(reason, shown)
    if status == 429:
        return NotSent(reason, shown)
    if 400 <= status < 500:
        return Refused(reason, shown)
    return ServerError(reason, shown)


def check_code(number, shown):
    """Returns for 0; raises the error of the code's family, Unclear for what is in no table."""
    number = read_whole(number)
    if number == 0:
        return
    code = find_code(number)
    if code is None:
        raise Unclear(f"a status in no table: {number}", shown)
    raise choose_error(code)(code.english, shown, code)
