"""The `standard` dialect (contracts/standard-v2.md): `key` + `action`, form-encoded, JSON back."""

import re
from urllib.parse import urlencode

from panel.lib.http import MaybeSent, NotSent, excerpt
from panel.lib.http.reading import (
    Unreadable,
    read_decimal,
    read_flag,
    read_identifier,
    read_json,
    read_retry_after,
    read_text,
    read_whole,
)
from providers.adapters.base import (
    AccountProblem,
    Adapter,
    Balance,
    CancelResult,
    Placed,
    Rejected,
    Status,
    Unavailable,
    Unclear,
    UpstreamService,
    UpstreamStatus,
)
from providers.adapters.payloads import MissingField, build_payload
from providers.adapters.refusals import is_account_problem, read_refusal

STATUS_WORDS = {
    "pending": Status.PENDING,
    "processing": Status.PROCESSING,
    "inprogress": Status.IN_PROGRESS,
    "completed": Status.COMPLETED,
    "partial": Status.PARTIAL,
    "canceled": Status.CANCELED,
    "cancelled": Status.CANCELED,
    "refunded": Status.CANCELED,
}
REASON_LIMIT = 200
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class StandardAdapter(Adapter):
    """An upstream that speaks the field's de-facto reseller API."""

    dialect = "standard"
    status_batch = 100

    def place(self, order):
        """See Adapter. HTTP 200 and 4xx with an `error` refuse; 429 is Unavailable; all else is Unclear.

        So is a 3xx or 4xx without a readable error: a proxy may answer so though the order was taken.
        """
        try:
            payload = build_payload(order)
        except MissingField as error:
            raise Rejected(str(error)) from error
        answer = self._post({"action": "add", **payload}, {"Idempotency-Key": order.idempotency_key})
        content = self._read_content(answer, dict)
        upstream_id = read_identifier(content.get("order"))
        refusal = read_refusal(content)
        if upstream_id and (refusal is not None or answer.status >= 300):
            raise Unclear(f"an order beside an error (HTTP {answer.status})", self._excerpt(answer))
        self._raise_trouble(answer, refusal)
        if not upstream_id:
            raise Unclear("the answer names no order", self._excerpt(answer))
        return Placed(upstream_id, read_decimal(content.get("charge")), self._excerpt(answer))

    def statuses(self, ids):
        """See Adapter. An upstream that does not answer a call about many is asked one by one."""
        self.check_batch(ids)
        if not ids:
            return {}
        if len(ids) == 1:
            return self._ask_one(ids[0])
        answer, content, refusal = self._read({"action": "status", "orders": ",".join(ids)})
        if refusal is not None and is_account_problem(refusal, answer.status):
            self._raise_unread(answer, refusal)
        if refusal is not None or (isinstance(content, dict) and "status" in content):
            return self._ask_one_by_one(ids)
        return self._collect(answer, ids, _pair_rows(content), self._read_status)

    def cancel(self, ids):
        """See Adapter. The wish is taken where `cancel` is 1 (or another id of its own)."""
        self.check_batch(ids)
        if not ids:
            return {}
        answer = self._post({"action": "cancel", "orders": ",".join(ids)})
        content = self._read_content(answer, (dict, list))
        self._raise_trouble(answer, read_refusal(content) if isinstance(content, dict) else None)
        rows = _pair_rows(content)
        if len(ids) == 1 and isinstance(content, dict) and "cancel" in content:
            rows = [(ids[0], content)]
        return self._collect(answer, ids, rows, self._read_cancel)

    def services(self):
        """See Adapter. Rows without an id are left out; PHP writes a list with gaps as an object."""
        answer, content, refusal = self._read({"action": "services"})
        if refusal is not None:
            self._raise_unread(answer, refusal)
        listed = list(content.values()) if isinstance(content, dict) else content
        rows = [row for row in listed if isinstance(row, dict) and read_identifier(row.get("service"))]
        if listed and not rows:
            raise Unclear("the answer is no list of services", self._excerpt(answer))
        return [_read_service(row) for row in rows]

    def balance(self):
        """See Adapter."""
        answer, content, refusal = self._read({"action": "balance"}, dict)
        if refusal is not None:
            self._raise_unread(answer, refusal)
        amount = read_decimal(content.get("balance"))
        if amount is None:
            raise Unclear("the answer names no balance", self._excerpt(answer))
        return Balance(amount, read_text(content.get("currency"), 10))

    def _ask_one(self, upstream_id):
        answer, content, refusal = self._read({"action": "status", "order": upstream_id}, dict)
        if refusal is not None and is_account_problem(refusal, answer.status):
            self._raise_unread(answer, refusal)
        found = content if refusal is not None or "status" in content else content.get(upstream_id)
        return self._collect(answer, [upstream_id], [(upstream_id, found)], self._read_status)

    def _ask_one_by_one(self, ids):
        """What single calls tell, up to the first trouble; raises that only if nothing was told before it."""
        told = {}
        for upstream_id in ids:
            try:
                told.update(self._ask_one(upstream_id))
            except (Unavailable, Unclear):
                if not told:
                    raise
                break
        return told

    def _post(self, payload, headers=None, *, seconds=None):
        body = urlencode({"key": self.credentials.key, **payload}, errors="replace").encode()
        try:
            return self.http.send(
                "POST",
                self.credentials.url,
                headers={**HEADERS, **(headers or {})},
                body=body,
                total_seconds=seconds or self.timeouts.write_seconds,
            )
        except NotSent as error:
            raise Unavailable(error.reason) from error
        except MaybeSent as error:
            raise Unclear(error.reason) from error

    def _read(self, payload, kinds=(dict, list)):
        """(answer, content, refusal or None) of a reading call. Raises Unavailable or Unclear."""
        answer = self._post(payload, seconds=self.timeouts.read_seconds)
        if answer.status == 429 or answer.status >= 500:
            self._raise_trouble(answer, None)
        content = self._read_content(answer, kinds)
        refusal = read_refusal(content) if isinstance(content, dict) else None
        if refusal is None:
            self._raise_trouble(answer, None)
        return answer, content, refusal

    def _read_content(self, answer, kinds):
        """The JSON of an answer, of one of these kinds. Raises Unavailable or Unclear for anything else."""
        try:
            content = read_json(answer.body)
        except Unreadable:
            content = None
        if not isinstance(content, kinds):
            self._raise_trouble(answer, None)
            raise Unclear("the answer is not the JSON that is due", self._excerpt(answer))
        return content

    def _raise_trouble(self, answer, refusal):
        """Raises what the HTTP status and the dialect's `error` say; returns for 2xx without one."""
        if answer.status == 429:
            wait = read_retry_after(answer.headers)
            shown = self._excerpt(answer)
            raise Unavailable("too many calls (HTTP 429)", shown, retry_after_seconds=wait)
        if refusal is not None and (answer.status < 300 or 400 <= answer.status < 500):
            kind = AccountProblem if is_account_problem(refusal, answer.status) else Rejected
            raise kind(self._mask(refusal), self._excerpt(answer))
        if answer.status >= 300:
            raise Unclear(f"HTTP {answer.status}", self._excerpt(answer))

    def _raise_unread(self, answer, refusal):
        """Reading was refused: nothing is known, whatever the text says."""
        problem = is_account_problem(refusal, answer.status)
        raise Unavailable(self._mask(refusal), self._excerpt(answer), account_problem=problem)

    def _collect(self, answer, ids, rows, read):
        """What `read(id, row)` makes of the rows of the ids asked for, without those it makes None of.

        Raises Unclear when the answer tells of none of them.
        """
        asked = set(ids)
        found = {key: value for key, row in rows if key in asked and (value := read(key, row)) is not None}
        if not found:
            raise Unclear("the answer tells of none of these orders", self._excerpt(answer))
        return found

    def _read_status(self, upstream_id, row):
        if isinstance(row, str):
            row = {"error": row}
        if not isinstance(row, dict):
            return None
        word = read_text(row.get("status"), 50)
        error = read_refusal(row)
        return UpstreamStatus(
            upstream_id=upstream_id,
            status=STATUS_WORDS.get(re.sub(r"[\s_-]+", "", word.casefold())) if error is None else None,
            raw_status=word,
            start_count=read_whole(row.get("start_count")),
            remains=read_whole(row.get("remains")),
            charge=read_decimal(row.get("charge")),
            currency=read_text(row.get("currency"), 10) or None,
            error=None if error is None else self._mask(error),
        )

    def _read_cancel(self, upstream_id, row):
        taken = row.get("cancel") if isinstance(row, dict) else row
        if taken is True or read_identifier(taken):
            return CancelResult(upstream_id, accepted=True, error=None)
        holder = taken if isinstance(taken, dict) else row
        refusal = read_refusal(holder) if isinstance(holder, dict) else None
        if refusal is None and taken not in (0, "0", False):
            return None
        return CancelResult(
            upstream_id, accepted=False, error=None if refusal is None else self._mask(refusal)
        )

    def _mask(self, text):
        return excerpt(text, self.credentials.secrets, REASON_LIMIT)

    def _excerpt(self, answer):
        return excerpt(answer.body, self.credentials.secrets)


def _pair_rows(content):
    """(id, row) of an answer about many: an object by id, or a list whose rows name their order."""
    if isinstance(content, dict):
        return list(content.items())
    rows = [row for row in content if isinstance(row, dict)]
    return [(read_identifier(row.get("order", row.get("id"))), row) for row in rows]


def _read_service(row):
    return UpstreamService(
        id=read_identifier(row["service"]),
        name=read_text(row.get("name"), 500),
        type=read_text(row.get("type"), 50),
        category=read_text(row.get("category"), 300),
        rate=read_decimal(row.get("rate")),
        min=read_whole(row.get("min")),
        max=read_whole(row.get("max")),
        refill=read_flag(row.get("refill")),
        cancel=read_flag(row.get("cancel")),
        dripfeed=read_flag(row.get("dripfeed")),
        description=read_text(row.get("desc", row.get("description")), 5000),
    )
