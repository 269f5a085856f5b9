"""Reading what a client asks for into what the placing statements take.

What decides how a service's orders are read is remembered by each process, with the version of the service's
row; the statement checks that it still is that version.
"""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

from orders.blocking import check_blocked
from orders.models import Service
from orders.placing_sql import Item
from orders.plans import SubscriptionPlan
from orders.refusals import OrderRefused, Refusal
from orders.service_types import ServiceType
from orders.validation import Shape, read_draft
from orders.video_length import LengthUnknown, find_video_seconds, is_known_site
from panel.lib.tracing import carry

MAX_IDEMPOTENCY_KEY = 255
VIDEOS_AT_ONCE = 8
WATCH_TIME_SECONDS = 120  # gray-city-v2: "the video has to be longer than 2 minutes"
_COLUMNS = (
    "version",
    "type",
    "kind",
    "link_format",
    "same_link",
    "link_hosts",
    "link_pattern",
    "link_example",
    "min_video_seconds",
    "dripfeed",
)
_shapes = {}  # service id → Shape; a stale one is found out by the statement and read again


def read_item(request):
    """The Item of one OrderRequest. Raises OrderRefused."""
    return _read(request, {})


def read_items(requests, places, answers):
    """`{place: Item}` of the requests at those places; a refusal goes into `answers` instead."""
    items = {}
    fresh = _load_shapes({requests[place].service_id for place in places} - _shapes.keys())
    for place in places:
        try:
            items[place] = _read(requests[place], fresh)
        except OrderRefused as refused:
            answers[place] = refused
    return items


def needs_video(item):
    """Whether the length of the item's video has to be asked of its site."""
    return _find_shortest(item) is not None


def check_video(item):
    """Raise OrderRefused (VIDEO_SHORT, VIDEO_UNKNOWN) for a video that is too short. Asks its site."""
    more_than = _find_shortest(item)
    try:
        seconds = find_video_seconds(item.link)
    except LengthUnknown:
        raise OrderRefused(Refusal.VIDEO_UNKNOWN, field="link") from None
    if seconds <= more_than:
        raise OrderRefused(Refusal.VIDEO_SHORT, field="link", limit=more_than)


def _find_shortest(item):
    """Seconds that the item's video has to exceed, or None where nothing is asked.

    Watch time needs WATCH_TIME_SECONDS even where the service says nothing, at the sites whose videos we know.
    """
    shape = item.shape
    if shape.min_video_seconds is None and shape.type == ServiceType.WATCH_TIME and is_known_site(item.link):
        return WATCH_TIME_SECONDS
    return shape.min_video_seconds


def check_videos(items):
    """`{place: OrderRefused}` of those of the `{place: Item}` whose videos are too short; several at a time."""
    asked = {place: item for place, item in items.items() if needs_video(item)}
    if not asked:
        return {}
    with ThreadPoolExecutor(VIDEOS_AT_ONCE) as pool:
        tried = {place: pool.submit(carry(check_video, item)) for place, item in asked.items()}
        return {place: future.exception() for place, future in tried.items() if future.exception()}


def refuses_taken_link(item):
    """Whether the item's service refuses a second order on one link.

    A subscription has no link of its own: its posts come with theirs.
    """
    refuses = item.shape.same_link == Service.SameLink.REFUSE
    return refuses and not isinstance(item.plan, SubscriptionPlan)


def forget_shape(service_id):
    """Read the service again with its next order."""
    _shapes.pop(service_id, None)


def _read(request, fresh):
    """The Item of a request. `fresh` holds the shapes read just now; only they may refuse."""
    shape = _shapes.get(request.service_id) or _load_shape(request.service_id, fresh)
    try:
        draft = read_draft(shape, request.values)
    except OrderRefused:
        if request.service_id in fresh:
            raise
        shape = _load_shape(request.service_id, fresh)
        draft = read_draft(shape, request.values)
    check_blocked(draft.link, json.loads(draft.fields) if draft.fields else {})
    key = request.idempotency_key
    if len(key) > MAX_IDEMPOTENCY_KEY or not key.isprintable():
        raise OrderRefused(Refusal.FIELD_BAD, field="Idempotency-Key")
    what = (request.service_id, draft.link, draft.count, draft.piece, draft.fields)
    hashed = what if draft.plan is None else (*what, draft.plan)
    digest = hashlib.sha256(repr(hashed).encode()).digest() if key else b""
    return Item(what[0], shape.version, *what[1:], key, digest, draft.plan, shape)


def _load_shape(service_id, fresh):
    if service_id not in fresh:
        fresh |= _load_shapes({service_id})
    if fresh[service_id] is None:
        raise OrderRefused(Refusal.SERVICE_UNKNOWN)
    return fresh[service_id]


def _load_shapes(ids):
    """`{id: Shape, or None for no such service}`, read in one query and remembered."""
    if not ids:
        return {}
    rows = Service.objects.filter(pk__in=ids).values_list("pk", *_COLUMNS)
    found = {pk: Shape(**dict(zip(_COLUMNS, rest, strict=True))) for pk, *rest in rows}
    _shapes.update(found)
    return dict.fromkeys(ids) | found
