"""Which events become notifications. Inside the event's transaction, so only rows are written."""

from django.dispatch import receiver

from orders.models import Order
from orders.signals import order_event
from panel.accounts.models import Customer
from panel.lib.events import event_set_aside
from panel.support.models import Notification
from panel.support.texts import (
    describe_order_end,
    describe_provider_event,
    describe_set_aside,
    describe_wallet_event,
)
from panel.wallet.signals import wallet_event
from providers.signals import provider_event
from sms.outbox import queue_message

ALERTS = ("low_balance",)
STAFF_WALLET_KINDS = ("mismatch", "payment_unclear")


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
def note_wallet_event(event, **_signal):
    """Tell the customer what came into or went out of the wallet, and all staff of what they have to look at."""
    key = f"wallet-event:{event.pk}"
    if event.kind not in STAFF_WALLET_KINDS:
        message = describe_wallet_event(event, event.customer.language)
        _note(customer=event.customer, kind=event.kind, message=message, key=key)
        return
    for person in _staff():
        message = describe_wallet_event(event, person.language)
        _note(customer=person, kind=event.kind, message=message, key=f"{key}:{person.pk}")


@receiver(provider_event, dispatch_uid="support.provider_event")
def note_provider_event(event, **_signal):
    """Tell all staff what needs them at a provider."""
    for person in _staff():
        _note(
            customer=person,
            kind=f"provider_{event.kind}",
            message=describe_provider_event(event, person.language),
            key=f"provider-event:{event.pk}:{person.pk}",
            order_id=event.data.get("order"),
        )


@receiver(provider_event, dispatch_uid="support.provider_alert")
def queue_provider_alert(event, **_signal):
    """Tell staff by SMS as well what can't wait until they look into the panel."""
    if event.kind not in ALERTS:
        return
    for person in _staff().exclude(mobile=None).exclude(mobile=""):
        queue_message(
            key=f"provider-event:{event.pk}:{person.pk}",
            kind=f"provider_{event.kind}",
            to=person.mobile,
            text=describe_provider_event(event, person.language),
            customer_id=person.pk,
        )


@receiver(event_set_aside, dispatch_uid="support.event_set_aside")
def note_set_aside(event, **_signal):
    """Tell all staff of an event whose effects are missing."""
    for person in _staff():
        _note(
            customer=person,
            kind="event_set_aside",
            message=describe_set_aside(event, person.language),
            key=f"set-aside:{event._meta.label_lower}:{event.pk}:{person.pk}",
        )


def _staff():
    return Customer.objects.filter(is_staff=True, is_active=True)


def _note(**values):
    Notification.objects.bulk_create([Notification(**values)], ignore_conflicts=True)
