"""The `standard` dialect (contracts/standard-v2.md): `key` + `action`, form-encoded, JSON back."""

import re
from urllib.parse import urlencode

from panel.lib.http.reading import read_decimal, read_flag, read_identifier, read_text, read_whole
from providers.adapters.base import (
    Adapter,
    Balance,
    CancelResult,
    Placed,
    RefillResult,
    RefillStatus,
    Rejected,
    Status,
    Unavailable,
    Unclear,
    UpstreamRefill,
    UpstreamService,
    UpstreamStatus,
)
from providers.adapters.exchange import send
from providers.adapters.payloads import MissingField, build_payload
from providers.adapters.refusals import read_refusal

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
REFILL_WORDS = {
    "pending": RefillStatus.PENDING,
    "inprogress": RefillStatus.IN_PROGRESS,
    "completed": RefillStatus.COMPLETED,
    "rejected": RefillStatus.REJECTED,
    "error": RefillStatus.ERROR,
}
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class StandardAdapter(Adapter):
    """An upstream that speaks the field's de-facto reseller API."""

    dialect = "standard"
    status_batch = 100
    can_cancel = can_refill = tracks_refills = lists_prices = tells_remains = True

    def place(self, order):
        """See Adapter. HTTP 200 and 4xx with an `error` refuse; 429 is Unavailable; all else is Unclear.

        So is a 3xx or 4xx without a readable error: a proxy may answer so though the order was taken.
        """
        try:
            payload = build_payload(order)
        except MissingField as error:
            raise Rejected(str(error)) from error
        reply = self._post({"action": "add", **payload}, {"Idempotency-Key": order.idempotency_key})
        upstream_id, content = reply.read_placed(
            lambda content: read_identifier(content.get("order")),
            lambda content, _status: read_refusal(content),
        )
        return Placed(upstream_id, read_decimal(content.get("charge")), reply.excerpt())

    def statuses(self, ids):
        """See Adapter. An upstream that does not answer a call about many is asked one by one."""
        self.check_batch(ids)
        if not ids:
            return {}
        if len(ids) == 1:
            return self._ask_one(ids[0])
        reply, content, refusal = self._read({"action": "status", "orders": ",".join(ids)})
        if refusal is not None and reply.is_account_problem(refusal):
            reply.raise_unread(refusal)
        if refusal is not None or (isinstance(content, dict) and "status" in content):
            return _ask_one_by_one(ids, self._ask_one)
        return _collect(reply, ids, _pair_rows(content), _read_status)

    def cancel(self, ids):
        """See Adapter. The wish is taken where `cancel` is 1 (or another id of its own)."""
        self.check_batch(ids)
        if not ids:
            return {}
        reply = self._post({"action": "cancel", "orders": ",".join(ids)})
        content = reply.read_content((dict, list))
        reply.raise_trouble(_refuse_all(content))
        rows = _pair_rows(content)
        if len(ids) == 1 and isinstance(content, dict) and "cancel" in content:
            rows = [(ids[0], content)]
        return _collect(reply, ids, rows, _read_cancel)

    def refill(self, ids):
        """See Adapter. An upstream that refuses a call about many as a whole is asked one by one."""
        self.check_batch(ids)
        if not ids:
            return {}
        if len(ids) == 1:
            return self._refill_one(ids[0])
        reply = self._post({"action": "refill", "orders": ",".join(ids)})
        content = reply.read_content((dict, list))
        refusal = _refuse_all(content)
        if reply.refuses_order(refusal):
            return _ask_one_by_one(ids, self._refill_one)
        reply.raise_trouble(refusal)
        return _collect(reply, ids, _pair_rows(content), _read_refill)

    def refill_statuses(self, refill_ids):
        """See Adapter. An upstream that does not answer a call about many is asked one by one."""
        self.check_batch(refill_ids)
        if not refill_ids:
            return {}
        if len(refill_ids) == 1:
            return self._ask_refill(refill_ids[0])
        reply, content, refusal = self._read({"action": "refill_status", "refills": ",".join(refill_ids)})
        if refusal is not None and reply.is_account_problem(refusal):
            reply.raise_unread(refusal)
        if refusal is not None or (isinstance(content, dict) and "status" in content):
            return _ask_one_by_one(refill_ids, self._ask_refill)
        return _collect(reply, refill_ids, _pair_rows(content, "refill"), _read_refill_status)

    def services(self):
        """See Adapter. Rows without an id are left out; PHP writes a list with gaps as an object."""
        reply, content, refusal = self._read({"action": "services"})
        if refusal is not None:
            reply.raise_unread(refusal)
        listed = list(content.values()) if isinstance(content, dict) else content
        rows = [row for row in listed if isinstance(row, dict) and read_identifier(row.get("service"))]
        if listed and not rows:
            raise Unclear("the answer is no list of services", reply.excerpt())
        return [_read_service(row) for row in rows]

    def balance(self):
        """See Adapter."""
        reply, content, refusal = self._read({"action": "balance"}, dict)
        if refusal is not None:
            reply.raise_unread(refusal)
        amount = read_decimal(content.get("balance"))
        if amount is None:
            raise Unclear("the answer names no balance", reply.excerpt())
        return Balance(amount, read_text(content.get("currency"), 10))

    def _ask_one(self, upstream_id):
        reply, content, refusal = self._read({"action": "status", "order": upstream_id}, dict)
        if refusal is not None and reply.is_account_problem(refusal):
            reply.raise_unread(refusal)
        found = content if refusal is not None or "status" in content else content.get(upstream_id)
        return _collect(reply, [upstream_id], [(upstream_id, found)], _read_status)

    def _refill_one(self, upstream_id):
        reply = self._post({"action": "refill", "order": upstream_id})
        content = reply.read_content((dict, list))
        refusal = _refuse_all(content)
        if not reply.refuses_order(refusal):
            reply.raise_trouble(refusal)
        alone = isinstance(content, dict) and (refusal is not None or "refill" in content)
        rows = [(upstream_id, content)] if alone else _pair_rows(content)
        return _collect(reply, [upstream_id], rows, _read_refill)

    def _ask_refill(self, refill_id):
        reply, content, refusal = self._read({"action": "refill_status", "refill": refill_id})
        if refusal is not None and reply.is_account_problem(refusal):
            reply.raise_unread(refusal)
        alone = isinstance(content, dict) and (refusal is not None or "status" in content)
        rows = [(refill_id, content)] if alone else _pair_rows(content, "refill")
        return _collect(reply, [refill_id], rows, _read_refill_status)

    def _post(self, payload, headers=None, *, seconds=None):
        body = urlencode({"key": self.credentials.key, **payload}, errors="replace").encode()
        return send(
            self.http,
            "POST",
            self.credentials.url,
            headers={**HEADERS, **(headers or {})},
            body=body,
            seconds=seconds or self.timeouts.write_seconds,
            secrets=self.credentials.secrets,
        )

    def _read(self, payload, kinds=(dict, list)):
        """(reply, content, refusal or None) of a reading call. Raises Unavailable or Unclear."""
        reply = self._post(payload, seconds=self.timeouts.read_seconds)
        content, refusal = reply.read(kinds, lambda content, _status: _refuse_all(content))
        return reply, content, refusal


def _refuse_all(content):
    """The error text of an answer that refuses the whole call, or None."""
    return read_refusal(content) if isinstance(content, dict) else None


def _ask_one_by_one(ids, ask):
    """What `ask(id)` tells, up to the first trouble; raises that only if nothing was told before it."""
    told = {}
    for upstream_id in ids:
        try:
            told.update(ask(upstream_id))
        except (Rejected, Unavailable, Unclear):
            if not told:
                raise
            break
    return told


def _collect(reply, ids, rows, read):
    """What `read(id, row, reply)` makes of the rows of the ids asked for, without those it makes None of.

    Raises Unclear when the answer tells of none of them.
    """
    asked = set(ids)
    told = ((key, read(key, row, reply)) for key, row in rows if key in asked)
    found = {key: value for key, value in told if value is not None}
    if not found:
        raise Unclear("the answer tells of none of these orders", reply.excerpt())
    return found


def _pair_rows(content, name="order"):
    """(id, row) of an answer about many: an object by id, or a list whose rows have it under `name`."""
    if isinstance(content, dict):
        return list(content.items())
    rows = [row for row in content if isinstance(row, dict)]
    return [(read_identifier(row.get(name, row.get("id"))), row) for row in rows]


def _find_word(words, word):
    return words.get(re.sub(r"[\s_-]+", "", word.casefold()))


def _read_status(upstream_id, row, reply):
    if isinstance(row, str):
        row = {"error": row}
    if not isinstance(row, dict):
        return None
    word = read_text(row.get("status"), 50)
    error = read_refusal(row)
    return UpstreamStatus(
        upstream_id=upstream_id,
        status=_find_word(STATUS_WORDS, word) if error is None else None,
        raw_status=word,
        start_count=read_whole(row.get("start_count")),
        remains=read_whole(row.get("remains")),
        charge=read_decimal(row.get("charge")),
        currency=read_text(row.get("currency"), 10) or None,
        error=None if error is None else reply.mask(error),
    )


def _read_wish(row, name):
    """(what the upstream answers to a wish, its error text or None), both None where it answers nothing."""
    value = row.get(name) if isinstance(row, dict) else row
    holder = value if isinstance(value, dict) else row
    return value, read_refusal(holder) if isinstance(holder, dict) else None


def _read_cancel(upstream_id, row, reply):
    taken, refusal = _read_wish(row, "cancel")
    if taken is True or read_identifier(taken):
        return CancelResult(upstream_id, accepted=True, error=None)
    if refusal is None and taken not in (0, "0", False):
        return None
    return CancelResult(upstream_id, accepted=False, error=None if refusal is None else reply.mask(refusal))


def _read_refill(upstream_id, row, reply):
    """A refill is taken where it has an id; `true` alone is one that can't be asked about."""
    taken, refusal = _read_wish(row, "refill")
    refill_id = read_identifier(taken)
    if refusal is None and (taken is True or refill_id):
        return RefillResult(upstream_id, accepted=True, refill_id=refill_id, error=None)
    if refusal is None and taken not in (0, "0", False):
        return None
    error = None if refusal is None else reply.mask(refusal)
    return RefillResult(upstream_id, accepted=False, refill_id=None, error=error)


def _read_refill_status(refill_id, row, reply):
    told, refusal = _read_wish(row, "status")
    word = read_text(told, 50)
    if refusal is None and not word:
        return None
    return UpstreamRefill(
        refill_id=refill_id,
        status=_find_word(REFILL_WORDS, word) if refusal is None else None,
        raw_status=word,
        error=None if refusal is None else reply.mask(refusal),
    )


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
