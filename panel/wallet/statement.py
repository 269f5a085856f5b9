"""The statement of an owned account: every transfer with the balance it left, from any day on.

Whatever an account has been through, a page costs the same: transfers are found by indexes, and balances by the
marks (AccountMark) that a trigger sets. Transfers of an account go by their ids: whoever moves money locks it first.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db import connection
from django.db.models import F

from panel.wallet.models import FIRST_OWNED_ID, Account, Currency, Transfer

_NAMED = re.compile(r"(order|payment|campaign|sms):(\d+)(?::|$)")
# Their references are ids that tell an owner nothing: of a like, of a product.
_BARE_KEYS = ("like:", "product-code:")
_LAST = 2**63 - 1  # no transfer has a higher id
COLUMNS = ("id", "key", "kind", "reference", "created", "moved")
_HELD = """
WITH base AS (
    SELECT id, balance - all_of_it.gained + all_of_it.spent AS start
    FROM wallet_account, wallet_totals(id, %s) all_of_it WHERE id = %s
)
SELECT one, start + gained - spent FROM base, unnest(%s::bigint[]) one, wallet_totals(base.id, one)
"""
_MOVED = """
SELECT until.gained - before.gained, until.spent - before.spent
FROM wallet_totals(%s, %s) until, wallet_totals(%s, %s) before
"""
_MOVED_UNTIL = """
SELECT totals.gained, totals.spent
FROM unnest(%s::timestamptz[]) WITH ORDINALITY asked(moment, place),
    wallet_totals(%s, coalesce(wallet_last_before(%s, moment), %s)) totals
ORDER BY place
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One transfer as the account's owner sees it: `moved` and the `balance` after it in the account's currency.

    `topic` and `topic_id` name what it was for: an order, payment, campaign or SMS send; "" and None for others.
    """

    id: int
    kind: str
    topic: str
    topic_id: int | None
    note: str
    created: datetime
    moved: int
    balance: int

    @property
    def label(self):
        """Its kind in words."""
        return Transfer.Kind(self.kind).label


@dataclass(frozen=True, slots=True)
class Span:
    """The transfers with ids above `after`, up to and including `upto` (None: whatever comes)."""

    after: int = 0
    upto: int | None = None


EVERYTHING = Span()
AT_ONCE = 1_000


def find_wallet(customer_id, currency=Currency.TOMAN):
    """The customer's wallet in that currency, or None."""
    return Account.objects.filter(owner_id=customer_id, currency=currency, kind=Account.Kind.WALLET).first()


def find_span(account, since=None, until=None):
    """The Span of the account's transfers from the moment `since` on and before the moment `until`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wallet_last_before(%s, %s::timestamptz), wallet_last_before(%s, %s::timestamptz)",
            [account.pk, since, account.pk, until],
        )
        after, upto = cursor.fetchone()
    return Span(0 if since is None else after, None if until is None else upto)


def read_entries(account, span=EVERYTHING, kind="", before=None, size=25):
    """The newest `size` Entry of the account within the Span, of that kind if one is given, below the id `before`."""
    spent = _side("debit_id", account.pk, -F("amount"), span, kind, before)[:size]
    gained = _side("credit_id", account.pk, F("amount"), span, kind, before)[:size]
    rows = list(spent.union(gained, all=True).order_by("-id")[:size])
    if kind:  # what lies between them is left out, so each is looked up
        held = read_balances(account, [row["id"] for row in rows])
        return [_make_entry(row, held[row["id"]]) for row in rows]
    return _run_down(rows, read_balances(account, [row["id"] for row in rows[:1]]))


def list_all(account, span=EVERYTHING, kind=""):
    """Every Entry of the Span, newest first, read a thousand at a time."""
    before = None
    while entries := read_entries(account, span, kind, before, AT_ONCE):
        yield from entries
        before = entries[-1].id


def read_balances(account, ids):
    """What the account held after each of those transfers, by id; id 0 is before its first."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [_LAST, account.pk, list(ids)])
        return dict(cursor.fetchall())


def sum_moved(account, span):
    """What the account gained and what it spent within the Span."""
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVED, [account.pk, _LAST if span.upto is None else span.upto, account.pk, span.after]
        )
        return cursor.fetchone()


def sum_between(account, moments):
    """The same between each two neighbours of `moments`, as a list; the last moment may be None, the end of all."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVED_UNTIL, [list(moments), account.pk, account.pk, _LAST])
        sums = cursor.fetchall()
    return [(later[0] - earlier[0], later[1] - earlier[1]) for earlier, later in pairwise(sums)]


def _side(column, account_id, moved, span, kind, before):
    """The account's transfers on one side, newest first."""
    # The indexes are of owned accounts alone, and the planner wants to be told.
    rows = Transfer.objects.filter(
        **{column: account_id, f"{column}__gte": FIRST_OWNED_ID}, pk__gt=span.after
    )
    if span.upto is not None:
        rows = rows.filter(pk__lte=span.upto)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.order_by("-id").annotate(moved=moved).values(*COLUMNS)


def _run_down(rows, held):
    """The Entries of transfers without a gap, from what was held after the newest of them."""
    entries, balance = [], held[rows[0]["id"]] if rows else 0
    for row in rows:
        entries.append(_make_entry(row, balance))
        balance -= row["moved"]
    return entries


def _make_entry(row, balance):
    named = _NAMED.match(row["key"])
    topic, topic_id = (named[1], int(named[2])) if named else ("", None)
    return Entry(
        id=row["id"],
        kind=row["kind"],
        topic=topic,
        topic_id=topic_id,
        note=_choose_note(row, topic, topic_id),
        created=row["created"],
        moved=row["moved"],
        balance=balance,
    )


def _choose_note(row, topic, topic_id):
    """What the transfer's reference tells its owner: nothing where it only names again what the key names."""
    if topic in ("order", "campaign", "sms") or row["key"].startswith(_BARE_KEYS):
        return ""
    return "" if row["reference"] == str(topic_id) else row["reference"]
