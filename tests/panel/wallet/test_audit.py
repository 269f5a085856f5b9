"""audit_ledger on a real book: a clean one passes, and each kind of drift is found and printed."""

from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone

from panel.wallet.audit import BALANCES, find_drifts, list_added_checks, list_params, open_snapshot
from panel.wallet.house import close_house_days, house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account, HouseDay, Transfer
from tests.factories import make_customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wallet():
    """A wallet of 500 toman, and another beside it."""
    make_customer(toman=70)
    return open_wallet(make_customer(toman=500).pk)


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@contextmanager
def unguarded(table, *constraints):
    """Let the table take what it refuses; afterwards the rows are gone and its guards are back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = ANY(%s)",
            [list(constraints)],
        )
        guards = cursor.fetchall()
    assert len(guards) == len(constraints)
    run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for name in constraints:
        run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        run("TRUNCATE wallet_transfer, wallet_houseday, wallet_account CASCADE")
        for name, definition in guards:
            run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        run(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def audit():
    """(exit message or None, the lines that tell of a drift)."""
    out = StringIO()
    try:
        call_command("audit_ledger", stdout=out, no_color=True)
    except CommandError as error:
        return str(error), [line.strip() for line in out.getvalue().splitlines() if line.startswith("  ")]
    return None, [line.strip() for line in out.getvalue().splitlines() if line.startswith("  ")]


def drifts_besides_guards():
    return [line for line in audit()[1] if "is missing or switched off" not in line]


def test_a_clean_book_passes(wallet):
    out = StringIO()
    call_command("audit_ledger", stdout=out, no_color=True)
    *table, last = out.getvalue().splitlines()
    names = [
        "balances",
        "both sides of transfers",
        "kinds of transfers",
        "shape of accounts",
        "house accounts",
        "closed house days",
    ]
    names += ["marks of accounts"]
    names += ["guards in the database", "charges of orders", "refunds of orders"]
    names += ["keys of order transfers", "services of orders"]
    names += [check.name for check in list_added_checks()]
    assert [line.rsplit(maxsplit=1) for line in table] == [[name, "ok"] for name in names]
    assert last == "the ledger adds up"


def test_an_empty_book_passes():
    assert audit() == (None, [])


@pytest.mark.parametrize("change", [1, -1])
def test_a_balance_changed_by_hand_is_found(wallet, change):
    run("UPDATE wallet_account SET balance = balance + %s WHERE id = %s", change, wallet.pk)
    assert audit() == (
        "the ledger does not add up: 1 drifts",
        [f"account {wallet.pk}: balance {500 + change}, its transfers say 500"],
    )


def test_money_in_a_wallet_without_any_transfer_is_found():
    wallet = open_wallet(make_customer().pk)
    run("UPDATE wallet_account SET balance = 9 WHERE id = %s", wallet.pk)
    assert audit()[1] == [f"account {wallet.pk}: balance 9, its transfers say 0"]


def test_a_transfer_changed_by_hand_is_found(wallet):
    with unguarded("wallet_transfer"):
        run("UPDATE wallet_transfer SET amount = 499 WHERE credit_id = %s", wallet.pk)
        assert drifts_besides_guards() == [f"account {wallet.pk}: balance 500, its transfers say 499"]


def test_a_transfer_to_an_account_that_is_not_there_is_found(wallet):
    with unguarded("wallet_transfer"):
        run("UPDATE wallet_transfer SET credit_id = 999999 WHERE credit_id = %s RETURNING id", wallet.pk)
        found = drifts_besides_guards()
    assert found[0] == f"account {wallet.pk}: balance 500, its transfers say 0"
    assert [line.partition(": ")[2] for line in found[1:]] == ["no account 999999"]


def test_a_transfer_between_currencies_is_found(wallet):
    with unguarded("wallet_transfer"):
        run("UPDATE wallet_transfer SET currency = 'coin' WHERE credit_id = %s", wallet.pk)
        found = drifts_besides_guards()
    assert [line.partition(": ")[2] for line in found] == ["coin from toman to toman"]


def test_a_transfer_of_nothing_and_one_to_itself_are_found(wallet):
    guards = ("transfer_amount_positive", "transfer_between_two_accounts")
    with unguarded("wallet_transfer", *guards):
        run("UPDATE wallet_transfer SET amount = 0, debit_id = credit_id WHERE credit_id = %s", wallet.pk)
        found = drifts_besides_guards()
    assert found[0] == f"account {wallet.pk}: balance 500, its transfers say 0"
    assert found[1].partition(": ")[2] == "amount 0, to the account it is from"


@pytest.mark.parametrize(
    ("house", "kind", "words"),
    [
        ("gateway", "reversal", "reversal from account 4 to {}, which nothing here does"),
        ("gateway", "whatever", "whatever from account 4 to {}, which nothing here does"),
        ("promotions", "adjustment", "adjustment from account 3 to {}, which nothing here does"),
        ("sales", "charge", "a charge of no order"),
        ("sales", "refund", "a refund of no order"),
    ],
)
def test_money_that_nothing_here_moves_is_found(wallet, house, kind, words):
    row = transfer(debit_id=house_id(house), credit_id=wallet.pk, amount=7, kind=kind, key="order:1:x")
    assert audit()[1] == [f"transfer {row.pk} (order:1:x): {words.format(wallet.pk)}"]


def test_a_second_wallet_of_an_owner_is_found(wallet):
    run("DROP INDEX account_one_wallet")
    try:
        row = Account.objects.create(owner_id=wallet.owner_id, currency="toman", kind="wallet", balance=0)
        shapes = [line for line in drifts_besides_guards() if "second wallet" in line]
        missing = [line for line in audit()[1] if "missing" in line]
        Account.objects.filter(pk=row.pk).delete()
    finally:
        run(
            "CREATE UNIQUE INDEX account_one_wallet ON wallet_account (owner_id, currency) WHERE kind = 'wallet'"
        )
    assert sorted(shapes) == sorted(
        f"account {pk}: a second wallet of its owner" for pk in (wallet.pk, row.pk)
    )
    assert missing == ["account_one_wallet is missing or switched off"]


def test_a_house_account_that_is_gone_or_another_is_found(wallet):
    sales, gateway = house_id(Account.Kind.SALES), house_id(Account.Kind.GATEWAY)
    run("DELETE FROM wallet_account WHERE id = %s", sales)
    run("UPDATE wallet_account SET currency = 'coin' WHERE id = %s", gateway)
    assert sorted(audit()[1]) == sorted(
        f"house account {pk}: should be {kind} in toman"
        for pk, kind in ((sales, "sales"), (gateway, "gateway"))
    )


def test_a_closed_day_that_does_not_add_up_is_found(wallet):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE wallet_transfer DISABLE TRIGGER USER")
        cursor.execute("UPDATE wallet_transfer SET created = created - interval '3 days'")
        cursor.execute("ALTER TABLE wallet_transfer ENABLE TRIGGER USER")
    assert close_house_days() == 3
    assert audit() == (None, [])
    house = house_id(Account.Kind.ADJUSTMENTS)
    day = HouseDay.objects.order_by("day").first().day
    run("UPDATE wallet_houseday SET debits = 571 WHERE account_id = %s AND day = %s", house, day)
    assert audit()[1] == [f"house account {house}, {day}: closed with −571 +0, its transfers say −570 +0"]
    run("DELETE FROM wallet_houseday WHERE account_id = %s AND day = %s", house, day)
    assert audit()[1] == [
        f"house account {house}, {day}: closed with −nothing +nothing, its transfers say −570 +0"
    ]


def test_a_trigger_that_is_switched_off_is_found(wallet):
    with unguarded("wallet_transfer"):
        assert audit()[1] == [
            "wallet_transfer_append_only is missing or switched off",
            "wallet_transfer_marks is missing or switched off",
        ]


def test_a_mark_that_its_transfers_deny_is_found(wallet):
    first = Transfer.objects.get(credit_id=wallet.pk)
    run("DELETE FROM wallet_accountmark")
    run(
        "INSERT INTO wallet_accountmark (account_id, transfer_id, gained, spent, created)"
        " VALUES (%s, %s, 400, 0, now()), (%s, %s, 500, 0, now())",
        *(wallet.pk, first.pk, wallet.pk, first.pk + 10**6),
    )
    said = f"account {wallet.pk}: the mark at transfer"
    assert set(audit()[1]) == {
        f"{said} {first.pk} says +400 −0, its transfers say +500 −0",
        f"{said} {first.pk + 10**6} says +500 −0, its transfers say +0 −0",
    }


def test_the_snapshot_sees_nothing_that_came_later(wallet):
    """Money that moves while the audit runs is no drift, even between two of its statements."""
    with open_snapshot():
        assert list(find_drifts(BALANCES)) == []
        elsewhere = connection.copy()
        with elsewhere.cursor() as cursor:
            cursor.execute("UPDATE wallet_account SET balance = 1 WHERE id = %s", [wallet.pk])
        elsewhere.close()
        assert list(find_drifts(BALANCES)) == []
    assert len(audit()[1]) == 1


def test_the_snapshot_can_not_write_and_wants_a_transaction_of_its_own(wallet):
    with pytest.raises(Exception, match="read-only transaction"), open_snapshot():
        run("UPDATE wallet_account SET balance = 1")
    with transaction.atomic(), pytest.raises(RuntimeError, match="of its own"), open_snapshot():
        pass


def test_guards_are_those_of_the_models():
    assert sorted(list_params()["constraints"]) == [
        "account_balance_not_negative",
        "account_house_or_owned",
        "account_mark_once",
        "account_one_wallet",
        "house_day_once",
        "transfer_amount_positive",
        "transfer_between_two_accounts",
        "transfer_key",
    ]


def test_days_after_the_last_closed_one_are_not_asked_for(wallet):
    """Today's transfers belong to no closed day yet."""
    yesterday = timezone.now().date() - timedelta(days=1)
    HouseDay.objects.bulk_create(
        HouseDay(account_id=pk, day=yesterday, debits=0, credits=0)
        for pk in Account.objects.filter(balance=None).values_list("pk", flat=True)
    )
    assert audit() == (None, [])
