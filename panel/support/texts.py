"""What is said in the panel, in the reader's language."""

from decimal import Decimal

from django.utils.translation import gettext, gettext_lazy, override

from panel.lib.dates import format_moment, format_number
from panel.wallet.models import Currency
from sms.texts import word_code

_WALLET_SENTENCES = {
    "adjusted": gettext_lazy("Dear %(name)s, your wallet was credited with %(amount)s toman."),
    "taken": gettext_lazy("Dear %(name)s, %(amount)s toman were taken from your wallet."),
    "adjusted_currency": gettext_lazy(
        "Dear %(name)s, your wallet was credited with %(amount)s (%(currency)s)."
    ),
    "taken_currency": gettext_lazy("Dear %(name)s, %(amount)s (%(currency)s) were taken from your wallet."),
    "paid": gettext_lazy("Dear %(name)s, your payment of %(amount)s toman is in your wallet."),
    "coupon": gettext_lazy("Dear %(name)s, your coupon gave your wallet %(amount)s toman."),
    "reward": gettext_lazy("Dear %(name)s, you won %(amount)s toman; they are in your wallet."),
    "referral": gettext_lazy(
        "Dear %(name)s, somebody you brought here paid: your share of %(amount)s toman is in your wallet."
    ),
    "bundle": gettext_lazy("Dear %(name)s, %(coins)s coins are in your wallet."),
    "campaign_available": gettext_lazy("Campaign %(campaign)s was approved and is shown from now on."),
    "campaign_pending": gettext_lazy("Campaign %(campaign)s waits for a review."),
    "campaign_rejected": gettext_lazy(
        "Campaign %(campaign)s was rejected; its budget is back in your wallet."
    ),
    "campaign_ended": gettext_lazy("Campaign %(campaign)s has ended with %(likes)s likes."),
    "campaign_unavailable": gettext_lazy(
        "The picture of campaign %(campaign)s is gone; what was left of its budget is back in your wallet."
    ),
    "low_stock": gettext_lazy("Only %(left)s codes of “%(product)s” are left in the shop. Import more."),
    "mismatch": gettext_lazy(
        "Payment %(payment)s of %(name)s (%(amount)s toman): the bank has another amount. Nothing was credited;"
        " look it up at the bank and settle it."
    ),
    "payment_unclear": gettext_lazy(
        "Payment %(payment)s of %(name)s (%(amount)s toman): the bank gave no clear answer for a long time. Look it"
        " up there, then ask again."
    ),
}


_NUMBERS = ("amount", "bonus", "coins", "likes", "left")


def describe_order_event(order, event):
    """The notification about an order that ended, or of whose charge staff gave something back."""
    language = order.customer.language
    with override(language):
        template = {
            "completed": gettext("Order %(id)s (%(service)s) is completed."),
            "partial": gettext("Order %(id)s (%(service)s) was done in part; %(refund)s toman came back."),
            "canceled": gettext("Order %(id)s (%(service)s) was canceled; %(refund)s toman came back."),
            "error": gettext("Order %(id)s (%(service)s) could not be done; %(refund)s toman came back."),
            "refunded": gettext("Order %(id)s (%(service)s): staff gave you %(amount)s toman back."),
        }[event.kind]
        return template % {
            "id": order.pk,
            "service": order.service.name,
            "refund": format_number(event.data.get("refund", 0), language),
            "amount": format_number(event.data.get("amount", 0), language),
        }


def describe_wallet_event(event, language):
    """The notification about a WalletEvent: for its customer, or for staff about a customer's payment."""
    with override(language):
        sentences = [_WALLET_SENTENCES[_name_wallet_event(event)]]
        if event.data.get("bonus"):
            sentences.append(gettext("Another %(bonus)s toman came on top of it."))
        if event.data.get("lost_coupon"):
            sentences.append(gettext("The coupon %(lost_coupon)s was used up meanwhile and gave nothing."))
        numbers = {name: format_number(abs(event.data.get(name, 0)), language) for name in _NUMBERS}
        names = {"name": str(event.customer), "currency": Currency(_read_currency(event)).label}
        return " ".join(str(sentence) for sentence in sentences) % (event.data | numbers | names)


def _name_wallet_event(event):
    if event.kind == "campaign":
        return f"campaign_{event.data['state']}"
    if event.kind != "adjusted":
        return event.kind
    name = "taken" if event.data["amount"] < 0 else "adjusted"
    return name if _read_currency(event) == Currency.TOMAN else f"{name}_currency"


def _read_currency(event):
    return event.data.get("currency", Currency.TOMAN)


def describe_set_aside(event, language):
    """The notification for staff about an event whose effects failed again and again."""
    with override(language):
        template = gettext(
            "The effects of %(event)s failed %(times)s times and were set aside. The log says why."
        )
        return template % {"event": f"{type(event).__name__} {event.pk}", "times": event.failures}


def describe_refused_send(send, code):
    """The notification about a scheduled SMS that was not sent, for a member of sms.gateway.codes."""
    language = send.customer.language
    with override(language):
        template = gettext("The SMS planned for %(time)s was not sent and not charged: %(reason)s")
        return template % {
            "time": format_moment(send.send_at, language),
            "reason": word_code(code, language),
        }


def describe_paused_gateway(values, language):
    """The notification for staff about an SMS gateway that was paused."""
    with override(language):
        template = gettext("SMS gateway %(gateway)s was paused: %(reason)s. Mend the account there.")
        return template % values


def describe_provider_event(event, language):
    """The notification for staff about a provider: what happened and what to do."""
    with override(language):
        template = {
            "paused": gettext(
                "Provider %(provider)s was paused: %(reason)s. Mend the account there, then resume it."
            ),
            "unclear": gettext("Order %(order)s at %(provider)s is unclear: look it up there and decide."),
            "late_acceptance": gettext(
                "%(provider)s took order %(order)s late, as %(upstream_id)s: it may be there twice. Look it up."
            ),
            "unknown_status": gettext(
                "%(provider)s tells “%(status)s” of order %(order)s, which nobody knows."
            ),
            "unreadable_remains": gettext(
                "%(provider)s ended order %(order)s in part without saying what remains."
            ),
            "link_held": gettext(
                "Unclear order %(order)s at %(provider)s keeps others waiting for its link: settle it, or let the"
                " next one go."
            ),
            "low_balance": gettext(
                "Our balance at %(provider)s is low: %(balance)s %(currency)s left. Top it up there."
            ),
            "list_shrank": gettext(
                "The list of %(provider)s lost more than half of its services and was not taken. Look there, then"
                " decide."
            ),
        }[event.kind]
        return template % read_provider_values(event, language)


def read_provider_values(event, language):
    """What the sentences about a provider's event are filled with, in notifications and in SMS."""
    blanks = dict.fromkeys(("reason", "order", "upstream_id", "status", "balance", "currency"), "")
    values = {name: str(value) for name, value in (blanks | event.data).items()}
    if values["balance"]:
        amount = Decimal(values["balance"])
        values["balance"] = format_number(int(amount) if amount == int(amount) else amount, language)
    return values | {"provider": event.provider.name}
