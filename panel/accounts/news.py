"""What people are told of, in the panel and by SMS, and what each of them wants to hear.

Codes are no news: they are always sent.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from panel.accounts.models import Customer, NewsChoice

CHANNELS = ("panel", "sms")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of news; `panel` and `sms` hold for whoever chose nothing else.

    One with `staff` is told to staff alone, and one without `may_choose` as its defaults say.
    """

    name: str
    label: Any
    panel: bool = True
    sms: bool = False
    staff: bool = False
    may_choose: bool = True


KINDS = {
    kind.name: kind
    for kind in (
        Kind("order_completed", _("Order completed"), sms=True),
        Kind("order_partial", _("Order done in part"), sms=True),
        Kind("order_canceled", _("Order canceled"), sms=True),
        Kind("order_error", _("Order that could not be done"), sms=True),
        Kind("order_refunded", _("Refund by staff"), sms=True),
        Kind("paid", _("Payment received"), sms=True),
        Kind("adjusted", _("Credit or debit by staff")),
        Kind("coupon", _("Credit by a coupon")),
        Kind("reward", _("Free credit won")),
        Kind("referral", _("Share of a referral's payment")),
        Kind("campaign", _("Campaign approved or ended")),
        Kind("bundle", _("Coins bought")),
        Kind("ticket_answered", _("Ticket answered"), sms=True),
        Kind("new_login", _("Login from a new place"), may_choose=False),
        Kind("sms_refused", _("Scheduled SMS not sent")),
        Kind("ticket_waiting", _("Ticket waiting for staff"), staff=True),
        Kind("low_stock", _("Few codes left in the shop"), staff=True),
        Kind("mismatch", _("Payment of another amount"), staff=True),
        Kind("payment_unclear", _("Payment without a clear answer"), staff=True),
        Kind("provider_low_balance", _("Low balance at a provider"), sms=True, staff=True),
        Kind("provider_paused", _("Provider paused"), staff=True),
        Kind("provider_unclear", _("Unclear order"), staff=True),
        Kind("provider_late_acceptance", _("Order taken late"), staff=True),
        Kind("provider_unknown_status", _("Status nobody knows"), staff=True),
        Kind("provider_unreadable_remains", _("Partial order without remains"), staff=True),
        Kind("provider_link_held", _("Orders waiting for a link"), staff=True),
        Kind("provider_list_shrank", _("List of services not taken"), staff=True),
        Kind("gateway_paused", _("SMS gateway paused"), staff=True),
        Kind("event_set_aside", _("Event set aside"), staff=True, may_choose=False),
    )
}


@dataclass(frozen=True, slots=True)
class Choice:
    """By which channels a customer hears of a kind of news, by choice or by default."""

    kind: Kind
    panel: bool
    sms: bool


def list_choices(customer):
    """A Choice for each kind that is told to the customer and can be chosen, in the order of KINDS."""
    rows = {row.event: row for row in NewsChoice.objects.filter(customer=customer)}
    chosen = ((kind, rows.get(kind.name, kind)) for kind in _list_kinds(customer))
    return [Choice(kind, row.panel, row.sms) for kind, row in chosen]


def save_choices(customer, *, panel, sms):
    """From now on tell the customer in the panel of the kinds named in `panel`, by SMS of those in `sms`.

    Of all other kinds that can be chosen not at all; names that are none are passed by.
    """
    rows = [
        NewsChoice(customer=customer, event=kind.name, panel=kind.name in panel, sms=kind.name in sms)
        for kind in _list_kinds(customer)
    ]
    NewsChoice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["customer", "event"], update_fields=CHANNELS
    )


def wants_panel(customer_id, kind):
    """Whether the customer wants to be told in the panel of that kind (its name); one look by an index."""
    return _wants(customer_id, kind, "panel")


def wants_sms(customer_id, kind):
    """Whether the customer wants an SMS of that kind (its name); one look by an index."""
    return _wants(customer_id, kind, "sms")


def list_staff(kind, channel):
    """The active staff that want to hear of that kind by that one of CHANNELS, in one statement."""
    staff = Customer.objects.filter(is_staff=True, is_active=True).order_by("pk")
    default = getattr(KINDS[kind], channel)
    if not KINDS[kind].may_choose:
        return staff if default else staff.none()
    others = NewsChoice.objects.filter(event=kind, **{channel: not default}).values("customer")
    return staff.exclude(pk__in=others) if default else staff.filter(pk__in=others)


def _list_kinds(customer):
    return [kind for kind in KINDS.values() if kind.may_choose and (customer.is_staff or not kind.staff)]


def _wants(customer_id, name, channel):
    kind = KINDS[name]
    if not kind.may_choose:
        return getattr(kind, channel)
    rows = NewsChoice.objects.filter(customer=customer_id, event=name)
    chosen = rows.values_list(channel, flat=True).first()
    return getattr(kind, channel) if chosen is None else chosen
