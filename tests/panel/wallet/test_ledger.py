"""transfer(): what it moves, what it refuses, and what the same key means."""

import pytest

from panel.wallet.house import house_id
from panel.wallet.ledger import (
    CurrencyMismatch,
    InsufficientFunds,
    KeyReused,
    LedgerError,
    open_wallet,
    read_balance,
    transfer,
)
from panel.wallet.models import Account, Currency, Transfer
from tests.factories import make_customer

pytestmark = pytest.mark.django_db
SALES = house_id(Account.Kind.SALES)


def move(**wanted):
    return transfer(**{"kind": Transfer.Kind.PAYMENT, "key": "move", "amount": 10} | wanted)


@pytest.fixture
def wallets():
    rich, poor = make_customer(toman=100), make_customer()
    return open_wallet(rich.pk), open_wallet(poor.pk)


def balances(*accounts):
    held = dict(Account.objects.values_list("pk", "balance"))
    return [held[account.pk] for account in accounts]


def test_transfer_takes_from_one_and_gives_to_the_other(wallets):
    rich, poor = wallets
    row = move(debit_id=rich.pk, credit_id=poor.pk, amount=30, reference="why")
    assert balances(rich, poor) == [70, 30]
    row.refresh_from_db()
    seen = (row.debit_id, row.credit_id, row.amount, row.currency, row.kind, row.key, row.reference)
    assert seen == (rich.pk, poor.pk, 30, "toman", "payment", "move", "why")


def test_all_of_a_balance_can_be_moved_and_no_more(wallets):
    rich, poor = wallets
    with pytest.raises(InsufficientFunds):
        move(debit_id=rich.pk, credit_id=poor.pk, amount=101)
    assert balances(rich, poor) == [100, 0]
    move(debit_id=rich.pk, credit_id=poor.pk, amount=100)
    assert balances(rich, poor) == [0, 100]


def test_house_account_gives_without_a_balance(wallets):
    move(debit_id=SALES, credit_id=wallets[1].pk, amount=10**12)
    assert balances(wallets[1]) == [10**12]
    assert Account.objects.get(pk=SALES).balance is None


def test_same_key_and_input_gives_back_the_first_transfer(wallets):
    rich, poor = wallets
    first = move(debit_id=rich.pk, credit_id=poor.pk)
    again = move(debit_id=rich.pk, credit_id=poor.pk)
    assert again.pk == first.pk
    assert balances(rich, poor) == [90, 10]
    assert Transfer.objects.filter(key="move").count() == 1


def test_replay_is_answered_though_the_wallet_is_empty_by_now(wallets):
    rich, poor = wallets
    first = move(debit_id=rich.pk, credit_id=poor.pk, amount=100)
    assert move(debit_id=rich.pk, credit_id=poor.pk, amount=100).pk == first.pk
    assert balances(rich, poor) == [0, 100]


@pytest.mark.parametrize("other", ["amount", "kind", "credit", "debit"])
def test_same_key_with_other_input_raises_and_moves_nothing(wallets, other):
    rich, poor = wallets
    wanted = {"debit_id": rich.pk, "credit_id": poor.pk}
    move(**wanted)
    changed = {
        "amount": {"amount": 11},
        "kind": {"kind": Transfer.Kind.BONUS},
        "credit": {"credit_id": SALES},
        "debit": {"debit_id": SALES},
    }
    with pytest.raises(KeyReused):
        move(**wanted | changed[other])
    assert balances(rich, poor) == [90, 10]
    assert Transfer.objects.filter(key="move").count() == 1


@pytest.mark.parametrize("amount", [0, -1, 1.0, "1", True, None])
def test_only_a_whole_number_above_zero_is_moved(wallets, amount):
    rich, poor = wallets
    with pytest.raises(ValueError, match="whole number"):
        move(debit_id=rich.pk, credit_id=poor.pk, amount=amount)
    assert balances(rich, poor) == [100, 0]


def test_a_transfer_needs_two_accounts(wallets):
    with pytest.raises(ValueError, match="two accounts"):
        move(debit_id=wallets[0].pk, credit_id=wallets[0].pk)


def test_an_unknown_account_takes_part_in_nothing(wallets):
    with pytest.raises(LedgerError, match="no account"):
        move(debit_id=wallets[0].pk, credit_id=10**15)
    assert balances(wallets[0]) == [100]
    assert Transfer.objects.filter(key="move").count() == 0


def test_currencies_do_not_mix(wallets):
    rich = wallets[0]
    coins = open_wallet(rich.owner_id, Currency.COIN)
    with pytest.raises(CurrencyMismatch):
        move(debit_id=rich.pk, credit_id=coins.pk)
    with pytest.raises(CurrencyMismatch):
        move(debit_id=house_id(Account.Kind.PROMOTIONS, Currency.LIKE), credit_id=rich.pk)
    assert balances(rich, coins) == [100, 0]
    assert Transfer.objects.filter(key="move").count() == 0


def test_each_currency_has_a_wallet_of_its_own(wallets):
    owner = wallets[0].owner_id
    coins = open_wallet(owner, Currency.COIN)
    move(debit_id=house_id(Account.Kind.PROMOTIONS, Currency.COIN), credit_id=coins.pk, amount=7)
    assert [read_balance(owner, currency) for currency in Currency] == [100, 0, 7]


def test_opening_a_wallet_twice_gives_the_same_one():
    customer = make_customer()
    assert open_wallet(customer.pk).pk == open_wallet(customer.pk).pk
    assert customer.accounts.count() == 1


def test_who_has_no_wallet_has_nothing():
    assert read_balance(make_customer().pk) == 0
