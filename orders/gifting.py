"""Gift orders: what the house pays for. They cost nothing, and the service's minimum and maximum don't hold.

Whoever gives calls `check_gift_order`, which may ask other sites, and then `place_gift_order` in the transaction
that marks the gift used: one can't be without the other.
"""

from psycopg.types.numeric import Int8

from orders import placing_sql
from orders.items import check_video, forget_shape, needs_video, read_item
from orders.links import hold_link, make_link_key
from orders.models import Order, OrderEvent, Service
from orders.refusals import STANDINGS, OrderRefused, Refusal
from orders.service_types import TYPE_RULES, Count
from orders.services import FORWARD_TASK, OrderRequest
from panel.lib.tracing import current_trace
from panel.lib.wakeups import wake

# An order of these needs a link and a number of units, or a link alone.
GIFT_TYPES = tuple(
    kind
    for kind, rule in TYPE_RULES.items()
    if rule.link and not rule.needs and not rule.one_of and rule.count in (Count.QUANTITY, Count.PIECE)
)


def check_gift_order(customer_id, service_id, quantity, values):
    """Raise OrderRefused unless the customer may have this order now. May ask a site, so no transaction is open."""
    _check_standing(customer_id)
    _find_sold(service_id)
    item = _read(service_id, quantity, values)
    if needs_video(item):
        check_video(item)


def place_gift_order(customer_id, service_id, quantity, values):
    """Store a free order of `quantity` units (a package has its own size) and return its id; workers forward it.

    `values` has the `link`. Inside the caller's transaction. Raises OrderRefused.
    """
    _check_standing(customer_id)
    service = _find_sold(service_id)
    # What this process remembers of the service may be older than its row.
    while (item := _read(service_id, quantity, values)).version != service.version:
        forget_shape(service_id)
        service = _find_sold(service_id)
    order = Order.objects.create(
        customer_id=customer_id,
        service_id=service_id,
        channel=Order.Channel.GIFT,
        link=item.link,
        quantity=service.pack_size if item.piece else item.count,
        charge=0,
        trace=current_trace(),
    )
    key = make_link_key(item.link, service.kind, service_id)
    if service.same_link == Service.SameLink.REFUSE and not hold_link(key, order.pk):
        raise OrderRefused(Refusal.LINK_TAKEN, field="link")
    OrderEvent.objects.create(order=order, kind="placed")
    wake(FORWARD_TASK)
    return order.pk


def _check_standing(customer_id):
    standing = placing_sql.identify(placing_sql.CUSTOMER, (Int8(customer_id), "customer", "", ""))
    if standing:
        raise OrderRefused(STANDINGS[standing])


def _find_sold(service_id):
    sold = Service.objects.filter(active=True, category__active=True, type__in=GIFT_TYPES)
    service = sold.filter(pk=service_id).first()
    if service is None:
        raise OrderRefused(Refusal.SERVICE_UNKNOWN)
    return service


def _read(service_id, quantity, values):
    return read_item(OrderRequest(service_id, {**values, "quantity": quantity}))
