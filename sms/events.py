"""What is said by SMS, and of what: each event with its text and the variables that the text may name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a text is sent about; `variables` have sample values, `required` ones no text leaves out."""

    name: str
    label: Any
    text: Any
    variables: Mapping[str, str]
    required: tuple[str, ...] = ()


_CODE = {"code": "482913"}
_ORDER = {"id": "8412"}
_REFUND = _ORDER | {"refund": "12,500"}
_MONEY = {"amount": "150,000"}
_MOVED = _MONEY | {"currency": _("toman")}
_PAYMENT = _MONEY | {"payment": "731", "name": "Sara Ahmadi"}
_TICKET = {"id": "57", "subject": "Order 8412"}
_CAMPAIGN = {"campaign": "2422", "likes": "1,500"}
_PROVIDER = {"provider": "Example"}
_UPSTREAM = _PROVIDER | {"order": "8412"}

EVENTS = {
    event.name: event
    for event in (
        Event("code_login", _("Login code"), _("Your login code: {code}"), _CODE, ("code",)),
        Event(
            "code_mobile",
            _("Code for a new mobile number"),
            _("The code for your new mobile number: {code}"),
            _CODE,
            ("code",),
        ),
        Event("order_completed", _("Order completed"), _("Your order {id} is completed."), _ORDER),
        Event(
            "order_partial",
            _("Order done in part"),
            _("Your order {id} was done in part. {refund} toman are back in your wallet."),
            _REFUND,
        ),
        Event(
            "order_canceled",
            _("Order canceled"),
            _("Your order {id} was canceled. {refund} toman are back in your wallet."),
            _REFUND,
        ),
        Event(
            "order_error",
            _("Order that could not be done"),
            _("Your order {id} could not be done. {refund} toman are back in your wallet."),
            _REFUND,
        ),
        Event(
            "order_refunded",
            _("Refund by staff"),
            _("{amount} toman of your order {id} are back in your wallet."),
            _ORDER | _MONEY,
        ),
        Event(
            "paid",
            _("Payment received"),
            _("Your payment of {amount} toman is in your wallet."),
            _MONEY,
        ),
        Event(
            "paid_bonus",
            _("Payment received, with a bonus"),
            _("Your payment of {amount} toman is in your wallet, with {bonus} toman on top."),
            _MONEY | {"bonus": "7,500"},
        ),
        Event("adjusted", _("Credit by staff"), _("{amount} {currency} were put into your wallet."), _MOVED),
        Event("taken", _("Debit by staff"), _("{amount} {currency} were taken from your wallet."), _MOVED),
        Event("coupon", _("Credit by a coupon"), _("Your coupon gave you {amount} toman."), _MONEY),
        Event("reward", _("Free credit won"), _("You won {amount} toman."), _MONEY),
        Event(
            "referral",
            _("Share of a referral's payment"),
            _("Somebody you brought here paid; your share is {amount} toman."),
            _MONEY,
        ),
        Event("bundle", _("Coins bought"), _("{coins} coins are in your wallet."), {"coins": "1,200"}),
        Event(
            "campaign_available",
            _("Campaign approved"),
            _("Your campaign {campaign} was approved and is shown from now on."),
            _CAMPAIGN,
        ),
        Event(
            "campaign_pending",
            _("Campaign waits for a review"),
            _("Your campaign {campaign} waits for a review."),
            _CAMPAIGN,
        ),
        Event(
            "campaign_rejected",
            _("Campaign rejected"),
            _("Your campaign {campaign} was rejected; its budget is back in your wallet."),
            _CAMPAIGN,
        ),
        Event(
            "campaign_ended",
            _("Campaign ended"),
            _("Your campaign {campaign} has ended with {likes} likes."),
            _CAMPAIGN,
        ),
        Event(
            "campaign_unavailable",
            _("Picture of a campaign gone"),
            _(
                "The picture of your campaign {campaign} is gone; the rest of its budget is back in your wallet."
            ),
            _CAMPAIGN,
        ),
        Event(
            "ticket_answered",
            _("Ticket answered"),
            _("“{subject}” was answered; look in the panel."),
            _TICKET,
        ),
        Event(
            "sms_refused",
            _("Scheduled SMS not sent"),
            _("Your SMS planned for {time} was not sent: {reason}"),
            {"time": "2026/05/21 09:00", "reason": _("not enough credit")},
        ),
        Event(
            "ticket_waiting",
            _("Ticket waiting for staff"),
            _("Ticket {id} waits for an answer: {subject}"),
            _TICKET,
        ),
        Event(
            "low_stock",
            _("Few codes left in the shop"),
            _("Only {left} codes of {product} are left in the shop."),
            {"product": "Example", "left": "4"},
        ),
        Event(
            "mismatch",
            _("Payment of another amount"),
            _("Payment {payment} of {name} ({amount} toman): the bank has another amount. Look it up there."),
            _PAYMENT,
        ),
        Event(
            "payment_unclear",
            _("Payment without a clear answer"),
            _("Payment {payment} of {name} ({amount} toman): the bank gave no clear answer."),
            _PAYMENT,
        ),
        Event(
            "provider_low_balance",
            _("Low balance at a provider"),
            _("Our balance at {provider} is low: {balance} {currency} left. Top it up there."),
            _PROVIDER | {"balance": "12.40", "currency": "USD"},
        ),
        Event(
            "provider_paused",
            _("Provider paused"),
            _("Provider {provider} was paused: {reason}"),
            _PROVIDER | {"reason": "Invalid API key"},
        ),
        Event(
            "provider_unclear",
            _("Unclear order"),
            _("Order {order} at {provider} is unclear: look it up there and decide."),
            _UPSTREAM,
        ),
        Event(
            "provider_late_acceptance",
            _("Order taken late"),
            _("{provider} took order {order} late, as {upstream_id}: it may be there twice."),
            _UPSTREAM | {"upstream_id": "991203"},
        ),
        Event(
            "provider_unknown_status",
            _("Status nobody knows"),
            _("{provider} tells “{status}” of order {order}, which nobody knows."),
            _UPSTREAM | {"status": "Halted"},
        ),
        Event(
            "provider_unreadable_remains",
            _("Partial order without remains"),
            _("{provider} ended order {order} in part without saying what remains."),
            _UPSTREAM,
        ),
        Event(
            "provider_link_held",
            _("Orders waiting for a link"),
            _("Unclear order {order} at {provider} keeps others waiting for its link."),
            _UPSTREAM,
        ),
        Event(
            "provider_list_shrank",
            _("List of services not taken"),
            _("The list of {provider} lost more than half of its services and was not taken."),
            _PROVIDER,
        ),
        Event(
            "gateway_paused",
            _("SMS gateway paused"),
            _("SMS gateway {gateway} was paused: {reason}"),
            {"gateway": "Example", "reason": "Invalid token"},
        ),
    )
}
