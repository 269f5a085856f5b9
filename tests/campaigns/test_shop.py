"""Buying codes for coins, seeing them once more, and when staff hear that few are left."""

import pytest

from campaigns.models import ProductCode
from campaigns.refusals import CampaignRefused
from campaigns.shop import buy_product, list_bought, list_products, show_again
from campaigns.stock import import_codes
from panel.support.models import Notification
from panel.wallet.house import house_balance
from panel.wallet.models import Account, Currency, Transfer, WalletEvent
from panel.wallet.tasks import handle_events
from tests.campaigns.shopping import count_coins, make_buyer, make_product, refuse
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


def list_low():
    """What staff are told of stock."""
    return list(WalletEvent.objects.filter(kind="low_stock").order_by("id").values_list("data", flat=True))


def test_only_active_products_with_a_code_in_stock_are_listed():
    stocked, sold = make_product("A"), make_product("B")
    make_product()
    make_product("C", active=False)
    buy_product(make_buyer().pk, sold.pk)
    assert list_products() == [stocked]


def test_a_sale_takes_the_price_and_gives_one_code():
    product, buyer = make_product("FIRST", "SECOND", price=30), make_buyer(100)
    code = buy_product(buyer.pk, product.pk)
    assert (code.code, code.product, code.price, code.buyer_id) == ("FIRST", product, 30, buyer.pk)
    assert (count_coins(buyer), house_balance(Account.Kind.SALES, Currency.COIN)) == (70, 30)
    moved = Transfer.objects.get(kind="purchase")
    assert (moved.key, moved.amount, moved.reference) == (f"product-code:{code.pk}", 30, str(product.pk))
    assert list(ProductCode.objects.filter(buyer=None).values_list("code", flat=True)) == ["SECOND"]


def test_a_later_price_leaves_what_was_paid():
    product, buyer = make_product("A", "B", price=30), make_buyer(100)
    buy_product(buyer.pk, product.pk)
    product.price = 50
    product.save()
    buy_product(buyer.pk, product.pk)
    assert [(row.code, row.price) for row in list_bought(buyer.pk)] == [("B", 50), ("A", 30)]
    assert count_coins(buyer) == 20


@pytest.mark.parametrize("product_id", [0, -1, 10**12])
def test_an_unknown_product_is_refused(product_id):
    assert refuse(buy_product, make_buyer().pk, product_id) == "unknown"


def test_an_inactive_product_is_refused():
    assert refuse(buy_product, make_buyer().pk, make_product("A", active=False).pk) == "unknown"


def test_without_stock_nothing_is_paid():
    product, buyer = make_product("A"), make_buyer(100)
    buy_product(make_buyer().pk, product.pk)
    assert refuse(buy_product, buyer.pk, product.pk) == "out_of_stock"
    assert (count_coins(buyer), list(list_bought(buyer.pk))) == (100, [])


@pytest.mark.parametrize("coins", [0, 9])
def test_without_coins_no_code_is_taken(coins):
    product, buyer = make_product("A"), make_buyer(coins)
    with pytest.raises(CampaignRefused) as caught:
        buy_product(buyer.pk, product.pk)
    assert (caught.value.code.value, caught.value.field) == ("funds", "coin_credit")
    assert (count_coins(buyer), ProductCode.objects.filter(buyer=None).count()) == (coins, 1)


def test_without_coins_and_without_stock_the_stock_is_told():
    assert refuse(buy_product, make_buyer(0).pk, make_product().pk) == "out_of_stock"


def test_a_bought_code_is_shown_once_more_and_not_again():
    product, buyer = make_product("SECRET"), make_buyer()
    code = buy_product(buyer.pk, product.pk)
    shown = show_again(buyer.pk, code.pk)
    assert (shown.code, shown.product, shown.shown_again_at is not None) == ("SECRET", product, True)
    assert refuse(show_again, buyer.pk, code.pk) == "shown"


def test_nobody_else_s_code_is_shown():
    product, buyer, other = make_product("A", "B"), make_buyer(), make_buyer()
    sold = buy_product(buyer.pk, product.pk)
    unsold = ProductCode.objects.get(buyer=None)
    assert [refuse(show_again, other.pk, pk) for pk in (sold.pk, unsold.pk, 0)] == ["unknown"] * 3
    assert show_again(buyer.pk, sold.pk).code == "A"


def test_low_stock_is_told_once_and_again_after_an_import():
    product, buyer = make_product("A", "B", "C", "D", title="SIM card", low_stock=3), make_buyer()
    buy_product(buyer.pk, product.pk)
    assert list_low() == []
    for _ in range(2):
        buy_product(buyer.pk, product.pk)
    assert list_low() == [{"product": "SIM card", "left": 2}]
    import_codes(product, b"E\nF")
    for _ in range(3):
        buy_product(buyer.pk, product.pk)
    assert list_low() == [{"product": "SIM card", "left": 2}] * 2


def test_an_import_that_adds_nothing_lets_nothing_be_told_again():
    product, buyer = make_product("A", "B", "C", low_stock=3), make_buyer()
    buy_product(buyer.pk, product.pk)
    import_codes(product, b"A\nB\nC")
    buy_product(buyer.pk, product.pk)
    assert len(list_low()) == 1


def test_low_stock_reaches_staff_and_not_the_buyer():
    staff, buyer = make_customer(is_staff=True), make_buyer()
    buy_product(buyer.pk, make_product("A", title="SIM card", low_stock=1).pk)
    handle_events()
    told = Notification.objects.filter(kind="low_stock").values_list("customer", "message")
    assert list(told) == [(staff.pk, "Only 0 codes of “SIM card” are left in the shop. Import more.")]
    assert not WalletEvent.objects.filter(handled_at=None).exists()


def test_a_product_without_a_bound_tells_nothing():
    buy_product(make_buyer().pk, make_product("A", low_stock=0).pk)
    assert list_low() == []
