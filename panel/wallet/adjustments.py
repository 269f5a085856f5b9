"""Operators' credits and debits by hand."""

import re

from django.db import transaction

from panel.accounts.models import Customer
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account, Currency, Transfer, WalletEvent

SHORTEST_NAME = 3


def names_customer(customer_id, reason):
    """Whether a reason has the customer's name, username, mobile or email in it; what has under 3 letters is none."""
    customer = Customer.objects.get(pk=customer_id)
    told = (customer.first_name, customer.last_name, customer.username, customer.email)
    words = "|".join(re.escape(word.casefold()) for word in told if len(word or "") >= SHORTEST_NAME)
    digits = (customer.mobile or "").removeprefix("+98")
    named = bool(words) and re.search(rf"(?<!\w)({words})(?!\w)", reason.casefold()) is not None
    return named or (bool(digits) and digits in reason)


def adjust_wallet(*, customer_id, amount, reason, key, currency=Currency.TOMAN):
    """Credit (`amount` > 0) or debit (`amount` < 0) a wallet by hand and tell the customer, once for each `key`.

    Raises the ledger's errors, and ValueError for amount 0 or an empty reason.
    """
    if not reason.strip():
        raise ValueError("a manual adjustment needs a reason")
    if names_customer(customer_id, reason):
        raise ValueError("transfers are kept for ever: a reason names nobody")
    house = house_id(Account.Kind.ADJUSTMENTS, currency)
    with transaction.atomic():
        wallet = open_wallet(customer_id, currency).pk
        debit, credit = (house, wallet) if amount > 0 else (wallet, house)
        # Locked before the look: the same key at the same moment waits here, and then finds what was done.
        Account.objects.select_for_update().get(pk=wallet)
        told = Transfer.objects.filter(key=key).exists()
        row = transfer(
            debit_id=debit,
            credit_id=credit,
            amount=abs(amount),
            kind=Transfer.Kind.ADJUSTMENT,
            key=key,
            reference=reason[:128],
        )
        if not told:
            data = {"amount": amount, "currency": str(currency), "transfer": row.pk}
            WalletEvent.objects.create(customer_id=customer_id, kind="adjusted", data=data)
    return row
