"""Where what a notification is about can be looked at, told from its kind, its order and the event it was made by."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from panel.lib.dates import read_digits
from panel.support.models import TicketMessage
from panel.wallet.models import WalletEvent
from providers.models import ProviderEvent

# Kinds that are about a page as a whole.
PAGES = {
    "new_login": (_("Security"), "dashboard:security"),
    "adjusted": (_("Wallet"), "dashboard:wallet"),
    "coupon": (_("Wallet"), "dashboard:wallet"),
    "reward": (_("Rewards"), "dashboard:rewards"),
    "referral": (_("Referrals"), "dashboard:referrals"),
    "bundle": (_("Coins"), "dashboard:coins"),
    "low_stock": (_("Shop"), "admin:campaigns_product_changelist"),
}
# Kinds about one thing: its word, its page, and which detail of the wallet's event is its id.
THINGS = {
    "paid": (_("Payment"), "dashboard:payment", "payment"),
    "mismatch": (_("Payment"), "admin:wallet_payment_change", "payment"),
    "payment_unclear": (_("Payment"), "admin:wallet_payment_change", "payment"),
    "campaign": (_("Campaign"), "dashboard:campaign", "campaign"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A page to look at: its word, its address, and the number of the thing where it has one."""

    label: Any
    url: str
    number: int | None = None


def add_targets(rows, viewer):
    """Give each of the Notifications `rows` of the Customer `viewer` a `target`, None where there is no page.

    Pages of the admin are for staff alone. At most three queries, however many rows there are.
    """
    sources = _read_sources(rows)
    for row in rows:
        target = _find_target(row, viewer, sources)
        closed = target is not None and target.url.startswith(reverse("admin:index")) and not viewer.is_staff
        row.target = None if closed else target


def _read_sources(rows):
    """What has to be looked up: `{first part of a key: {id: values}}`."""
    wanted = {}
    for row in rows:
        name, number = _read_key(row)
        wanted.setdefault(name, set()).add(number)
    sources = (
        ("ticket-message", TicketMessage, ("ticket_id", "ticket__customer_id")),
        ("wallet-event", WalletEvent, ("data",)),
        ("provider-event", ProviderEvent, ("provider_id",)),
    )
    return {
        name: {
            pk: values for pk, *values in model.objects.filter(pk__in=wanted[name]).values_list("pk", *fields)
        }
        for name, model, fields in sources
        if name in wanted
    }


def _read_key(row):
    """`(what the notification was made by, its id)`, as in the key `ticket-message:7:12`."""
    name, _colon, rest = row.key.partition(":")
    return name, read_digits(rest.partition(":")[0])


def _find_target(row, viewer, sources):
    name, number = _read_key(row)
    found = sources.get(name, {}).get(number)
    if row.order_id:
        own = row.kind.startswith("order_")
        return _link(_("Order"), "dashboard:order" if own else "admin:orders_order_change", row.order_id)
    if row.kind in PAGES:
        label, page = PAGES[row.kind]
        return Target(label, reverse(page))
    if row.kind in THINGS and found:
        label, page, detail = THINGS[row.kind]
        return _link(label, page, found[0].get(detail))
    if row.kind == "ticket":
        ticket_id, owner_id = found or (number if name == "ticket" else None, None)
        own = owner_id == viewer.pk
        return _link(_("Ticket"), "dashboard:ticket" if own else "admin:support_ticket_change", ticket_id)
    if row.kind == "sms_refused":
        return _link(_("SMS"), "dashboard:sms_send_page", number)
    if row.kind == "gateway_paused":
        return _link(_("SMS gateway"), "admin:sms_gateway_change", number)
    return (
        _link(_("Provider"), "admin:providers_provider_change", found[0])
        if name == "provider-event" and found
        else None
    )


def _link(label, page, number):
    return Target(label, reverse(page, args=[number]), number) if number else None
