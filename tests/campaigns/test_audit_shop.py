"""What the audit proves of sold codes and bundles: each way in which they could differ from the ledger is told."""

import pytest
from django.db import connection

from campaigns.audit import BUNDLES, CODES
from campaigns.bundles import buy_bundle
from campaigns.models import BundlePurchase, ProductCode
from campaigns.shop import buy_product
from panel.wallet.audit import find_drifts, list_added_checks
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Currency, Transfer
from tests.campaigns.shopping import list_drifts, make_bundle, make_buyer, make_product
from tests.campaigns.store import use_store
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(db):
    return make_buyer(100)


@pytest.fixture
def code(buyer):
    """A code sold for 10 coins, beside one in stock."""
    return buy_product(buyer.pk, make_product("A", "B").pk)


@pytest.fixture
def purchase(settings, sandbox, buyer):
    """A credited purchase of 100 + 20 coins, beside one that the store refused."""
    use_store(settings, sandbox.url)
    make_bundle()
    BundlePurchase.objects.create(
        customer=buyer, bundle_id=make_bundle("other").pk, token="x", digest=b"x", coins=5, state="refused"
    )
    return buy_bundle(buyer.pk, "coins-100", "good-1")


def drifts():
    """The lines about codes and bundles, and those that other checks have on coins."""
    return sorted(line for check in list_added_checks() for line in find_drifts(check))


def tamper(statement, *params):
    """Run what the append-only book refuses, as somebody with all rights could."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, params)
        assert cursor.rowcount == 1
        cursor.execute("SET LOCAL session_replication_role = origin")


def delete_transfer(key):
    tamper("DELETE FROM wallet_transfer WHERE key = %s", key)


def move(customer, amount, kind, key, house):
    """A transfer of coins between the customer and a house account: from it, or to `sales`."""
    sides = [open_wallet(customer.pk, Currency.COIN).pk, house_id(house, Currency.COIN)]
    debit_id, credit_id = sides if house == "sales" else reversed(sides)
    row = transfer(debit_id=debit_id, credit_id=credit_id, amount=amount, kind=kind, key=key)
    return row.pk


def test_they_are_part_of_the_audit():
    assert {CODES, BUNDLES} <= set(list_added_checks())


@pytest.mark.django_db(transaction=True)
def test_a_sound_book_has_no_drift(code, purchase):
    assert list_drifts() == []


def test_a_sold_code_has_its_transfer(code):
    delete_transfer(f"product-code:{code.pk}")
    assert drifts() == [f"code {code.pk}: sold for 10 coins without a transfer"]


def test_price_and_buyer_are_those_of_the_transfer(code, buyer):
    ProductCode.objects.filter(pk=code.pk).update(price=11)
    told = f"code {code.pk}: sold to customer {buyer.pk} for 11 coins, its transfer takes 10 from {buyer.pk}"
    assert drifts() == [told]
    other = make_customer()
    ProductCode.objects.filter(pk=code.pk).update(price=10, buyer=other)
    told = f"code {code.pk}: sold to customer {other.pk} for 10 coins, its transfer takes 10 from {buyer.pk}"
    assert drifts() == [told]


@pytest.mark.parametrize("change", ["amount = 9", "kind = 'charge'", "credit_id = credit_id + 1"])
def test_a_sale_s_transfer_is_of_that_amount_and_kind_and_goes_to_sales(code, change):
    tamper(f"UPDATE wallet_transfer SET {change} WHERE key = %s", f"product-code:{code.pk}")  # noqa: S608 - ours
    assert [line.split(":")[0] for line in drifts()] == [f"code {code.pk}"]


def test_a_sale_without_a_sold_code_is_found(code, buyer):
    pk = Transfer.objects.get(kind="purchase").pk
    ProductCode.objects.filter(pk=code.pk).update(buyer=None, price=None, sold_at=None)
    assert drifts() == [f"transfer {pk} (product-code:{code.pk}): no sold code stands behind it"]


@pytest.mark.parametrize(
    ("kind", "key"), [("purchase", "odd"), ("purchase", f"product-code:{10**20}"), ("sms", "product-code:x")]
)
def test_odd_keys_of_sales_are_found_and_stop_no_check(code, buyer, kind, key):
    pk = move(buyer, 5, kind, key, "sales")
    assert f"transfer {pk} ({key}): no sold code stands behind it" in drifts()


@pytest.mark.parametrize(("part", "coins"), [("", 100), (":free", 20)])
def test_a_credited_bundle_has_its_transfers(purchase, part, coins):
    key = f"bundle:{purchase.pk}{part}"
    delete_transfer(key)
    assert drifts() == [f"{key}: {coins} coins without a transfer"]


@pytest.mark.parametrize("state", ["pending", "refused", "expired"])
def test_coins_for_a_purchase_that_is_not_credited_are_found(purchase, state):
    BundlePurchase.objects.filter(pk=purchase.pk).update(state=state)
    words = "no credited purchase of a bundle stands behind it"
    rows = Transfer.objects.filter(key__startswith="bundle:")
    assert drifts() == sorted(f"transfer {row.pk} ({row.key}): {words}" for row in rows)


def test_coins_free_coins_and_owner_are_those_of_the_transfers(purchase, buyer):
    key = f"bundle:{purchase.pk}"
    BundlePurchase.objects.filter(pk=purchase.pk).update(coins=101, free_coins=19)
    assert drifts() == [
        f"{key}: 101 coins of customer {buyer.pk}, its transfer gives 100 to {buyer.pk}",
        f"{key}:free: 19 coins of customer {buyer.pk}, its transfer gives 20 to {buyer.pk}",
    ]
    BundlePurchase.objects.filter(pk=purchase.pk).update(coins=100, free_coins=0)
    assert [line.split(" ")[0] for line in drifts()] == ["transfer"]
    other = make_customer()
    BundlePurchase.objects.filter(pk=purchase.pk).update(free_coins=20, customer=other)
    assert drifts() == [
        f"{key}: 100 coins of customer {other.pk}, its transfer gives 100 to {buyer.pk}",
        f"{key}:free: 20 coins of customer {other.pk}, its transfer gives 20 to {buyer.pk}",
    ]


@pytest.mark.parametrize("change", ["amount = 99", "kind = 'reward'", "debit_id = debit_id - 1"])
def test_a_bundle_s_coins_are_of_that_amount_and_kind_and_come_from_the_gateway(purchase, change):
    tamper(f"UPDATE wallet_transfer SET {change} WHERE key = %s", f"bundle:{purchase.pk}")  # noqa: S608 - ours
    assert f"bundle:{purchase.pk}" in {line.partition(": ")[0] for line in drifts()}


@pytest.mark.parametrize(
    ("kind", "key"),
    [("bundle", "odd"), ("bonus", "odd"), ("bonus", "payment:1:bonus"), ("adjustment", "bundle:x:free")],
)
def test_odd_keys_of_bundles_are_found_and_stop_no_check(purchase, buyer, kind, key):
    pk = move(buyer, 5, kind, key, "promotions")
    words = f"transfer {pk} ({key}): no credited purchase of a bundle stands behind it"
    assert words in drifts()
