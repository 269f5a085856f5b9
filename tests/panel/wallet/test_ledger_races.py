"""The ledger under several connections at once."""

import pytest

from panel.wallet.adjustments import adjust_wallet
from panel.wallet.ledger import InsufficientFunds, KeyReused, open_wallet, transfer
from panel.wallet.models import Account, Transfer, WalletEvent
from tests.factories import make_customer
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)


def balances(*accounts):
    held = dict(Account.objects.values_list("pk", "balance"))
    return [held[account.pk] for account in accounts]


def send(debit, credit, key, amount=1):
    return transfer(
        debit_id=debit.pk, credit_id=credit.pk, amount=amount, kind=Transfer.Kind.PAYMENT, key=key
    )


def test_there_and_back_at_once_never_deadlocks():
    a, b = (open_wallet(make_customer(toman=1_000).pk) for _ in range(2))

    def there(name):
        return lambda: [send(a, b, f"{name}:{n}", 3) for n in range(40)]

    def back(name):
        return lambda: [send(b, a, f"{name}:{n}", 2) for n in range(40)]

    results = run_together(there("t1"), back("b1"), there("t2"), back("b2"))
    assert [len(rows) for rows in results] == [40, 40, 40, 40]
    assert balances(a, b) == [920, 1080]


def test_a_wallet_for_five_pays_five_of_many():
    wallet, shop = open_wallet(make_customer(toman=5).pk), open_wallet(make_customer().pk)

    def spend(name):
        def work():
            paid = 0
            for number in range(10):
                try:
                    send(wallet, shop, f"{name}:{number}")
                    paid += 1
                except InsufficientFunds:
                    continue
            return paid

        return work

    assert sum(run_together(*(spend(name) for name in "abcd"))) == 5
    assert balances(wallet, shop) == [0, 5]


def test_one_key_at_the_same_moment_moves_once():
    a, b = open_wallet(make_customer(toman=1_000).pk), open_wallet(make_customer().pk)
    for number in range(25):
        key = f"same:{number}"
        rows = run_together(*[lambda key=key: send(a, b, key)] * 4)
        assert len({row.pk for row in rows}) == 1
    assert balances(a, b) == [975, 25]
    assert Transfer.objects.filter(key__startswith="same:").count() == 25


def test_one_key_at_the_same_moment_from_a_wallet_that_pays_once():
    wallet, shop = open_wallet(make_customer(toman=25).pk), open_wallet(make_customer().pk)
    for number in range(25):
        key = f"last:{number}"
        rows = run_together(*[lambda key=key: send(wallet, shop, key)] * 2)
        assert rows[0] == rows[1]
    assert balances(wallet, shop) == [0, 25]


def test_one_key_with_two_inputs_at_the_same_moment_moves_one_of_them():
    a, b, c = (open_wallet(make_customer(toman=100).pk) for _ in range(3))
    for number in range(20):
        key = f"torn:{number}"
        # Different wallets: no row lock orders the two, only the key's unique index does.
        results = run_together(lambda key=key: send(a, b, key), lambda key=key: send(c, b, key))
        assert sorted(type(result) for result in results if not isinstance(result, Transfer)) == [KeyReused]
    assert sum(balances(a, c)) == 180
    assert balances(b) == [120]


def test_one_wallet_is_opened_however_many_open_it_at_once():
    customer = make_customer()
    rows = run_together(*[lambda: open_wallet(customer.pk)] * 6)
    assert {row.pk for row in rows} == set(customer.accounts.values_list("pk", flat=True))
    assert customer.accounts.count() == 1


def test_one_adjustment_at_the_same_moment_is_told_once():
    customer = make_customer(toman=1)
    for number in range(15):
        key = f"gift:{number}"
        run_together(
            *[lambda key=key: adjust_wallet(customer_id=customer.pk, amount=10, reason="gift", key=key)] * 3
        )
    assert balances(open_wallet(customer.pk)) == [151]
    assert WalletEvent.objects.filter(customer=customer, kind="adjusted").count() == 16
