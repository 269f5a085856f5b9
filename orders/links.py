"""Links: comparing them, and whose turn it is on each.

Upstreams count from a start count, so two orders that run on one link under-deliver. `LinkHold` has one row for
each link and kind: whoever's row it is runs, the others wait. That is a property of the table's primary key.
"""

import hashlib
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from orders.models import LinkHold, Order, Service
from panel.lib.wakeups import wake

FORWARD_TASK = "providers.tasks.forward_orders"
WAIT_SECONDS = 600  # until a taken link is looked at though nobody said that it is free
_TRACKING = re.compile(
    r"utm_\w+|ig(sh|shid|_rid)|fbclid|gclid|si|feature|ref|ref_src|share_id|source|_r|_t|s|t"
)
_SAME_HOST = re.compile(r"^(www|m|mobile)\.")


def normalize_link(link):
    """The link as it is compared: no scheme, `www`, tracking parameters, fragment or trailing slash; host in
    lower case. A username is compared without `@` and case."""
    if "://" not in link:
        return link.strip().lstrip("@").casefold()
    parts = urlsplit(link)
    host = _SAME_HOST.sub("", (parts.hostname or "").rstrip("."))
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    pairs = sorted(
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])
    )
    query = f"?{urlencode(pairs, errors='surrogatepass')}" if pairs else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}"


def make_link_key(link, kind, service_id):
    """A 64-bit key of a link and the kind of service; a service without a kind is a kind of its own."""
    words = f"{kind or service_id}|{normalize_link(link)}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(words, digest_size=8).digest(), signed=True)


def hold_link(link_key, order_id):
    """Give a link to an order, inside the order's transaction. False when it is another order's."""
    return bool(_insert_holds([(link_key, order_id)]))


def hold_links(orders):
    """`{order id: order id that has its link}` of those `orders` that have to wait; the others hold theirs now.

    `orders` are locked and come with their services. The oldest of several on one link goes first. None stands
    for a holder that ended this moment.
    """
    wanted = {
        order.pk: make_link_key(order.link, order.service.kind, order.service_id)
        for order in orders
        if order.service.same_link != Service.SameLink.ALLOW and order.link
    }
    if not wanted:
        return {}
    # In the order of the keys: two claims that want the same links never wait for each other crosswise.
    _insert_holds(sorted((key, pk) for pk, key in wanted.items()))
    holders = dict(
        LinkHold.objects.filter(link_key__in=set(wanted.values())).values_list("link_key", "order_id")
    )
    # Where a second order on one link is refused, the whole of a drip-feed holds it, and its runs run under that.
    own = {order.pk: (order.pk, order.parent_id or order.pk) for order in orders}
    waiting = {pk: holders.get(key) for pk, key in wanted.items() if holders.get(key) not in own[pk]}
    if waiting:
        # Who waits holds nothing: not a link under the kind that its service had when it was claimed before.
        give_back_links(waiting)
    return waiting


def _insert_holds(rows):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_linkhold (link_key, order_id)"
            " SELECT * FROM unnest(%s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING RETURNING order_id",
            [[key for key, _ in rows], [pk for _, pk in rows]],
        )
        return [pk for (pk,) in cursor.fetchall()]


def give_back_links(order_ids):
    """These orders can't be sent now: their links are free for others."""
    LinkHold.objects.filter(order__in=order_ids).delete()


def free_link(order_id):
    """The order ended: whoever waits for its link is looked at next. Touches no other order's row."""
    if LinkHold.objects.filter(order=order_id).delete()[0]:
        wake(FORWARD_TASK)


def call_waiters():
    """Make the oldest order behind each link that is free again due; returns how many."""
    held = Order.objects.filter(held_by__isnull=False, forwarding=Order.Forwarding.QUEUED)
    free = held.exclude(held_by__in=LinkHold.objects.values("order_id"))
    first = list(free.values("held_by").annotate(first=Min("pk")).values_list("first", flat=True)[:500])
    if not first:
        return 0
    with transaction.atomic():
        # Asked again under the lock: one that was canceled meanwhile must not become due.
        locked = held.filter(pk__in=first).select_for_update(skip_locked=True).order_by("id")
        # One by one: they are due in the order of their ids.
        for pk in list(locked.values_list("pk", flat=True)):
            Order.objects.filter(pk=pk).update(held_by=None, next_try_at=timezone.now())
    return len(first)


def release_hold(hold):
    """An operator lets the next order on this link go, though the one that has it hasn't ended. True if it did.

    False when the link has passed to another order meanwhile.
    """
    released = bool(LinkHold.objects.filter(pk=hold.pk, order=hold.order_id).delete()[0])
    wake(FORWARD_TASK)
    return released
