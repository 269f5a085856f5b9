"""Proving the book: every balance from the transfers, in one snapshot, by statements over whole tables.

A check is one SQL statement whose rows are the drifts, each a line of text (`%%s` is PostgreSQL's own format).
The rows are streamed, so memory stays flat however much is wrong.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from panel.wallet.house import HOUSE_IDS, house_id
from panel.wallet.models import FIRST_OWNED_ID, Account, AccountMark, Currency, HouseDay, Transfer

ROWS_AT_A_TIME = 1_000
OWNED = "('wallet', 'budget')"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold; `sql` gives a line of text for each row that breaks it."""

    name: str
    sql: str


BALANCES = Check(
    "balances",
    """
    SELECT format('account %%s: balance %%s, its transfers say %%s', account.id, account.balance, coalesce(sum, 0))
    FROM wallet_account account
    LEFT JOIN (
        SELECT id, sum(amount) FROM (
            SELECT credit_id AS id, amount FROM wallet_transfer WHERE credit_id >= %(first)s
            UNION ALL SELECT debit_id, -amount FROM wallet_transfer WHERE debit_id >= %(first)s
        ) moved GROUP BY id
    ) moved USING (id)
    WHERE account.balance IS NOT NULL AND account.balance <> coalesce(sum, 0)
    """,
)
SIDES = Check(
    "both sides of transfers",
    """
    SELECT format('transfer %%s: %%s', transfer.id, concat_ws(', ',
        CASE WHEN debit.id IS NULL THEN format('no account %%s', debit_id) END,
        CASE WHEN credit.id IS NULL THEN format('no account %%s', credit_id) END,
        CASE WHEN debit.currency <> transfer.currency OR credit.currency <> transfer.currency
            THEN format('%%s from %%s to %%s', transfer.currency, debit.currency, credit.currency) END,
        CASE WHEN amount <= 0 THEN format('amount %%s', amount) END,
        CASE WHEN debit_id = credit_id THEN 'to the account it is from' END))
    FROM wallet_transfer transfer
    LEFT JOIN wallet_account debit ON debit.id = debit_id
    LEFT JOIN wallet_account credit ON credit.id = credit_id
    WHERE debit.id IS NULL OR credit.id IS NULL OR debit.currency <> transfer.currency
        OR credit.currency <> transfer.currency OR amount <= 0 OR debit_id = credit_id
    """,
)
KINDS = Check(
    "kinds of transfers",
    """
    SELECT format('transfer %%s (%%s): %%s from account %%s to %%s, which nothing here does', id, key, kind, debit_id,
        credit_id)
    FROM wallet_transfer
    WHERE NOT kind = ANY (%(made)s::text[])
        OR (kind = 'adjustment' AND NOT ARRAY[debit_id, credit_id] && %(adjustments)s::bigint[])
    """,
)
ACCOUNTS = Check(
    "shape of accounts",
    f"""
    SELECT format('account %%s: %%s', id, concat_ws(', ',
        CASE WHEN balance < 0 THEN format('balance %%s is below 0', balance) END,
        CASE WHEN (kind IN {OWNED}) <> (id >= %(first)s) THEN format('a %%s must not have this id', kind) END,
        CASE WHEN (kind IN {OWNED}) = (owner_id IS NULL) THEN 'owner does not fit its kind' END,
        CASE WHEN (kind IN {OWNED}) = (balance IS NULL) THEN 'balance does not fit its kind' END,
        CASE WHEN wallets > 1 THEN 'a second wallet of its owner' END))
    FROM (
        SELECT *, count(*) FILTER (WHERE kind = 'wallet') OVER (PARTITION BY owner_id, currency) AS wallets
        FROM wallet_account
    ) account
    WHERE balance < 0 OR (kind IN {OWNED}) <> (id >= %(first)s) OR (kind IN {OWNED}) = (owner_id IS NULL)
        OR (kind IN {OWNED}) = (balance IS NULL) OR (kind = 'wallet' AND wallets > 1)
    """,  # noqa: S608 - a constant
)
HOUSE = Check(
    "house accounts",
    """
    SELECT format('house account %%s: should be %%s in %%s', id, wanted.kind, wanted.currency)
    FROM unnest(%(ids)s::bigint[], %(kinds)s::text[], %(currencies)s::text[]) wanted(id, kind, currency)
    LEFT JOIN wallet_account account USING (id)
    WHERE (account.kind, account.currency) IS DISTINCT FROM (wanted.kind, wanted.currency)
    """,
)
HOUSE_DAYS = Check(
    "closed house days",
    """
    WITH sums AS (
        SELECT account_id, day, sum(debit) AS debits, sum(credit) AS credits FROM (
            SELECT debit_id AS account_id, (created AT TIME ZONE 'UTC')::date AS day, amount AS debit, 0 AS credit
            FROM wallet_transfer WHERE debit_id < %(first)s
            UNION ALL
            SELECT credit_id, (created AT TIME ZONE 'UTC')::date, 0, amount
            FROM wallet_transfer WHERE credit_id < %(first)s
        ) moved
        WHERE day <= (SELECT max(day) FROM wallet_houseday)
        GROUP BY account_id, day
    )
    SELECT format('house account %%s, %%s: closed with −%%s +%%s, its transfers say −%%s +%%s', account_id, day,
        coalesce(closed.debits::text, 'nothing'), coalesce(closed.credits::text, 'nothing'),
        coalesce(sums.debits, 0), coalesce(sums.credits, 0))
    FROM wallet_houseday closed FULL JOIN sums USING (account_id, day)
    WHERE (closed.debits, closed.credits)
        IS DISTINCT FROM (coalesce(sums.debits, 0)::bigint, coalesce(sums.credits, 0)::bigint)
    """,
)
# An account whose balance is wrong is told of by BALANCES, and its marks no more.
MARKS = Check(
    "marks of accounts",
    """
    WITH summed AS (
        SELECT account, id, sum(plus) OVER upto AS gained, sum(minus) OVER upto AS spent,
            sum(plus - minus) OVER (PARTITION BY account) AS held
        FROM (
            SELECT credit_id AS account, id, amount AS plus, 0 AS minus FROM wallet_transfer
                WHERE credit_id >= %(first)s
            UNION ALL SELECT debit_id, id, 0, amount FROM wallet_transfer WHERE debit_id >= %(first)s
        ) moved WINDOW upto AS (PARTITION BY account ORDER BY id)
    )
    SELECT format('account %%s: the mark at transfer %%s says +%%s −%%s, its transfers say +%%s −%%s', account_id,
        transfer_id, mark.gained, mark.spent, coalesce(summed.gained, 0), coalesce(summed.spent, 0))
    FROM wallet_accountmark mark JOIN wallet_account owned ON owned.id = account_id
    LEFT JOIN summed ON summed.account = account_id AND summed.id = transfer_id
    WHERE (mark.gained, mark.spent) IS DISTINCT FROM (summed.gained::bigint, summed.spent::bigint)
        AND owned.balance = coalesce(summed.held, owned.balance)
    """,
)
GUARDS = Check(
    "guards in the database",
    """
    SELECT format('%%s is missing or switched off', name) FROM unnest(%(constraints)s::text[]) name
    WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conname = name AND convalidated)
        AND NOT EXISTS (
            SELECT FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE relname = name AND indisunique AND indisvalid)
    UNION ALL
    SELECT format('%%s is missing or switched off', name)
    FROM unnest(ARRAY['wallet_transfer_append_only', 'wallet_transfer_marks']) name WHERE NOT EXISTS (
        SELECT FROM pg_trigger
        WHERE tgrelid = 'wallet_transfer'::regclass AND tgname = name AND tgenabled IN ('O', 'A'))
    """,
)
WALLET_CHECKS = (BALANCES, SIDES, KINDS, ACCOUNTS, HOUSE, HOUSE_DAYS, MARKS, GUARDS)
_added_checks = []  # by what this file and orders know nothing of


def add_checks(*checks):
    """Let the audit prove these too; called once by an application, when it is ready."""
    _added_checks.extend(checks)


def list_added_checks():
    """The checks that applications added, in their order."""
    return tuple(_added_checks)


def list_params():
    """The named parameters of this module's checks."""
    constraints = [
        c.name for model in (Account, Transfer, AccountMark, HouseDay) for c in model._meta.constraints
    ]
    return {
        "first": FIRST_OWNED_ID,
        "ids": list(HOUSE_IDS.values()),
        "kinds": [str(kind) for kind, _ in HOUSE_IDS],
        "currencies": [str(currency) for _, currency in HOUSE_IDS],
        "constraints": constraints,
        "adjustments": [house_id(Account.Kind.ADJUSTMENTS, currency) for currency in Currency],
        "made": [str(kind) for kind in Transfer.Kind if kind != Transfer.Kind.REVERSAL],
    }


@contextmanager
def open_snapshot():
    """A read-only transaction that sees one moment, however long the checks take.

    Raises RuntimeError inside another transaction, which has its own view already.
    """
    if connection.in_atomic_block:
        raise RuntimeError("the audit needs a transaction of its own")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


def find_drifts(check):
    """The lines of `check` that tell of a drift, one by one; to be read within `open_snapshot`."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(check.sql, list_params())
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            for (line,) in rows:
                yield line
