"""Making one part of an order."""

from orders.models import Order
from panel.lib.wakeups import wake

FORWARD_TASK = "providers.tasks.forward_orders"


def make_part(parent, link, quantity):
    """Queue one part of a locked parent: `quantity` units for `link`, paid for already. Returns the Order."""
    part = Order.objects.create(
        parent=parent,
        customer_id=parent.customer_id,
        service_id=parent.service_id,
        channel=parent.channel,
        link=link,
        quantity=quantity,
        fields=parent.fields,
        charge=0,
        trace=parent.trace,
    )
    wake(FORWARD_TASK)
    return part
