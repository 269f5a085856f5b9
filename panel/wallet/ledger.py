"""The one function that moves money, and the wallets it moves it between.

Orders are charged by the placing statement (orders/placing_sql.py), which does the same in SQL; everything
else that changes a balance calls `transfer`.
"""

from django.db import IntegrityError, transaction
from django.db.models import F
from psycopg.types.numeric import Int8

from panel.lib.prepared import run_prepared
from panel.wallet.models import Account, Currency, Transfer

# Every page shows the balance.
_BALANCE = b"SELECT balance FROM wallet_account WHERE owner_id = $1 AND currency = $2 AND kind = 'wallet'"


class LedgerError(Exception):
    """Money was not moved; nothing has changed."""


class InsufficientFunds(LedgerError):
    """The account to take from holds less than the amount."""


class KeyReused(LedgerError):
    """The key already stands for a transfer with other accounts, amount or kind."""


class CurrencyMismatch(LedgerError):
    """The two accounts are of different currencies."""


def transfer(*, debit_id, credit_id, amount, kind, key, reference=""):
    """Move `amount` (whole, > 0) from account `debit_id` to `credit_id`, once for each `key`.

    The same key with the same input gives back the first transfer. Owned accounts are locked in id order.
    Raises InsufficientFunds, KeyReused, CurrencyMismatch, or ValueError for an amount that can't be moved.
    """
    if type(amount) is not int or amount <= 0:
        raise ValueError("a transfer moves a whole number above 0")
    if debit_id == credit_id:
        raise ValueError("a transfer needs two accounts")
    wanted = Transfer(
        debit_id=debit_id, credit_id=credit_id, amount=amount, kind=kind, key=key, reference=reference
    )
    try:
        with transaction.atomic():
            return _move(wanted)
    except IntegrityError as error:
        # Another transaction committed this key between our look and our insert: its row decides.
        first = _find(wanted)
        if first is None:
            raise LedgerError("the database refused the transfer") from error
        return first


def _find(wanted):
    first = Transfer.objects.filter(key=wanted.key).first()
    if first is None:
        return None
    same = ("debit_id", "credit_id", "amount", "kind")
    if any(getattr(first, name) != getattr(wanted, name) for name in same):
        raise KeyReused(f"key {wanted.key} stands for another transfer")
    return first


def _move(wanted):
    accounts = _lock_accounts(wanted.debit_id, wanted.credit_id)
    if first := _find(wanted):
        return first
    debit, credit = accounts[wanted.debit_id], accounts[wanted.credit_id]
    if debit.currency != credit.currency:
        raise CurrencyMismatch(f"{debit.currency} is not {credit.currency}")
    if debit.balance is not None:
        if debit.balance < wanted.amount:
            raise InsufficientFunds(f"account {debit.pk} holds less than {wanted.amount}")
        Account.objects.filter(pk=debit.pk).update(balance=F("balance") - wanted.amount)
    if credit.balance is not None:
        Account.objects.filter(pk=credit.pk).update(balance=F("balance") + wanted.amount)
    wanted.currency = debit.currency
    wanted.save(force_insert=True)
    return wanted


def _lock_accounts(*ids):
    """Both accounts by id, the owned ones locked; house rows never change, so a lock would only queue people."""
    owned = Account.objects.select_for_update().filter(pk__in=ids, balance__isnull=False).order_by("id")
    rows = {row.pk: row for row in owned}
    rows |= {row.pk: row for row in Account.objects.filter(pk__in=ids, balance=None)}
    if missing := set(ids) - rows.keys():
        raise LedgerError(f"no account {missing.pop()}")
    return rows


def open_wallet(customer_id, currency=Currency.TOMAN):
    """The customer's wallet in `currency`, made when there is none yet."""
    wallet, _ = Account.objects.get_or_create(
        owner_id=customer_id, currency=currency, kind=Account.Kind.WALLET, defaults={"balance": 0}
    )
    return wallet


def read_balance(customer_id, currency=Currency.TOMAN):
    """What the customer's wallet holds, in whole units of `currency`; 0 without a wallet."""
    rows = run_prepared(_BALANCE, (Int8(customer_id), str(currency)), savepoint=False)
    return rows[0][0] if rows else 0
