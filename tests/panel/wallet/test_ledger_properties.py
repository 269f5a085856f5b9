"""Whatever is moved, replayed and reversed in whatever order: balances are what the transfers say."""

from collections import Counter

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panel.wallet.house import house_balance, house_id
from panel.wallet.ledger import CurrencyMismatch, InsufficientFunds, KeyReused, open_wallet, transfer
from panel.wallet.models import Account, Currency, Transfer
from tests.factories import make_customer

pytestmark = pytest.mark.django_db
# The database is the same for all examples of a test; each makes accounts and keys of its own.
many = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
PLACES = 6  # three wallets of toman, one of coins, and the house's two
places = st.integers(0, PLACES - 1)
amounts = st.one_of(st.integers(1, 50), st.integers(1, 10**13))
steps = st.one_of(
    st.tuples(st.just("move"), places, places, amounts, st.integers(0, 9)),
    st.tuples(st.just("replay"), st.integers(0, 99)),
    st.tuples(st.just("reuse"), st.integers(0, 99), amounts),
    st.tuples(st.just("reverse"), st.integers(0, 99)),
)


class Book:
    """The ledger as a dict: what the database has to agree with after every step."""

    def __init__(self):
        owners = [make_customer() for _ in range(3)]
        self.accounts = [open_wallet(owner.pk) for owner in owners]
        self.accounts.append(open_wallet(owners[0].pk, Currency.COIN))
        house = (Currency.TOMAN, Currency.COIN)
        self.accounts += [Account.objects.get(pk=house_id(Account.Kind.PROMOTIONS, c)) for c in house]
        self.held = Counter()
        self.done = {}
        self.name = f"book-{owners[0].pk}"

    def move(self, debit, credit, amount, number):
        debit, credit = self.accounts[debit], self.accounts[credit]
        wanted = (debit.pk, credit.pk, amount, "payment")
        key = f"{self.name}:{number}"
        self._transfer(key, wanted, debit, credit)

    def replay(self, number):
        if self.done:
            key, (wanted, pk) = list(self.done.items())[number % len(self.done)]
            assert self._send(key, wanted).pk == pk

    def reuse(self, number, amount):
        if self.done:
            key, (wanted, _) = list(self.done.items())[number % len(self.done)]
            with pytest.raises(KeyReused):
                self._send(key, (*wanted[:2], wanted[2] + amount, wanted[3]))

    def reverse(self, number):
        if self.done:
            key, (wanted, _) = list(self.done.items())[number % len(self.done)]
            by_id = {account.pk: account for account in self.accounts}
            back = (wanted[1], wanted[0], wanted[2], "reversal")
            self._transfer(f"{key}:back", back, by_id[wanted[1]], by_id[wanted[0]])

    def _transfer(self, key, wanted, debit, credit):
        if debit.pk == credit.pk:
            expected = ValueError
        elif key in self.done:
            expected = None if self.done[key][0] == wanted else KeyReused
        elif debit.currency != credit.currency:
            expected = CurrencyMismatch
        elif debit.balance is not None and self.held[debit.pk] < wanted[2]:
            expected = InsufficientFunds
        else:
            expected = None
        if expected:
            with pytest.raises(expected):
                self._send(key, wanted)
            return
        row = self._send(key, wanted)
        if key not in self.done:
            self.done[key] = (wanted, row.pk)
            self.held[debit.pk] -= wanted[2]
            self.held[credit.pk] += wanted[2]

    @staticmethod
    def _send(key, wanted):
        debit, credit, amount, kind = wanted
        return transfer(debit_id=debit, credit_id=credit, amount=amount, kind=kind, key=key)


@many
@given(st.lists(steps, max_size=30))
def test_balances_are_what_was_moved(plan):
    book = Book()
    before = {c: house_balance(Account.Kind.PROMOTIONS, c) for c in (Currency.TOMAN, Currency.COIN)}
    for name, *arguments in plan:
        getattr(book, name)(*arguments)
    for account in book.accounts[:4]:
        account.refresh_from_db()
        assert account.balance == book.held[account.pk]
        assert account.balance >= 0
        assert account.balance == sum_transfers(account)
    for house in book.accounts[4:]:
        moved = house_balance(Account.Kind.PROMOTIONS, house.currency) - before[house.currency]
        assert moved == book.held[house.pk]
    rows = Transfer.objects.filter(key__startswith=f"{book.name}:").select_related("debit", "credit")
    assert {row.key: row.pk for row in rows} == {key: pk for key, (_, pk) in book.done.items()}
    assert all(row.debit.currency == row.credit.currency == row.currency for row in rows)


@many
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 100)), max_size=25))
def test_money_among_wallets_neither_appears_nor_vanishes(moves):
    wallets = [open_wallet(make_customer(toman=100).pk) for _ in range(3)]
    for number, (debit, credit, amount) in enumerate(moves):
        if debit != credit:
            key = f"{wallets[0].pk}:{number}"
            ids = {"debit_id": wallets[debit].pk, "credit_id": wallets[credit].pk}
            try:
                transfer(**ids, amount=amount, kind=Transfer.Kind.PAYMENT, key=key)
            except InsufficientFunds:
                continue
    held = Account.objects.filter(pk__in=[wallet.pk for wallet in wallets])
    assert held.aggregate(total=Sum("balance"))["total"] == 300


def sum_transfers(account):
    came = account.credits.aggregate(total=Sum("amount", default=0))["total"]
    went = account.debits.aggregate(total=Sum("amount", default=0))["total"]
    return came - went
