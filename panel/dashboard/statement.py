"""The wallet's statement: every transfer with the balance it left."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, F, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from panel.dashboard.keyset import PAGE_SIZE, cut_page
from panel.wallet.models import Account, Currency, Transfer

_ORDER_KEY = re.compile(r"order:(\d+):")
_PAYMENT_KEY = re.compile(r"payment:(\d+)(?::|$)")
COLUMNS = ("id", "key", "kind", "reference", "created", "moved", "held")


@dataclass(frozen=True, slots=True)
class Entry:
    """One transfer as the wallet's owner sees it: `moved` and the `balance` after it in toman."""

    id: int
    kind: str
    label: str
    order_id: int | None
    payment_id: int | None
    note: str
    created: datetime
    moved: int
    balance: int


def read_statement(customer_id, before=None, size=PAGE_SIZE):
    """A Page of Entry, newest first. One query, so balance and transfers are of the same moment."""
    wallet = Account.objects.filter(
        owner_id=customer_id, currency=Currency.TOMAN, kind=Account.Kind.WALLET
    ).first()
    if wallet is None:
        return cut_page([], before is None, size)
    spent = _side("debit_id", wallet.pk, -F("amount"), before)[: size + 1]
    gained = _side("credit_id", wallet.pk, F("amount"), before)[: size + 1]
    rows = list(spent.union(gained, all=True).order_by("-id")[: size + 1])
    return cut_page(_add_balances(rows), before is None, size, cursor=lambda entry: entry.id)


def _side(column, wallet_id, moved, before):
    """The wallet's transfers on one side; `held` is its balance when those from `before` on are undone."""
    rows = Transfer.objects.filter(**{column: wallet_id}).order_by("-id")
    held = Subquery(Account.objects.filter(pk=wallet_id).values("balance"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
        held = held - _sum_since("credit_id", wallet_id, before) + _sum_since("debit_id", wallet_id, before)
    return rows.annotate(moved=moved, held=held).values(*COLUMNS)


def _sum_since(column, wallet_id, before):
    """Toman on one side of the wallet in transfers from `before` on: what newer pages show."""
    newer = Transfer.objects.filter(**{column: wallet_id}, pk__gte=before).order_by().values(column)
    total = newer.annotate(total=Sum("amount", output_field=BigIntegerField())).values("total")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), Value(0), output_field=BigIntegerField())


def _add_balances(rows):
    entries, balance = [], rows[0]["held"] if rows else 0
    for row in rows:
        order, payment = _ORDER_KEY.match(row["key"]), _PAYMENT_KEY.match(row["key"])
        entries.append(
            Entry(
                id=row["id"],
                kind=row["kind"],
                label=Transfer.Kind(row["kind"]).label,
                order_id=int(order[1]) if order else None,
                payment_id=int(payment[1]) if payment else None,
                note=_choose_note(row, order, payment),
                created=row["created"],
                moved=row["moved"],
                balance=balance,
            )
        )
        balance -= row["moved"]
    return entries


def _choose_note(row, order, payment):
    """What the transfer's reference tells its owner: nothing where it only names the order or the payment again."""
    named = order or (payment and row["reference"] == payment[1])
    return "" if named else row["reference"]
