"""What of the book is about a person: it keeps amounts for ever, and no words about anybody."""

from django.utils.translation import gettext as _

from panel.lib.dates import format_number
from panel.lib.language import page_language
from panel.lib.personal import Personal, add_impersonal, add_obstacle, add_personal
from panel.wallet.models import Account, Payment
from panel.wallet.payments.recording import OPEN

PARTS = (
    Personal("wallet.Account", owners=("owner",), exported=("currency", "kind", "balance")),
    Personal(
        "wallet.Transfer",
        owners=("debit__owner", "credit__owner"),
        kept=(
            "key",
            "reference",
        ),  # numbers of ours and of the bank; panel/wallet/adjustments.py takes no names
        exported=("debit", "credit", "amount", "currency", "kind", "reference", "created"),
    ),
    Personal(
        "wallet.Payment",
        owners=("customer",),
        wiped={"card": "", "reason": ""},
        kept=("gateway", "authority", "channel", "reference"),  # with these the bank finds it
        exported=("gateway", "amount", "bonus", "state", "reference", "card", "created", "paid_at"),
    ),
    Personal("wallet.CouponUse", owners=("customer",), exported=("coupon__code", "amount", "created")),
    Personal("wallet.WalletEvent", owners=("customer",), wiped={"data": {}}, kept=("kind",)),
)


def _find_money(customer_id):
    for account in Account.objects.filter(owner=customer_id, balance__gt=0, kind=Account.Kind.WALLET):
        amount = format_number(account.balance, page_language())
        words = _("In the wallet: %(amount)s %(currency)s. Spend it, or ask for it back in a ticket.")
        yield words % {"amount": amount, "currency": account.get_currency_display()}
    waiting = Payment.objects.filter(customer=customer_id, state__in=[Payment.State.NEW, *OPEN])
    if waiting.exclude(next_ask_at=None).exists() or waiting.filter(state=Payment.State.PENDING).exists():
        yield _("A payment waits for the bank's answer: wait until it is settled.")
    if Payment.objects.filter(customer=customer_id, state=Payment.State.MISMATCH, reference="").exists():
        yield _("A payment of another amount waits to be settled by staff.")


def add_parts():
    """Called once, when the application is ready."""
    add_personal(*PARTS)
    add_obstacle(_find_money)
    add_impersonal("written by staff for everybody", "wallet.Coupon", "wallet.BonusStep")
    add_impersonal("sums", "wallet.MoneyDay", "wallet.AccountMark", "wallet.HouseDay", "wallet.LedgerAudit")
