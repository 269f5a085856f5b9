"""The methods of Kavenegar's public HTTP API that an outbox needs: `{base}/v1/{API-KEY}/{method}.json`."""

import json
from collections import defaultdict, deque
from urllib.parse import quote, urlencode

from panel.lib import http
from panel.lib.http.reading import read_decimal, read_identifier, read_text, read_whole
from sms.gateway.base import Credit, Taken
from sms.gateway.calling import call_gateway
from sms.gateway.codes import UserState
from sms.gateway.errors import Unclear
from sms.gateway.kavenegar.codes import DELIVERY_STATES
from sms.gateway.kavenegar.envelope import open_envelope

RIALS_OF_A_TOMAN = 10
SHOWN, STORED = 0, 1  # a flash message is shown and not stored
NUMBER_DIGITS = 10  # what a number's spellings (`0912…`, `0098912…`) have in common


class KavenegarGateway:
    """One account at Kavenegar, opened by its API key, which is part of every path and shown nowhere.

    `client` has the `send` of panel.lib.http.HttpClient; `total_seconds` bounds each call. Every method raises
    Refused, NotSent or Unclear, of the code's family where the gateway gave a code.
    """

    def __init__(self, base_url, client, *, key, total_seconds=20.0):
        if not key:
            raise ValueError("Kavenegar needs an API key")
        self.base_url = base_url.rstrip("/")
        self._client = client
        self._key = key
        self._total_seconds = total_seconds

    def __repr__(self):
        return f"KavenegarGateway({self.base_url!r}, …)"

    def send(self, sender, receptors, message, *, flash=False):
        """`sms/send`: one text to all receptors, at most once; one Taken for each, in their order."""
        fields = {"receptor": ",".join(receptors), "message": message, "type": _name_type(flash)}
        entries = self._call("sms/send", {**({"sender": sender} if sender else {}), **fields})
        rows = _arrange(entries, receptors)
        return tuple(_read_taken(row, entries.shown) for row in rows)

    def send_array(self, senders, receptors, messages, flashes):
        """`sms/sendarray`: a text of its own to each receptor, at most once.

        One Taken for each, in their order, or the Unclear of one whose entry names no message.
        """
        fields = {
            "receptor": _write_list(receptors),
            "sender": _write_list(senders),
            "message": _write_list(messages),
            "type": _write_list(map(_name_type, flashes)),
        }
        entries = self._call("sms/sendarray", fields)
        return [_read_outcome(row, entries.shown) for row in _arrange(entries, receptors)]

    def lookup(self, receptor, template, tokens):
        """`verify/lookup`: a template filled with `tokens` by name, to one receptor; its Taken."""
        entries = self._call("verify/lookup", {"receptor": receptor, "template": template, **tokens})
        [row] = _arrange(entries, [receptor])
        return _read_taken(row, entries.shown)

    def status(self, ids):
        """`sms/status`: {id: DeliveryState}. A message of which nothing readable is told is left out.

        Raises Unclear when the answer tells of none of them.
        """
        if not ids:
            return {}
        entries = self._call("sms/status", {"messageid": ",".join(ids)})
        told = {read_identifier(row.get("messageid")): read_whole(row.get("status")) for row in entries.rows}
        if not told.keys() & set(ids):
            raise Unclear("the answer tells of none of these messages", entries.shown)
        states = {identifier: DELIVERY_STATES.get(told.get(identifier)) for identifier in ids}
        return {identifier: state for identifier, state in states.items() if state is not None}

    def info(self):
        """`account/info`: the Credit of our account, told in rial."""
        entries = self._call("account/info", {})
        rial = read_decimal(entries.rows[0].get("remaincredit")) if len(entries.rows) == 1 else None
        if rial is None:
            raise Unclear("the answer names no credit", entries.shown)
        return Credit(rial / RIALS_OF_A_TOMAN, UserState.ACTIVE)

    def _call(self, method, fields):
        """The Entries of one method, called with form fields."""
        answer = call_gateway(
            self._client,
            "POST",
            f"{self.base_url}/v1/{quote(self._key, safe='')}/{method}.json",
            headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
            body=urlencode(fields, errors="replace").encode(),
            total_seconds=self._total_seconds,
        )
        return open_envelope(answer, lambda body: http.excerpt(body, (self._key,)))


def _name_type(flash):
    return SHOWN if flash else STORED


def _write_list(values):
    return json.dumps(list(values), ensure_ascii=False)


def _arrange(entries, receptors):
    """The rows in the order of the receptors they tell of. Raises Unclear unless there is one for each."""
    waiting = defaultdict(deque)
    for row in entries.rows:
        waiting[_shorten(read_text(row.get("receptor"), 30))].append(row)
    try:
        rows = [waiting[_shorten(receptor)].popleft() for receptor in receptors]
    except IndexError:
        rows = []
    if len(rows) != len(entries.rows) or not rows:
        raise Unclear("the answer does not fit the messages", entries.shown)
    return rows


def _shorten(number):
    return number[-NUMBER_DIGITS:]


def _read_taken(row, shown):
    outcome = _read_outcome(row, shown)
    if isinstance(outcome, Unclear):
        raise outcome
    return outcome


def _read_outcome(row, shown):
    """The Taken of an entry, its cost told in rial, or Unclear where it names no message."""
    identifier = read_identifier(row.get("messageid"))
    if identifier is None:
        return Unclear("the answer names no message", shown)
    rial = read_decimal(row.get("cost"))
    return Taken(identifier, cost=None if rial is None or rial < 0 else rial / RIALS_OF_A_TOMAN)
