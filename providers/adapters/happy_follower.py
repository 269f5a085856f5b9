"""The `happy_follower` dialect (contracts/happy-follower-v1.txt): the key is exchanged for a token, JSON.

Tokens live one hour and are renewed by adapters/token_exchange.py; an HTTP 401 means that nothing was done.
"""

import json
import re
from time import monotonic
from urllib.parse import quote

from panel.lib.http.reading import read_decimal, read_identifier, read_text, read_whole
from providers.adapters.base import (
    AccountProblem,
    Adapter,
    Balance,
    CancelResult,
    Placed,
    RefillResult,
    Rejected,
    Status,
    Unavailable,
    Unclear,
    UpstreamService,
    UpstreamStatus,
)
from providers.adapters.exchange import send
from providers.adapters.payloads import FieldWithoutPlace, MissingField, check_fields, name_type, write_id
from providers.adapters.refusals import NO_REASON
from providers.adapters.sessions import LocalSessions
from providers.adapters.token_exchange import ACCOUNT_STATUSES, TokenExchange, find_refusal

# A call may need others for a token first; all of them end within this many deadlines, since the leases on what
# is being sent were measured for one.
DEADLINES = 1.5
# "services lists what needs no more than link and count" (contracts/README.md).
FIELDS = ("link", "quantity")
ONE_PIECE = 1
# An error comes back to the customer as far as it wasn't delivered, as a cancel does.
STATUS_WORDS = {
    "registered": Status.PENDING,
    "doing": Status.IN_PROGRESS,
    "done": Status.COMPLETED,
    "partial": Status.PARTIAL,
    "canceled": Status.CANCELED,
    "cancelled": Status.CANCELED,
    "error": Status.CANCELED,
}


class HappyFollowerAdapter(Adapter):
    """An upstream that speaks happy-follower's API; credentials.url is the document's `API URL`."""

    dialect = "happy_follower"
    status_batch = 1
    can_cancel = can_refill = tells_remains = True
    tracks_refills = lists_prices = False

    def __init__(self, credentials, http, timeouts=None, sessions=None):
        super().__init__(credentials, http, timeouts, sessions or LocalSessions())
        self.tokens = TokenExchange(credentials, http, self.timeouts.read_seconds, self.sessions)

    def place(self, order):
        """See Adapter. An `error` at HTTP 200 or 4xx refuses; 429 is Unavailable; all else without an order id
        is Unclear. Trouble while getting a token is never Unclear: the order was not sent yet.
        """
        headers = {"Idempotency-Key": order.idempotency_key}
        reply = self._call("POST", "order", build_order(order), headers)
        upstream_id, _ = reply.read_placed(
            lambda content: read_identifier(content.get("orderId")), find_refusal
        )
        return Placed(upstream_id, None, reply.excerpt())

    def statuses(self, ids):
        """See Adapter. The dialect tells of one order a call."""
        self.check_batch(ids)
        return {upstream_id: self._ask(upstream_id) for upstream_id in ids}

    def cancel(self, ids):
        """See Adapter."""
        self.check_batch(ids)
        return {
            upstream_id: CancelResult(upstream_id, *self._wish("cancel", upstream_id)) for upstream_id in ids
        }

    def refill(self, ids):
        """See Adapter. `recheck` is the dialect's word: it gives the refill no id."""
        self.check_batch(ids)
        told = {upstream_id: self._wish("recheck", upstream_id) for upstream_id in ids}
        return {
            upstream_id: RefillResult(upstream_id, accepted, None, error)
            for upstream_id, (accepted, error) in told.items()
        }

    def services(self):
        """See Adapter. Ids and names are all there is."""
        reply, content = self._read("services")
        rows = content.get("services")
        if not isinstance(rows, list):
            raise Unclear("the answer is no list of services", reply.excerpt())
        services = [_read_service(row) for row in rows if isinstance(row, dict)]
        found = [service for service in services if service.id]
        if rows and not found:
            raise Unclear("the answer is no list of services", reply.excerpt())
        return found

    def balance(self):
        """See Adapter; the dialect names no currency."""
        reply, content = self._read("credit/")
        amount = read_decimal(content.get("credit"))
        if amount is None:
            raise Unclear("the answer names no balance", reply.excerpt())
        return Balance(amount, "")

    def _ask(self, upstream_id):
        reply = self._read_call(f"status/{quote(upstream_id, safe='')}/")
        content, refusal = reply.read(dict, find_refusal)
        if refusal is not None:
            if not reply.refuses_order(refusal):
                reply.raise_unread(refusal)
            return UpstreamStatus(upstream_id, None, "", None, None, None, None, reply.mask(refusal))
        word = read_text(content.get("status"), 50)
        if not word:
            raise Unclear("the answer tells no status", reply.excerpt())
        return UpstreamStatus(
            upstream_id=upstream_id,
            status=STATUS_WORDS.get(re.sub(r"[\W_]+", "", word.casefold())),
            raw_status=word,
            start_count=read_whole(content.get("oldCount")),
            remains=read_whole(content.get("remain")),
            charge=read_decimal(content.get("cost")),
            currency=None,
            error=None,
        )

    def _wish(self, path, upstream_id):
        """(taken, the error text or None) of canceling or rechecking one order."""
        reply = self._call("POST", path, {"orderId": write_id(upstream_id)})
        content = reply.read_content(dict)
        refusal = find_refusal(content, reply.status)
        if reply.refuses_order(refusal):
            return False, reply.mask(refusal)
        reply.raise_trouble(refusal)
        if content.get("operation") != "success":
            raise Unclear("the answer doesn't say whether it was done", reply.excerpt())
        return True, None

    def _read(self, path):
        """(reply, content) of a reading call. Raises Unavailable or Unclear."""
        reply = self._read_call(path)
        content, refusal = reply.read(dict, find_refusal)
        if refusal is not None:
            reply.raise_unread(refusal)
        return reply, content

    def _read_call(self, path):
        try:
            return self._call("GET", path)
        except AccountProblem as error:
            raise Unavailable(error.reason, error.excerpt, account_problem=True) from error

    def _call(self, method, path, body=None, headers=None):
        """The reply of one call, made again once with a new token where the upstream refused the token.

        Raises Unavailable, Unclear, and AccountProblem where no token is to be had or a new one is refused.
        """
        seconds = self.timeouts.read_seconds if body is None else self.timeouts.write_seconds
        give_up = monotonic() + DEADLINES * seconds
        session = self.tokens.open_session(give_up)
        reply = self._send(method, path, body, headers, session, seconds, give_up)
        if not refuses_token(reply):
            return reply
        session = self.tokens.replace_session(session, give_up)
        reply = self._send(method, path, body, headers, session, seconds, give_up)
        if refuses_token(reply):
            refusal = find_refusal(reply.find_content(dict) or {}, reply.status) or NO_REASON
            raise AccountProblem(f"a new token was refused: {reply.mask(refusal)}", reply.excerpt())
        return reply

    def _send(self, method, path, body, headers, session, seconds, give_up):
        left = give_up - monotonic()
        if left < seconds / 2:  # a call cut short may be an order that nobody knows of
            raise Unavailable("getting a token took too long", retry_after_seconds=1)
        return send(
            self.http,
            method,
            f"{self.credentials.url.rstrip('/')}/{path}",
            headers={
                "Authorization": f"Bearer {session.token}",
                "Content-Type": "application/json",
                "Accept": "application/json",
                **(headers or {}),
            },
            body=None if body is None else json.dumps(body).encode(),
            seconds=min(seconds, left),
            secrets=(*self.credentials.secrets, *session.secrets),
            account_statuses=ACCOUNT_STATUSES,
        )


def build_order(order):
    """The body of `order`. Raises Rejected for a type that needs more than a link and a count."""
    try:
        check_fields(order, FIELDS)
    except (MissingField, FieldWithoutPlace) as error:
        raise Rejected(str(error)) from error
    # A package is counted by the piece and has no quantity of its own.
    counted = name_type(order.type) != "package"
    count = order.quantity if counted else ONE_PIECE
    return {"serviceId": write_id(order.service), "link": order.link, "count": count}


def refuses_token(reply):
    """Whether the call was refused for its token; one that names an order was not."""
    if reply.status != 401:
        return False
    content = reply.find_content(dict)
    return content is None or read_identifier(content.get("orderId")) is None


def _read_service(row):
    return UpstreamService(
        id=read_identifier(row.get("serviceId")),
        name=read_text(row.get("name"), 500),
        type="",
        category="",
        rate=None,
        min=None,
        max=None,
        refill=False,
        cancel=False,
        dripfeed=False,
        description="",
    )
