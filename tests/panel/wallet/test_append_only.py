"""The guards that stand in the database itself: append-only transfers and the shape of accounts."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet
from panel.wallet.models import FIRST_OWNED_ID, Account, HouseDay, Transfer
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid():
    customer = make_customer(toman=500)
    return Transfer.objects.get(credit=open_wallet(customer.pk))


def snapshot():
    return list(Transfer.objects.order_by("id").values())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE wallet_transfer SET amount = amount + 1 WHERE id = %s",
        "UPDATE wallet_transfer SET reference = 'nicer' WHERE id = %s",
        "UPDATE wallet_transfer SET key = key WHERE id = %s",
        "DELETE FROM wallet_transfer WHERE id = %s",
    ],
)
def test_plain_sql_cannot_change_a_transfer(paid, statement):
    before = snapshot()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [paid.pk])
    assert snapshot() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda row: Transfer.objects.filter(pk=row.pk).update(amount=1),
        lambda row: Transfer.objects.filter(pk=row.pk).delete(),
        lambda row: row.delete(),
        lambda row: row.save(),
        lambda row: Transfer.objects.bulk_update([row], ["reference"]),
    ],
)
def test_the_orm_cannot_change_a_transfer(paid, change):
    before = snapshot()
    paid.reference = "nicer"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(paid)
    assert snapshot() == before


def refused(name, work):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        work()


def test_a_balance_is_never_below_zero(paid):
    wallet = Account.objects.filter(pk=paid.credit_id)
    refused("account_balance_not_negative", lambda: wallet.update(balance=-1))
    assert wallet.get().balance == 500


def test_accounts_are_the_house_s_or_owned():
    customer = make_customer()
    make = Account.objects.create
    refused("account_house_or_owned", lambda: make(kind="wallet", currency="toman", balance=0))
    refused("account_house_or_owned", lambda: make(kind="sales", currency="toman", balance=0))
    refused("account_house_or_owned", lambda: make(kind="sales", owner=customer, balance=None))
    refused("account_house_or_owned", lambda: make(kind="wallet", owner=customer, balance=None))


def test_a_customer_has_one_wallet_of_a_currency():
    customer = make_customer()
    open_wallet(customer.pk)
    refused(
        "account_one_wallet", lambda: Account.objects.create(owner=customer, kind="wallet", currency="toman")
    )


def test_a_transfer_is_above_zero_between_two_accounts_under_its_own_key(paid):
    def add(**fields):
        both = {"debit_id": house_id("sales"), "credit_id": paid.credit_id}
        row = both | {"amount": 1, "currency": "toman", "kind": "bonus", "key": "new"}
        Transfer.objects.create(**row | fields)

    refused("transfer_amount_positive", lambda: add(amount=0))
    refused("transfer_between_two_accounts", lambda: add(debit_id=paid.credit_id))
    refused("transfer_key", lambda: add(key=paid.key))


def test_a_house_day_is_closed_once(paid):
    account = Account.objects.get(pk=house_id("sales"))
    HouseDay.objects.create(account=account, day="2030-01-01", debits=0, credits=0)
    refused(
        "house_day_once",
        lambda: HouseDay.objects.create(account=account, day="2030-01-01", debits=0, credits=0),
    )


def test_owned_accounts_begin_above_the_house_s_ids():
    assert open_wallet(make_customer().pk).pk >= FIRST_OWNED_ID
    house = Account.objects.filter(owner=None)
    assert all(account.pk < FIRST_OWNED_ID for account in house)
    assert house.count() == 15
