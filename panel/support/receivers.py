"""Which events become notifications. Inside the event's transaction, so only rows are written."""

from django.dispatch import receiver

from orders.models import Order
from orders.refunding import EVENT as REFUNDED
from orders.signals import order_event
from panel.accounts.news import KINDS, wants_panel
from panel.lib.dates import format_number
from panel.lib.events import event_set_aside
from panel.support.models import Notification
from panel.support.staff_news import tell_staff
from panel.support.texts import (
    describe_order_event,
    describe_paused_gateway,
    describe_provider_event,
    describe_refused_send,
    describe_set_aside,
    describe_wallet_event,
    read_provider_values,
)
from panel.wallet.signals import wallet_event
from providers.signals import provider_event
from sms.signals import gateway_paused, send_refused


@receiver(order_event, dispatch_uid="support.order_event")
def note_order_end(event, **_signal):
    """Tell the customer in the panel how an order ended, or what staff gave back of it."""
    if event.kind not in (*Order.FINAL, REFUNDED):
        return
    order = Order.objects.select_related("customer", "service").get(pk=event.order_id)
    kind = f"order_{event.kind}"
    if wants_panel(order.customer_id, kind):
        _note(
            customer=order.customer,
            kind=kind,
            message=describe_order_event(order, event),
            key=f"order-event:{event.pk}",
            order_id=order.pk,
        )


@receiver(wallet_event, dispatch_uid="support.wallet_event")
def note_wallet_event(event, **_signal):
    """Tell the customer what came into or went out of the wallet, and all staff of what they have to look at."""
    key = f"wallet-event:{event.pk}"
    if KINDS[event.kind].staff:
        tell_staff(
            event.kind,
            key=key,
            describe=lambda language: describe_wallet_event(event, language),
            values=lambda language: _STAFF_VALUES[event.kind](event, language),
        )
    elif wants_panel(event.customer_id, event.kind):
        message = describe_wallet_event(event, event.customer.language)
        _note(customer=event.customer, kind=event.kind, message=message, key=key)


@receiver(provider_event, dispatch_uid="support.provider_event")
def note_provider_event(event, **_signal):
    """Tell all staff what needs them at a provider."""
    tell_staff(
        f"provider_{event.kind}",
        key=f"provider-event:{event.pk}",
        describe=lambda language: describe_provider_event(event, language),
        values=lambda language: read_provider_values(event, language),
        order_id=event.data.get("order"),
    )


@receiver(event_set_aside, dispatch_uid="support.event_set_aside")
def note_set_aside(event, **_signal):
    """Tell all staff of an event whose effects are missing."""
    tell_staff(
        "event_set_aside",
        key=f"set-aside:{event._meta.label_lower}:{event.pk}",
        describe=lambda language: describe_set_aside(event, language),
    )


@receiver(send_refused, dispatch_uid="support.send_refused")
def note_refused_send(send, code, **_signal):
    """Tell the customer that a scheduled SMS was not sent."""
    if wants_panel(send.customer_id, "sms_refused"):
        message = describe_refused_send(send, code)
        _note(customer=send.customer, kind="sms_refused", message=message, key=f"sms-refused:{send.pk}")


@receiver(gateway_paused, dispatch_uid="support.gateway_paused")
def note_paused_gateway(gateway, **_signal):
    """Tell all staff that an SMS gateway has something against our account."""
    values = {"gateway": gateway.name, "reason": gateway.pause_reason}
    tell_staff(
        "gateway_paused",
        key=f"gateway-paused:{gateway.pk}:{gateway.paused_until:%Y%m%d%H%M%S}",
        describe=lambda language: describe_paused_gateway(values, language),
        values=lambda language: values,
    )


def _read_payment(event, language):
    """The values of the SMS about a payment that staff have to look at."""
    amount = format_number(event.data.get("amount", 0), language)
    return {"payment": str(event.data["payment"]), "name": str(event.customer), "amount": amount}


def _read_stock(event, language):
    """The values of the SMS about a product of the shop that is nearly sold out."""
    return {"product": event.data["product"], "left": format_number(event.data["left"], language)}


_STAFF_VALUES = {"mismatch": _read_payment, "payment_unclear": _read_payment, "low_stock": _read_stock}


def _note(**values):
    Notification.objects.bulk_create([Notification(**values)], ignore_conflicts=True)
