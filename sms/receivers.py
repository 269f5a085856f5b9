"""Which events become messages. Inside the event's transaction, so only rows are written."""

from django.dispatch import receiver

from orders.models import Order
from orders.signals import order_event
from panel.wallet.signals import wallet_event
from sms.outbox import queue_message
from sms.texts import describe_order_end, describe_payment


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


@receiver(wallet_event, dispatch_uid="sms.wallet_event")
def queue_payment_message(event, **_signal):
    """Tell the customer by SMS that a payment arrived."""
    if event.kind != "paid" or not event.customer.mobile:
        return
    queue_message(
        key=f"wallet-event:{event.pk}",
        kind="paid",
        to=event.customer.mobile,
        text=describe_payment(event.customer, event.data["amount"], event.data["bonus"]),
        customer_id=event.customer_id,
    )
