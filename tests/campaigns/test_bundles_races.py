"""One purchase token from many sides at once: its coins are credited once, to one person."""

import pytest
from django.utils import timezone

from campaigns import bundles
from campaigns.bundles import settle_purchase
from campaigns.models import BundlePurchase
from campaigns.tasks import sweep_purchases
from panel.wallet.models import Transfer, WalletEvent
from tests.campaigns.shopping import count_coins, list_drifts, make_bundle, make_buyer
from tests.campaigns.store import buy, use_store
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def store(settings, sandbox):
    """The sandbox as the store."""
    use_store(settings, sandbox.url)
    settings.BAZAAR_SECONDS = 20
    return sandbox


@pytest.fixture
def buyer(db):
    return make_buyer(0)


@pytest.fixture
def bundle(db):
    return make_bundle()


def list_transfers():
    return sorted(Transfer.objects.values_list("key", "amount"))


def test_a_token_sent_twenty_times_at_once_is_credited_once(buyer, bundle):
    assert run_together(*(lambda: buy(buyer, "good-1") for _ in range(20))) == ["credited"] * 20
    purchase = BundlePurchase.objects.get()
    assert list_transfers() == [(f"bundle:{purchase.pk}", 100), (f"bundle:{purchase.pk}:free", 20)]
    assert (count_coins(buyer), WalletEvent.objects.filter(kind="bundle").count()) == (120, 1)
    assert (purchase.consumed_at is not None, purchase.next_ask_at) == (True, None)
    assert list_drifts() == []


def test_a_token_of_two_persons_at_once_is_credited_to_one(bundle):
    for number in range(10):
        people = [make_buyer(0), make_buyer(0)]
        token = f"good-{number}"
        outcomes = run_together(*(lambda who=who, t=token: buy(who, t) for who in people))
        assert sorted(outcomes) == ["credited", "not_paid"]
        winner = people[outcomes.index("credited")]
        assert [count_coins(who) for who in people] == [120 * (who == winner) for who in people]
        assert BundlePurchase.objects.latest("id").customer == winner
    assert list_drifts() == []


def test_many_tokens_of_one_person_at_once_are_all_credited(buyer, bundle):
    outcomes = run_together(*(lambda n=n: buy(buyer, f"good-{n}") for n in range(10)))
    assert outcomes == ["credited"] * 10
    assert count_coins(buyer) == 1_200
    assert list_drifts() == []


def test_beat_and_the_person_who_sends_it_again_credit_once(settings, store, buyer, bundle):
    for number in range(5):
        token = f"good-{number}"
        bundles._find_or_write(buyer.pk, bundle, token)
        BundlePurchase.objects.exclude(next_ask_at=None).update(next_ask_at=timezone.now())
        run_together(bundles.sweep_purchases, lambda t=token: buy(buyer, t), bundles.sweep_purchases)
        assert count_coins(buyer) == 120 * (number + 1)
    assert BundlePurchase.objects.filter(next_ask_at__isnull=False).count() == 0
    assert list_drifts() == []


def test_two_sweeps_at_once_ask_about_each_purchase_once(store, buyer, bundle):
    for number in range(15):
        bundles._find_or_write(buyer.pk, bundle, f"good-{number}")
    BundlePurchase.objects.update(next_ask_at=timezone.now())
    assert sum(run_together(*(bundles.sweep_purchases for _ in range(3)))) == 15
    with store.state.store.transaction() as database:
        asked = tuple(database.execute("SELECT count(*), sum(looks) FROM purchases").fetchone())
    assert asked == (15, 15)
    assert count_coins(buyer) == 15 * 120


def test_an_unclear_answer_beside_a_clear_one_leaves_the_credit(store, buyer, bundle):
    purchase = bundles._find_or_write(buyer.pk, bundle, "late-1")
    run_together(*(lambda: settle_purchase(purchase) for _ in range(6)))
    BundlePurchase.objects.exclude(next_ask_at=None).update(next_ask_at=timezone.now())
    sweep_purchases()
    purchase.refresh_from_db()
    assert (purchase.state, purchase.next_ask_at, purchase.consumed_at is not None) == (
        "credited",
        None,
        True,
    )
    assert count_coins(buyer) == 120
    assert list_drifts() == []
