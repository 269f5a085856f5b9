"""The statement of a wallet or of a campaign's budget: every transfer with the balance it left."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, F, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from panel.dashboard.keyset import PAGE_SIZE, cut_page
from panel.wallet.models import Account, Currency, Transfer

_ORDER_KEY = re.compile(r"order:(\d+):")
_PAYMENT_KEY = re.compile(r"payment:(\d+)(?::|$)")
_CAMPAIGN_KEY = re.compile(r"campaign:(\d+):")
# Their references are ids that tell an owner nothing: of a like, of a product.
_BARE_KEYS = ("like:", "product-code:")
COLUMNS = ("id", "key", "kind", "reference", "created", "moved", "held")


@dataclass(frozen=True, slots=True)
class Entry:
    """One transfer as the account's owner sees it: `moved` and the `balance` after it in the account's currency."""

    id: int
    kind: str
    label: str
    order_id: int | None
    payment_id: int | None
    campaign_id: int | None
    note: str
    created: datetime
    moved: int
    balance: int


def read_statement(customer_id, before=None, size=PAGE_SIZE, currency=Currency.TOMAN):
    """The Page of Entry of the customer's wallet in that currency."""
    wallet = Account.objects.filter(owner_id=customer_id, currency=currency, kind=Account.Kind.WALLET).first()
    return read_account(wallet, before, size)


def read_account(account, before=None, size=PAGE_SIZE):
    """A Page of Entry of an owned account, newest first; empty for None.

    One query, so balance and transfers are of the same moment.
    """
    if account is None:
        return cut_page([], before is None, size)
    spent = _side("debit_id", account.pk, -F("amount"), before)[: size + 1]
    gained = _side("credit_id", account.pk, F("amount"), before)[: size + 1]
    rows = list(spent.union(gained, all=True).order_by("-id")[: size + 1])
    return cut_page(_add_balances(rows), before is None, size, cursor=lambda entry: entry.id)


def _side(column, account_id, moved, before):
    """The account's transfers on one side; `held` is its balance when those from `before` on are undone."""
    rows = Transfer.objects.filter(**{column: account_id}).order_by("-id")
    held = Subquery(Account.objects.filter(pk=account_id).values("balance"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
        held = held - _sum_since("credit_id", account_id, before) + _sum_since("debit_id", account_id, before)
    return rows.annotate(moved=moved, held=held).values(*COLUMNS)


def _sum_since(column, account_id, before):
    """What is on one side of the account in transfers from `before` on: what newer pages show."""
    newer = Transfer.objects.filter(**{column: account_id}, pk__gte=before).order_by().values(column)
    total = newer.annotate(total=Sum("amount", output_field=BigIntegerField())).values("total")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), Value(0), output_field=BigIntegerField())


def _add_balances(rows):
    entries, balance = [], rows[0]["held"] if rows else 0
    for row in rows:
        order, payment = _ORDER_KEY.match(row["key"]), _PAYMENT_KEY.match(row["key"])
        campaign = _CAMPAIGN_KEY.match(row["key"])
        entries.append(
            Entry(
                id=row["id"],
                kind=row["kind"],
                label=Transfer.Kind(row["kind"]).label,
                order_id=int(order[1]) if order else None,
                payment_id=int(payment[1]) if payment else None,
                campaign_id=int(campaign[1]) if campaign else None,
                note=_choose_note(row, order or campaign, payment),
                created=row["created"],
                moved=row["moved"],
                balance=balance,
            )
        )
        balance -= row["moved"]
    return entries


def _choose_note(row, order, payment):
    """What the transfer's reference tells its owner: nothing where it only names again what the key names."""
    named = order or (payment and row["reference"] == payment[1]) or row["key"].startswith(_BARE_KEYS)
    return "" if named else row["reference"]
