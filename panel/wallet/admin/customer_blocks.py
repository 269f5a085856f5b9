"""The customer's money at the top of their page in the admin: balances, the last transfers and payments."""

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import moment_column, show_number
from panel.admin_site.customer_page import (
    SHOWN_ROWS,
    BlockContent,
    CustomerBlock,
    add_customer_block,
    link_row,
    list_of,
)
from panel.wallet.models import Account, Payment, Transfer

created = moment_column("created", _("created"))


def _read_money(customer):
    accounts = list(Account.objects.filter(owner=customer).order_by("id"))
    wallets = [account for account in accounts if account.kind == Account.Kind.WALLET]
    facts = tuple((wallet.get_currency_display(), show_number(wallet.balance)) for wallet in wallets)
    rows = tuple(_show_transfer(row, sign) for row, sign in _list_newest([w.pk for w in wallets]))
    heads = (_("number"), _("kind"), _("amount"), _("created"))
    return BlockContent(facts, heads, rows, _("No money has moved here."))


def _list_newest(wallets):
    """The newest transfers of the wallets with +1 or -1 for their way, from the two indexes of owned accounts."""
    found = []
    for wallet in wallets:
        for side, sign in (("debit_id", -1), ("credit_id", 1)):
            rows = Transfer.objects.filter(**{side: wallet}).order_by("-id")[:SHOWN_ROWS]
            found += [(row, sign) for row in rows]
    return sorted(found, key=lambda pair: -pair[0].pk)[:SHOWN_ROWS]


def _show_transfer(row, sign):
    amount = format_html("{} {}", show_number(sign * row.amount), row.get_currency_display())
    return (link_row("admin:wallet_transfer_change", row), row.get_kind_display(), amount, created(row))


def _read_payments(customer):
    newest = Payment.objects.filter(customer=customer).order_by("-id")[:SHOWN_ROWS]
    rows = tuple(
        (
            link_row("admin:wallet_payment_change", row),
            show_number(row.amount),
            row.get_state_display(),
            created(row),
        )
        for row in newest
    )
    heads = (_("number"), _("toman"), _("state"), _("created"))
    return BlockContent(heads=heads, rows=rows, empty=_("They have started no payment."))


add_customer_block(
    CustomerBlock(
        title=_("Money"),
        place=30,
        permission="wallet.view_transfer",
        read=_read_money,
        all_url=list_of("admin:wallet_transfer_changelist"),
    )
)
add_customer_block(
    CustomerBlock(
        title=_("Payments"),
        place=50,
        permission="wallet.view_payment",
        read=_read_payments,
        all_url=list_of("admin:wallet_payment_changelist"),
    )
)
