"""The `panel_app` dialect (contracts/panel-app-v1.txt): another copy of this panel, a bearer token, JSON.

"HTTP status is 200 on every documented answer; the number that matters is `status` in the body": so each reply is
judged by that number. Only an order's detail is bare: its `status` is the order's word.
"""

import html
import json
import re
from dataclasses import replace
from urllib.parse import quote

from panel.lib.http.reading import read_decimal, read_flag, read_identifier, read_text, read_whole
from providers.adapters.base import (
    Adapter,
    Balance,
    Placed,
    Rejected,
    Status,
    Unclear,
    UpstreamService,
    UpstreamStatus,
)
from providers.adapters.exchange import send
from providers.adapters.payloads import (
    FieldWithoutPlace,
    MissingField,
    build_payload,
    check_fields,
    name_type,
)
from providers.adapters.refusals import ACCOUNT_HTTP_STATUSES, NO_REASON

# Who may not order or read the list has trouble with the account; 403 for an order's detail is somebody else's order.
ACCOUNT_STATUSES = (*ACCOUNT_HTTP_STATUSES, 403)
# What the contract's orders have a place for, in our words.
FIELDS = (
    "link",
    "quantity",
    "usernames",
    "hashtags",
    "hashtag",
    "username",
    "media",
    "comments",
    "answer_number",
    "groups",
    "country",
    "device",
    "type_of_traffic",
    "google_keyword",
    "referring_url",
)
# (type, field) → its name there; every other field is called the same.
NAMES = {
    ("mentions_custom_list", "usernames"): "usernames_custom",
    ("mentions_media_likers", "media"): "media_url",
    ("custom_comments_package", "comments"): "comments_custom_package",
}
# The document asks every order for a quantity: where ours has none of its own, it is this list's lines or a piece.
COUNTED_LISTS = {
    "custom_comments": "comments",
    "mentions_custom_list": "usernames",
    "comment_replies": "comments",
}
ONE_PIECE = 1
# An error comes back to the customer as far as it wasn't delivered, as a cancel does.
STATUS_WORDS = {
    "pending": Status.PENDING,
    "awaiting": Status.PENDING,
    "processing": Status.PROCESSING,
    "inprogress": Status.IN_PROGRESS,
    "completed": Status.COMPLETED,
    "partial": Status.PARTIAL,
    "canceled": Status.CANCELED,
    "cancelled": Status.CANCELED,
    "refunded": Status.CANCELED,
    "error": Status.CANCELED,
}
# The document's example has a pending order of 100 with remains "0": beside these words a 0 is "not known".
UNDONE = (Status.PENDING, Status.PROCESSING, Status.PARTIAL, Status.CANCELED)
OFF = (0, "0")  # which false equals too
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


class PanelAppAdapter(Adapter):
    """Another copy of this panel; credentials.url is its API's base, credentials.key a bearer token."""

    dialect = "panel_app"
    status_batch = 1
    can_cancel = can_refill = tracks_refills = False
    # The list tells price and bounds, but no type: to take every service for a default one would sell polls and
    # packages as such. So they are imported switched off, until somebody has typed in what they are.
    lists_prices = False
    tells_remains = True

    def place(self, order):
        """See Adapter. A `status` of 4xx with its message refuses; 429 is Unavailable; all else without an order's
        id is Unclear.
        """
        headers = {"Idempotency-Key": order.idempotency_key}
        reply = self._send("POST", "order", build_order(order), headers)
        upstream_id, content = reply.read_placed(find_placed_id, find_refusal)
        charge = read_decimal(content["order"].get("charge"))
        return Placed(upstream_id, charge, reply.excerpt())

    def statuses(self, ids):
        """See Adapter. The dialect tells of one order a call."""
        self.check_batch(ids)
        return {upstream_id: self._ask(upstream_id) for upstream_id in ids}

    def services(self):
        """See Adapter. Ids are `CATEGORY/SERVICE`, since orders have to name both; switched-off rows are left out."""
        rows = self._read_rows("services")
        names = {
            read_whole(row.get("id")): read_text(row.get("name"), 300)
            for row in self._read_rows("categories")
        }
        return [_read_service(row, names) for row in rows if row.get("status") not in OFF]

    def balance(self):
        """See Adapter; the dialect names no currency."""
        reply, content = self._read("user")
        user = content.get("user")
        amount = read_decimal(user.get("balance")) if isinstance(user, dict) else None
        if amount is None:
            raise Unclear("the answer names no balance", reply.excerpt())
        return Balance(amount, "")

    def _ask(self, upstream_id):
        path = f"order/{quote(upstream_id, safe='')}"
        reply = self._send("GET", path, account_statuses=ACCOUNT_HTTP_STATUSES)
        content, refusal = reply.read(dict, find_refusal)
        if refusal is not None:
            if not reply.refuses_order(refusal):
                reply.raise_unread(refusal)
            return UpstreamStatus(upstream_id, None, "", None, None, None, None, reply.mask(refusal))
        row = content["order"] if isinstance(content.get("order"), dict) else content
        word = read_text(row.get("status"), 50)
        if not word or read_whole(word) is not None:
            raise Unclear("the answer tells no status", reply.excerpt())
        if read_identifier(row.get("id")) not in (None, upstream_id):
            raise Unclear("the answer tells of another order", reply.excerpt())
        return _read_status(upstream_id, word, row)

    def _read_rows(self, name):
        """The rows with an id of the list `name`. PHP writes a list with gaps as an object."""
        reply, content = self._read(name)
        listed = content.get(name)
        listed = list(listed.values()) if isinstance(listed, dict) else listed
        if not isinstance(listed, list):
            raise Unclear(f"the answer is no list of {name}", reply.excerpt())
        rows = [row for row in listed if isinstance(row, dict) and (read_whole(row.get("id")) or 0) > 0]
        if listed and not rows:
            raise Unclear(f"the answer is no list of {name}", reply.excerpt())
        return rows

    def _read(self, path):
        """(reply, content) of a reading call. Raises Unavailable or Unclear."""
        reply = self._send("GET", path)
        content, refusal = reply.read(dict, find_refusal)
        if refusal is not None:
            reply.raise_unread(refusal)
        return reply, content

    def _send(self, method, path, body=None, headers=None, *, account_statuses=ACCOUNT_STATUSES):
        reply = send(
            self.http,
            method,
            f"{self.credentials.url.rstrip('/')}/{path}",
            headers={
                "Authorization": f"Bearer {self.credentials.key}",
                "Content-Type": "application/json",
                "Accept": "application/json",
                **(headers or {}),
            },
            body=None if body is None else json.dumps(body).encode(),
            seconds=self.timeouts.read_seconds if body is None else self.timeouts.write_seconds,
            secrets=self.credentials.secrets,
            account_statuses=account_statuses,
        )
        return judge_by_body(reply)


def build_order(order):
    """The body of an OutboundOrder. Raises Rejected for one that the contract can't say in full."""
    try:
        check_fields(order, FIELDS)
    except (MissingField, FieldWithoutPlace) as error:
        raise Rejected(str(error)) from error
    written = name_type(order.type)
    payload = build_payload(order)
    category, _, service = payload.pop("service").rpartition("/")
    body = {"service_id": service, "category_id": category} if category else {"service_id": service}
    body |= {NAMES.get((written, name), name): value for name, value in payload.items()}
    return body | {"quantity": _count(order, written)}


def judge_by_body(reply):
    """The reply under the `status` of its body where HTTP itself found nothing wrong.

    Raises Unclear where that is a number but no status, so that it says nothing.
    """
    content = reply.find_content(dict) if reply.status < 300 else None
    number = read_whole(content.get("status")) if content else None
    if number is None:
        return reply
    if not 200 <= number < 600:
        raise Unclear(f"the body's status is {number}", reply.excerpt())
    return replace(reply, answer=replace(reply.answer, status=number))


def find_refusal(content, status):
    """The text of `{"status": 4xx, "message": …}`, or of a message alone at HTTP 4xx; None for all else."""
    number, message = read_whole(content.get("status")), content.get("message")
    is_refused = isinstance(message, str) if number is None else 400 <= number < 500
    if status < 400 or not is_refused:
        return None
    return str(message or "").strip() or NO_REASON


def find_placed_id(content):
    """The id of `{"status": 201, "order": {…}}`, or None; a word for a status says that this is something else."""
    order, status = content.get("order"), content.get("status")
    if not isinstance(order, dict) or (status is not None and read_whole(status) is None):
        return None
    return read_identifier(order.get("id"))


def _count(order, written):
    if order.quantity is not None:
        return order.quantity
    if written not in COUNTED_LISTS:
        return ONE_PIECE
    return sum(1 for line in order.fields[COUNTED_LISTS[written]].splitlines() if line.strip())


def _read_status(upstream_id, word, row):
    status = STATUS_WORDS.get(re.sub(r"[\W_]+", "", word.casefold()))
    remains = read_whole(row.get("remains"))
    return UpstreamStatus(
        upstream_id=upstream_id,
        status=status,
        raw_status=word,
        start_count=read_whole(row.get("start_counter")) or None,  # 0 is also what our own copies don't know
        remains=None if remains == 0 and status in UNDONE else remains,
        charge=read_decimal(row.get("charge")),
        currency=None,
        error=None,
    )


def _read_service(row, names):
    category, service = read_whole(row.get("cate_id")) or 0, str(read_whole(row["id"]))
    return UpstreamService(
        id=f"{category}/{service}" if category > 0 else service,
        name=read_text(row.get("name"), 500),
        type="",
        category=names.get(category, ""),
        rate=read_decimal(row.get("price")),
        min=read_whole(row.get("min")),
        max=read_whole(row.get("max")),
        refill=False,
        cancel=False,
        dripfeed=read_flag(row.get("dripfeed")),
        description=_read_description(row.get("desc")),
    )


def _read_description(markup):
    """A description without its tags; other panels write HTML, some of them with its brackets escaped."""
    return read_text(TAG.sub(" ", html.unescape(markup)), 5000) if isinstance(markup, str) else ""
