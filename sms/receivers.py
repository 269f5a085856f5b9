"""Which events become messages to customers. Inside the event's transaction, so only rows are written."""

from django.dispatch import receiver
from django.utils.translation import override

from orders.models import Order
from orders.refunding import EVENT as REFUNDED
from orders.signals import order_event
from panel.accounts.news import KINDS
from panel.lib.dates import format_moment, format_number
from panel.wallet.models import Currency
from panel.wallet.signals import wallet_event
from sms.outbox import queue_news
from sms.signals import send_refused
from sms.texts import word_code


@receiver(order_event, dispatch_uid="sms.order_event")
def queue_order_message(event, **_signal):
    """Tell the customer by SMS how an order ended, or what staff gave back of it."""
    if event.kind not in (*Order.FINAL, REFUNDED):
        return
    order = Order.objects.select_related("customer").get(pk=event.order_id)
    name = "amount" if event.kind == REFUNDED else "refund"
    number = format_number(event.data.get(name, 0), order.customer.language)
    queue_news(
        customer=order.customer,
        kind=f"order_{event.kind}",
        values={"id": str(order.pk), name: number},
        key=f"order-event:{event.pk}",
        trace=order.trace,
    )


@receiver(wallet_event, dispatch_uid="sms.wallet_event")
def queue_wallet_message(event, **_signal):
    """Tell the customer by SMS what came into the wallet or was taken from it."""
    if KINDS[event.kind].staff:
        return
    language = event.customer.language
    numbers = {name: event.data.get(name, 0) for name in ("amount", "bonus", "coins", "likes")}
    with override(language):
        currency = str(Currency(event.data.get("currency", Currency.TOMAN)).label)
    queue_news(
        customer=event.customer,
        kind=event.kind,
        event=_name_text(event.kind, event.data),
        values={name: format_number(abs(number), language) for name, number in numbers.items()}
        | {"currency": currency, "campaign": str(event.data.get("campaign", ""))},
        key=f"wallet-event:{event.pk}",
    )


@receiver(send_refused, dispatch_uid="sms.send_refused")
def queue_refusal_message(send, code, **_signal):
    """Tell the customer by SMS that a scheduled send was not made."""
    language = send.customer.language
    queue_news(
        customer=send.customer,
        kind="sms_refused",
        values={"time": format_moment(send.send_at, language), "reason": word_code(code, language)},
        key=f"sms-refused:{send.pk}",
    )


def _name_text(kind, data):
    if kind == "campaign":
        return f"campaign_{data['state']}"
    if kind == "paid" and data.get("bonus"):
        return "paid_bonus"
    return "taken" if kind == "adjusted" and data["amount"] < 0 else kind
