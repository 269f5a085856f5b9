"""Purchases without a clear answer, and those that a process left: beat asks, consumes, and gives up in the end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns import bundles
from campaigns.bundles import (
    CLAIM_SIZE,
    FREE_ASKS,
    GIVE_UP,
    OPEN_AT_ONCE,
    list_purchases,
    settle_purchase,
)
from campaigns.models import BundlePurchase
from campaigns.tasks import sweep_purchases
from panel.wallet.models import Transfer, WalletEvent
from tests.campaigns.shopping import count_coins, make_bundle, make_buyer
from tests.campaigns.store import PAID, buy, come_due, count_looks, is_consumed, leave_store, use_store

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


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("slow-1", "no complete answer in time"),
        ("nonsense-1", "HTTP 200"),
        ("late-1", "HTTP 500"),
    ],
)
def test_without_a_clear_answer_nothing_is_credited_and_beat_goes_on(buyer, bundle, token, reason):
    assert buy(buyer, token) == "payment_unclear"
    purchase = BundlePurchase.objects.get()
    assert (purchase.state, purchase.reason, purchase.asks) == ("pending", reason, 1)
    assert timedelta() < purchase.next_ask_at - timezone.now() <= timedelta(minutes=1)
    assert (count_coins(buyer), Transfer.objects.count(), WalletEvent.objects.count()) == (0, 0, 0)


def test_beat_credits_what_the_store_confirms_later(store, buyer, bundle):
    assert buy(buyer, "late-1") == "payment_unclear"
    sweep_purchases()
    assert count_looks(store, "late-1") == 1
    for expected in ("pending", "credited", "credited"):
        come_due()
        sweep_purchases()
        assert BundlePurchase.objects.get().state == expected
    assert (count_coins(buyer), count_looks(store, "late-1")) == (120, 3)
    assert is_consumed(store, "late-1")


def test_beat_refuses_what_the_store_gave_back_meanwhile(settings, store, buyer, bundle):
    leave_store(settings)
    assert buy(buyer, "refunded-1") == "payment_unclear"
    use_store(settings, store.url)
    come_due()
    sweep_purchases()
    assert BundlePurchase.objects.get().state == "refused"
    assert count_coins(buyer) == 0


def test_the_waits_grow_with_the_age_however_often_it_is_asked(settings, buyer, bundle):
    leave_store(settings)
    for _ in range(10):
        buy(buyer)
    waits = [(0, 60), (600, 600), (7_200, 3_600)]
    for age, expected in waits:
        BundlePurchase.objects.update(created=timezone.now() - timedelta(seconds=age))
        buy(buyer)
        wait = BundlePurchase.objects.get().next_ask_at - timezone.now()
        assert expected - 30 < wait.total_seconds() < expected + 30


def test_after_many_asks_only_beat_asks(settings, store, buyer, bundle):
    leave_store(settings)
    assert buy(buyer) == "payment_unclear"
    BundlePurchase.objects.update(asks=FREE_ASKS)
    use_store(settings, store.url)
    assert (buy(buyer), count_looks(store, "good-1")) == ("payment_unclear", 0)
    come_due()
    sweep_purchases()
    assert buy(buyer) == "credited"


def test_what_is_never_confirmed_expires(settings, buyer, bundle):
    leave_store(settings)
    assert buy(buyer) == "payment_unclear"
    come_due(created=timezone.now() - GIVE_UP - timedelta(minutes=1))
    sweep_purchases()
    purchase = BundlePurchase.objects.get()
    assert (purchase.state, purchase.next_ask_at) == ("expired", None)
    assert buy(buyer) == "not_paid"


def test_an_expired_purchase_that_is_asked_about_again_by_hand_is_credited(settings, store, buyer, bundle):
    leave_store(settings)
    buy(buyer)
    BundlePurchase.objects.update(state="expired", next_ask_at=None)
    use_store(settings, store.url)
    assert settle_purchase(BundlePurchase.objects.get()).state == "credited"
    assert count_coins(buyer) == 120


def test_a_purchase_that_cannot_be_consumed_is_credited_once_and_consumed_by_beat(store, buyer, bundle):
    store.set_fault("bazaar/consume", "500", times=2)
    assert buy(buyer) == "credited"
    for consumed in (False, True):
        purchase = BundlePurchase.objects.get()
        assert (purchase.consumed_at, purchase.state, purchase.reason) == (None, "credited", "HTTP 500")
        come_due()
        sweep_purchases()
        assert (BundlePurchase.objects.get().consumed_at is not None) is consumed
    purchase.refresh_from_db()
    assert (purchase.next_ask_at, purchase.reason, is_consumed(store, PAID)) == (None, "", True)
    assert (count_coins(buyer), count_looks(store, PAID)) == (120, 1)


def test_a_purchase_that_is_never_consumed_stays_credited(settings, store, buyer, bundle):
    store.set_fault("bazaar/consume", "500", times=1)
    buy(buyer)
    leave_store(settings)
    come_due(created=timezone.now() - GIVE_UP - timedelta(minutes=1))
    sweep_purchases()
    purchase = BundlePurchase.objects.get()
    assert (purchase.state, purchase.next_ask_at, purchase.consumed_at) == ("credited", None, None)
    assert (buy(buyer), count_coins(buyer)) == ("credited", 120)


def test_one_who_died_before_asking_leaves_it_to_beat(store, buyer, bundle):
    bundles._find_or_write(buyer.pk, bundle, "good-1")
    sweep_purchases()
    assert count_looks(store, "good-1") == 0
    come_due()
    sweep_purchases()
    assert BundlePurchase.objects.get().state == "credited"
    assert (count_coins(buyer), is_consumed(store, "good-1")) == (120, True)


def test_one_who_died_after_crediting_leaves_the_consuming_to_beat(store, buyer, bundle):
    purchase = bundles._find_or_write(buyer.pk, bundle, "good-1")
    bundles._credit(purchase.pk)
    assert (buy(buyer), count_looks(store, "good-1")) == ("credited", 0)
    assert not is_consumed(store, "good-1")
    come_due()
    sweep_purchases()
    assert (count_coins(buyer), is_consumed(store, "good-1")) == (120, True)
    assert BundlePurchase.objects.get().next_ask_at is None


def test_one_who_died_after_consuming_consumes_once_more(store, buyer, bundle):
    buy(buyer)
    BundlePurchase.objects.update(consumed_at=None, next_ask_at=timezone.now())
    sweep_purchases()
    purchase = BundlePurchase.objects.get()
    assert (purchase.next_ask_at, purchase.consumed_at is not None, count_coins(buyer)) == (None, True, 120)


def test_one_purchase_s_trouble_keeps_no_other_waiting(monkeypatch, settings, store, buyer, bundle, caplog):
    leave_store(settings)
    for name in ("good-1", "good-2", "good-3"):
        buy(buyer, name)
    use_store(settings, store.url)
    come_due()
    broken = BundlePurchase.objects.order_by("pk").first()
    settle = bundles.settle_purchase
    monkeypatch.setattr(bundles, "settle_purchase", lambda row: settle(None if row.pk == broken.pk else row))
    sweep_purchases()
    states = BundlePurchase.objects.order_by("pk").values_list("state", flat=True)
    assert (list(states), count_coins(buyer)) == (["pending", "credited", "credited"], 240)
    assert f"purchase {broken.pk} was not looked at" in caplog.text
    assert "good-" not in caplog.text


def test_a_claim_is_leased_for_longer_than_its_calls_take(settings, buyer, bundle):
    settings.BAZAAR_SECONDS = 60
    bundles._find_or_write(buyer.pk, bundle, "good-1")
    come_due()
    claimed = bundles._claim()
    lease = BundlePurchase.objects.get().next_ask_at - timezone.now()
    assert [row.token for row in claimed] == ["good-1"]
    assert lease.total_seconds() > 2 * 60 * CLAIM_SIZE
    assert bundles._claim() == []


def test_nobody_leaves_more_than_some_purchases_waiting(settings, store, buyer, bundle):
    leave_store(settings)
    for number in range(OPEN_AT_ONCE):
        assert buy(buyer, f"good-{number}") == "payment_unclear"
    assert buy(buyer, "good-more") == "too_many_wait"
    assert list_purchases(buyer.pk).filter(state="pending").count() == OPEN_AT_ONCE
    use_store(settings, store.url)
    assert [buy(buyer, "good-0"), buy(buyer, "good-more")] == ["credited"] * 2
