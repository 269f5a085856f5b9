"""Which events become notifications. Inside the event's transaction, so only rows are written."""

from django.dispatch import receiver

from orders.models import Order
from orders.signals import order_event
from panel.accounts.models import Customer
from panel.support.models import Notification
from panel.support.texts import describe_adjustment, describe_order_end, describe_provider_event
from panel.wallet.signals import wallet_event
from providers.signals import provider_event


@receiver(order_event, dispatch_uid="support.order_event")
def note_order_end(event, **_signal):
    """Tell the customer in the panel how an order ended."""
    if event.kind not in Order.FINAL:
        return
    order = Order.objects.select_related("customer", "service").get(pk=event.order_id)
    _note(
        customer=order.customer,
        kind=f"order_{event.kind}",
        message=describe_order_end(order, event.kind, event.data.get("refund", 0)),
        key=f"order-event:{event.pk}",
        order_id=order.pk,
    )


@receiver(wallet_event, dispatch_uid="support.wallet_event")
def note_adjustment(event, **_signal):
    """Tell the customer of a credit or debit by hand."""
    message = describe_adjustment(event.customer, event.data["amount"])
    _note(customer=event.customer, kind=event.kind, message=message, key=f"wallet-event:{event.pk}")


@receiver(provider_event, dispatch_uid="support.provider_event")
def note_provider_event(event, **_signal):
    """Tell all staff what needs them."""
    for person in Customer.objects.filter(is_staff=True, is_active=True):
        message = describe_provider_event(event, person.language)
        _note(
            customer=person,
            kind=f"provider_{event.kind}",
            message=message,
            key=f"provider-event:{event.pk}:{person.pk}",
            order_id=event.data.get("order"),
        )


def _note(**values):
    Notification.objects.bulk_create([Notification(**values)], ignore_conflicts=True)
