"""Which events become messages. Inside the event's transaction, so only rows are written."""

from django.dispatch import receiver

from orders.models import Order
from orders.signals import order_event
from sms.outbox import queue_message
from sms.texts import describe_order_end


@receiver(order_event, dispatch_uid="sms.order_event")
def queue_order_message(event, **_signal):
    """Tell the customer by SMS how an order ended."""
    if event.kind not in Order.FINAL:
        return
    order = Order.objects.select_related("customer").get(pk=event.order_id)
    if not order.customer.mobile:
        return
    queue_message(
        key=f"order-event:{event.pk}",
        kind=f"order_{event.kind}",
        to=order.customer.mobile,
        text=describe_order_end(order, event.kind, event.data.get("refund", 0)),
        customer_id=order.customer_id,
    )
