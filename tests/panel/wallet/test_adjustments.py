"""Operators' credits and debits by hand."""

import pytest

from panel.wallet.adjustments import adjust_wallet
from panel.wallet.house import house_balance
from panel.wallet.ledger import InsufficientFunds, KeyReused, read_balance
from panel.wallet.models import Account, Currency, Transfer, WalletEvent
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer():
    return make_customer()


def adjust(customer, amount, **fields):
    return adjust_wallet(customer_id=customer.pk, amount=amount, **{"reason": "why", "key": "k"} | fields)


def events(customer):
    return list(WalletEvent.objects.filter(customer=customer).order_by("id").values_list("kind", "data"))


def test_credit_comes_from_the_house_and_is_told(customer):
    row = adjust(customer, 300)
    assert read_balance(customer.pk) == 300
    assert house_balance(Account.Kind.ADJUSTMENTS) == -300
    assert row.reference == "why"
    assert events(customer) == [("adjusted", {"amount": 300, "currency": "toman", "transfer": row.pk})]


def test_debit_goes_back_to_the_house(customer):
    adjust(customer, 300)
    adjust(customer, -120, key="back")
    assert read_balance(customer.pk) == 180
    assert house_balance(Account.Kind.ADJUSTMENTS) == -180
    assert [data["amount"] for _, data in events(customer)] == [300, -120]


def test_another_currency_has_its_own_wallet(customer):
    adjust(customer, 5, currency=Currency.LIKE)
    assert (read_balance(customer.pk), read_balance(customer.pk, Currency.LIKE)) == (0, 5)


def test_the_same_key_again_moves_and_tells_nothing(customer):
    assert adjust(customer, 300).pk == adjust(customer, 300).pk
    assert read_balance(customer.pk) == 300
    assert len(events(customer)) == 1


def test_the_same_key_with_another_amount_is_refused(customer):
    adjust(customer, 300)
    with pytest.raises(KeyReused):
        adjust(customer, 301)
    assert read_balance(customer.pk) == 300


@pytest.mark.parametrize(
    ("amount", "reason", "error"),
    [
        (0, "why", ValueError),
        (5, "  ", ValueError),
        (1.5, "why", ValueError),
        (-301, "why", InsufficientFunds),
    ],
)
def test_what_cannot_be_moved_is_not_told(customer, amount, reason, error):
    adjust(customer, 300, key="first")
    with pytest.raises(error):
        adjust(customer, amount, reason=reason)
    assert read_balance(customer.pk) == 300
    assert (Transfer.objects.count(), len(events(customer))) == (1, 1)


def test_a_long_reason_is_cut_to_its_column(customer):
    assert adjust(customer, 1, reason="x" * 500).reference == "x" * 128
