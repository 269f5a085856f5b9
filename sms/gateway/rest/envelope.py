"""The gateway's envelope: `{"status": 200, "result": …}` or `{"status": N, "message": …}`."""

from dataclasses import dataclass

from panel.lib.http.reading import (
    Unreadable,
    read_identifier,
    read_json,
    read_retry_after,
    read_text,
    read_whole,
)
from sms.gateway.codes import UserState, find_code
from sms.gateway.errors import AccountError, NotSent, Refused, ServerError, Unclear, choose_error

REASON_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Result:
    """The `result` of an envelope; `shown` is an excerpt of the whole answer without secrets."""

    value: object
    shown: str

    def check(self):
        """For operations that answer a bare number: returns for 0, raises the error of any other."""
        check_code(self.value, self.shown)

    def open(self):
        """The fields of an object whose own `status` is 0. Raises the error of any other."""
        fields = self._read_object()
        check_code(fields.get("status"), self.shown)
        return fields

    def open_account(self):
        """(fields, UserState) of what is told of our account: that of a trial user is told too."""
        trial = read_whole(self._read_object().get("status")) == UserState.TRIAL
        return (self.value, UserState.TRIAL) if trial else (self.open(), UserState.ACTIVE)

    def open_list(self, name):
        """The list under `name` of an object whose own `status` is 0."""
        rows = self.open().get(name)
        if not isinstance(rows, list):
            raise Unclear(f"the answer holds no list of {name}", self.shown)
        return rows

    def read_id(self, what):
        """The `id` of an object whose own `status` is 0. Raises Unclear where there is none."""
        identifier = read_identifier(self.open().get("id"))
        if identifier is None:
            raise Unclear(f"the answer names no {what}", self.shown)
        return identifier

    def _read_object(self):
        if not isinstance(self.value, dict):
            raise Unclear("the result is no object", self.shown)
        return self.value


def open_envelope(answer, mask):
    """The Result of an Answer. Raises the GatewayError its statuses stand for.

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
    return Result(content["result"], shown)


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
