"""The `gray_city` dialect (contracts/gray-city-v2.md): a token in a header, JSON, one path for each kind."""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from panel.lib.http.reading import read_code, read_decimal, read_identifier, read_text, read_whole
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
from providers.adapters.payloads import FieldWithoutPlace, MissingField, check_fields, name_type, write_id

# 401 and 402 can't be about an order, and the document has 403 for a bad token and missing funds alone: any
# other 403 is taken for one of them too, since pausing the provider loses no order.
ACCOUNT_STATUSES = (401, 402, 403)
PAGE_SIZE = 20  # the document says both 20 and 30 for the most
MOST_PAGES = 1_000


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the document takes orders of one kind: path, name of the service's field, our service types.

    `fields` are those of TYPE_FIELDS that its body has a place for.
    """

    path: str
    service_field: str
    types: tuple[str, ...]
    fields: tuple[str, ...]


_COUNTED = Desk("/api/v2/order/create/", "category", ("default",), ("link", "quantity"))
DESKS = {
    "like": _COUNTED,
    "view": _COUNTED,
    "comment": Desk("/api/order/create/", "category", ("custom_comments",), ("link", "comments")),
    "watch_time": Desk(
        "/api/order/watch-time/create/", "category", ("watch_time", "default"), ("link", "quantity")
    ),
    "follower": Desk("/api/order/follower/create/", "product", ("package",), ("link",)),
    "follower_pro": Desk("/api/order/follower-pro/create/", "product", ("package",), ("link",)),
    "ads": Desk("/api/order/ads/create/", "product", ("ads",), ("description",)),
}
KIND_OF_TYPE = {
    "default": "like",
    "custom_comments": "comment",
    "watch_time": "watch_time",
    "package": "follower",
    "ads": "ads",
}
# An "Error" comes back to the customer as far as it wasn't delivered, as a cancel does.
STATUS_WORDS = {
    "pending": Status.PENDING,
    "processing": Status.PROCESSING,
    "inprogress": Status.IN_PROGRESS,
    "done": Status.COMPLETED,
    "completed": Status.COMPLETED,
    "partial": Status.PARTIAL,
    "canceled": Status.CANCELED,
    "cancelled": Status.CANCELED,
    "error": Status.CANCELED,
    "درصف": Status.PENDING,
    "درحالانجام": Status.IN_PROGRESS,
    "تکمیلشده": Status.COMPLETED,
    "ناقص": Status.PARTIAL,
    "لغوشده": Status.CANCELED,
    "خطا": Status.CANCELED,
}
UNBEGUN = (Status.PENDING, Status.PROCESSING)
ARABIC_LETTERS = str.maketrans("يك", "یک")


class GrayCityAdapter(Adapter):
    """An upstream that speaks gray-city's reseller API; credentials.url is the root of its site."""

    dialect = "gray_city"
    status_batch = 1
    can_cancel = can_refill = tracks_refills = lists_prices = tells_remains = False

    def place(self, order):
        """See Adapter. 4xx with a `detail` refuses; 429 is Unavailable; all else without a tracking id is
        Unclear.
        """
        path, body = build_order(order)
        reply = self._send("POST", path, body, {"Idempotency-Key": order.idempotency_key})
        upstream_id, _ = reply.read_placed(
            lambda content: read_code(content.get("tracking_id")), find_refusal
        )
        return Placed(upstream_id, None, reply.excerpt())

    def statuses(self, ids):
        """See Adapter. The dialect tells of one order a call, never its remains or charge."""
        self.check_batch(ids)
        return {upstream_id: self._track(upstream_id) for upstream_id in ids}

    def services(self):
        """See Adapter. Ids and titles are all there is. A list that breaks off is Unclear, never a short one.

        Pages are asked for by number, so that `next` leads to no other host.
        """
        found = {}
        for page in range(1, MOST_PAGES + 1):
            query = urlencode({"page": page, "page_size": PAGE_SIZE})
            reply, content = self._get(f"/api/v2/categories/?{query}")
            rows = content.get("results")
            if not isinstance(rows, list):
                raise Unclear("the answer is no list of categories", reply.excerpt())
            listed = [_read_service(row) for row in rows if isinstance(row, dict)]
            new = {service.id: service for service in listed if service.id and service.id not in found}
            found |= new
            if not content.get("next") and (new or found or not rows):
                return list(found.values())
            if not new:
                raise Unclear("the pages of categories don't go on", reply.excerpt())
        raise Unclear("the pages of categories don't end")

    def balance(self):
        """See Adapter; the dialect names no currency."""
        reply, content = self._get("/api/v2/user/info/")
        amount = read_decimal(content.get("balance"))
        if amount is None:
            raise Unclear("the answer names no balance", reply.excerpt())
        return Balance(amount, "")

    def _track(self, upstream_id):
        query = urlencode({"tracking_id": upstream_id})
        reply = self._send("GET", f"/api/order/tracking/?{query}")
        content, refusal = reply.read(dict, find_refusal)
        if refusal is not None:
            if not reply.refuses_order(refusal):
                reply.raise_unread(refusal)
            return UpstreamStatus(upstream_id, None, "", None, None, None, None, reply.mask(refusal))
        word = read_text(content.get("status"), 50)
        if not word:
            raise Unclear("the answer tells no status", reply.excerpt())
        status = STATUS_WORDS.get(re.sub(r"[\W_]+", "", word.casefold().translate(ARABIC_LETTERS)))
        start_count = read_whole(content.get("initialize_count"))
        if start_count == 0 and status in UNBEGUN:
            start_count = None  # the document's 0 is also "not known yet"
        return UpstreamStatus(upstream_id, status, word, start_count, None, None, None, None)

    def _get(self, path):
        """(reply, content) of a reading call. Raises Unavailable or Unclear."""
        reply = self._send("GET", path)
        content, refusal = reply.read(dict, find_refusal)
        if refusal is not None:
            reply.raise_unread(refusal)
        return reply, content

    def _send(self, method, path, body=None, headers=None):
        key = self.credentials.key
        return send(
            self.http,
            method,
            self.credentials.url.rstrip("/") + path,
            headers={
                "Authorization": f"Token {key}",
                "Content-Type": "application/json",
                "Accept": "application/json",
                **(headers or {}),
            },
            body=None if body is None else json.dumps(body).encode(),
            seconds=self.timeouts.read_seconds if body is None else self.timeouts.write_seconds,
            secrets=self.credentials.secrets,
            account_statuses=ACCOUNT_STATUSES,
        )


def build_order(order):
    """(path, body) of an OutboundOrder. Raises Rejected for one that the dialect can't say in full."""
    written = name_type(order.type)
    kind = order.kind or KIND_OF_TYPE.get(written)
    if kind not in DESKS:
        raise Rejected(f"the gray_city dialect has no place for {kind or written}")
    desk = DESKS[kind]
    if written not in desk.types:
        raise Rejected(f"the gray_city dialect takes {kind} as {desk.types[0]}, not as {written}")
    try:
        check_fields(order, desk.fields)
    except (MissingField, FieldWithoutPlace) as error:
        raise Rejected(str(error)) from error
    body = {desk.service_field: write_id(order.service)}
    if "link" in desk.fields:
        body["link"] = order.link
    if "comments" in desk.fields:
        lines = [line.strip() for line in re.split(r"\r\n?|\n", order.fields["comments"])]
        body["comment"] = [line for line in lines if line]
        body["count"] = len(body["comment"])
        if not body["comment"]:
            raise Rejected("the order has no comments")
    if "quantity" in desk.fields:
        body["count"] = order.quantity
    if "description" in desk.fields:
        body["description"] = order.fields["description"]
    return desk.path, body


def find_refusal(content, http_status):
    """The text of `{"detail": …}`, or of DRF's `{field: [texts]}`, at 4xx; None for what refuses nothing."""
    if http_status < 400:
        return None
    detail = content.get("detail")
    if isinstance(detail, list):
        detail = " ".join(text for text in detail if isinstance(text, str))
    if isinstance(detail, str) and detail.strip():
        return detail.strip()
    if http_status == 400 and content and all(_is_list_of_texts(value) for value in content.values()):
        return " ".join(f"{name}: {' '.join(texts)}" for name, texts in content.items())
    return None


def _is_list_of_texts(value):
    return isinstance(value, list) and bool(value) and all(isinstance(text, str) for text in value)


def _read_service(row):
    return UpstreamService(
        id=read_identifier(row.get("id")),
        name=read_text(row.get("title"), 500),
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
