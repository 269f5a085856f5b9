"""Bundles bought at a store over real HTTP: what is credited, and what is refused."""

import pytest
from django.db import connection
from django.utils import timezone

from campaigns.bundles import (
    LONGEST_TOKEN,
    list_bundles,
    list_purchases,
)
from campaigns.models import BundlePurchase
from panel.support.models import Notification
from panel.wallet.house import house_balance
from panel.wallet.models import Account, Currency, Transfer, WalletEvent
from panel.wallet.tasks import handle_events
from tests.campaigns.shopping import count_coins, make_bundle, make_buyer
from tests.campaigns.store import buy, count_looks, is_consumed, use_store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, sandbox):
    """The sandbox as the store."""
    use_store(settings, sandbox.url)
    return sandbox


@pytest.fixture
def buyer(db):
    return make_buyer(0)


@pytest.fixture
def bundle(db):
    return make_bundle()


def test_a_paid_purchase_is_credited_and_consumed(store, buyer, bundle):
    before = timezone.now()
    assert buy(buyer) == "credited"
    purchase = BundlePurchase.objects.get()
    assert (purchase.coins, purchase.free_coins, purchase.next_ask_at) == (100, 20, None)
    assert purchase.consumed_at > before and purchase.settled_at > before
    assert (count_coins(buyer), is_consumed(store, "good-1")) == (120, True)
    assert house_balance(Account.Kind.GATEWAY, Currency.COIN) == -100
    assert house_balance(Account.Kind.PROMOTIONS, Currency.COIN) == -20
    assert WalletEvent.objects.get().data == {"bundle": "coins-100", "coins": 120}


def test_the_buyer_is_told_once(buyer, bundle):
    for _ in range(2):
        buy(buyer)
        handle_events()
    told = Notification.objects.values_list("customer", "kind", "message")
    assert list(told) == [(buyer.pk, "bundle", f"Dear {buyer}, 120 coins are in your wallet.")]


def test_a_bundle_without_free_coins_is_one_transfer(buyer):
    make_bundle("plain", free_coins=0)
    assert buy(buyer, sku="plain") == "credited"
    assert list(Transfer.objects.values_list("kind", "amount")) == [("bundle", 100)]


def test_the_same_token_again_is_answered_as_before_and_credits_nothing(store, buyer, bundle):
    assert [buy(buyer) for _ in range(3)] == ["credited"] * 3
    assert (count_coins(buyer), count_looks(store, "good-1")) == (120, 1)


def test_a_bundle_changed_while_a_purchase_waits_leaves_it_as_it_was_bought(buyer, bundle):
    assert buy(buyer, "late-1") == "payment_unclear"
    bundle.coins, bundle.free_coins = 1, 0
    bundle.save()
    assert [buy(buyer, "late-1") for _ in range(2)] == ["payment_unclear", "credited"]
    assert count_coins(buyer) == 120


@pytest.mark.parametrize("token", ["bad-token", "refunded-1"])
def test_what_the_store_does_not_know_or_gave_back_is_refused_for_good(buyer, bundle, token):
    assert [buy(buyer, token) for _ in range(2)] == ["not_paid"] * 2
    purchase = BundlePurchase.objects.get()
    assert (purchase.state, purchase.next_ask_at, purchase.asks) == ("refused", None, 0)
    assert purchase.reason in ("the store knows no such purchase", "the purchase was refunded")
    assert count_coins(buyer) == 0


def test_somebody_else_s_token_is_refused_as_one_that_nobody_paid(store, buyer, bundle):
    buy(buyer)
    other = make_buyer(0)
    assert buy(other) == buy(other, "bad-token") == "not_paid"
    assert (count_coins(other), count_coins(buyer), count_looks(store, "good-1")) == (0, 120, 1)
    assert [row.token for row in list_purchases(other.pk)] == ["bad-token"]


def test_a_token_is_good_for_the_bundle_it_was_sent_for_alone(buyer, bundle):
    make_bundle("coins-900", coins=900)
    buy(buyer)
    assert buy(buyer, sku="coins-900") == "not_paid"
    assert count_coins(buyer) == 120


@pytest.mark.parametrize(
    "token", ["", " ", "a b", "a\nb", "توکن", "x" * (LONGEST_TOKEN + 1), ".", "..", None, 7, ["good-1"]]
)
def test_what_is_no_token_is_refused_unasked(buyer, bundle, token):
    assert buy(buyer, token) == "token_bad"
    assert BundlePurchase.objects.count() == 0


@pytest.mark.parametrize("token", ["good-/../x?y#z", "good-%2e", "good-" + "x" * (LONGEST_TOKEN - 5)])
def test_a_token_may_hold_what_addresses_give_a_meaning_to(store, buyer, bundle, token):
    assert buy(buyer, token) == "credited"
    assert is_consumed(store, token)


def test_an_unknown_bundle_is_refused(buyer):
    assert [buy(buyer, sku=sku) for sku in ("none", "")] == ["unknown"] * 2


def test_a_bundle_that_went_off_sale_after_it_was_paid_is_credited(store, buyer):
    make_bundle("off", active=False)
    assert (list_bundles(), buy(buyer, sku="off")) == ([], "credited")


def test_without_a_store_nothing_is_sold(settings, buyer, bundle):
    assert list_bundles() == [bundle]
    settings.BAZAAR_PACKAGE = ""
    assert (list_bundles(), buy(buyer)) == ([], "store_off")


def test_a_wrong_secret_is_no_word_on_any_payment(settings, buyer, bundle):
    settings.BAZAAR_SECRET = "rotated"
    assert buy(buyer) == "payment_unclear"
    assert BundlePurchase.objects.get().reason == "HTTP 401 invalid_credentials"


def test_the_database_sees_no_token(buyer, bundle):
    buy(buyer, "good-secret")
    with connection.cursor() as cursor:
        cursor.execute("SELECT campaigns_bundlepurchase::text FROM campaigns_bundlepurchase")
        assert "good-secret" not in cursor.fetchone()[0]
    assert BundlePurchase.objects.get().token == "good-secret"
