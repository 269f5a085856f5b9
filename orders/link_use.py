"""What already runs on a link, for who is about to order for it: told before anything is charged."""

from dataclasses import dataclass
from enum import Enum

from orders.links import make_link_key
from orders.models import LinkHold, Order, Service
from orders.refusals import OrderRefused
from orders.validation import read_link

LOOKED_AT = 200  # newest orders of the customer among which those that hold no link yet are found
OPEN = (Order.Status.PENDING, Order.Status.PROCESSING, Order.Status.IN_PROGRESS)


class Outcome(Enum):
    """What would become of a second order on the link."""

    REFUSED = "refused"  # the service takes none
    WAITS = "waits"  # one is carried out after the other
    BESIDE = "beside"  # both run at once, and each counts what the other brings


@dataclass(frozen=True, slots=True)
class LinkUse:
    """An order runs on the link. `order_id` is the customer's own, None for somebody else's."""

    outcome: Outcome
    order_id: int | None


def find_link_use(customer_id, service, link):
    """The LinkUse that an order of `service` for `link` would meet, or None; at most two bounded statements.

    Others' orders are told of only where they decide what becomes of this one, and never which they are. What is no
    link of the service's format (yet) is used by nobody.
    """
    try:
        link = read_link(link, service.link_format)
    except OrderRefused:
        return None
    key = make_link_key(link, service.kind, service.pk)
    hold = (
        LinkHold.objects.filter(pk=key)
        .values_list("order__customer_id", "order_id", "order__parent_id")
        .first()
    )
    if hold is not None:
        owner, order_id, parent_id = hold
        own = (parent_id or order_id) if owner == customer_id else None
        if own is None and service.same_link == Service.SameLink.ALLOW:
            return None
        return LinkUse(_OUTCOMES[service.same_link], own)
    own = _find_own(customer_id, key)
    if own is None:
        return None
    # Nobody holds the link yet, so a service that refuses a second order gets it, and the first one waits.
    beside = service.same_link == Service.SameLink.ALLOW
    return LinkUse(Outcome.BESIDE if beside else Outcome.WAITS, own)


_OUTCOMES = {
    Service.SameLink.QUEUE: Outcome.WAITS,
    Service.SameLink.REFUSE: Outcome.REFUSED,
    Service.SameLink.ALLOW: Outcome.BESIDE,
}


def _find_own(customer_id, key):
    newest = Order.objects.filter(customer_id=customer_id).order_by("-pk")[:LOOKED_AT]
    rows = newest.values_list("pk", "parent_id", "status", "link", "service__kind", "service_id")
    for pk, parent_id, status, link, kind, service_id in rows:
        if status in OPEN and link and make_link_key(link, kind, service_id) == key:
            return parent_id or pk
    return None
