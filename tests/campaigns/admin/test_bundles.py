"""Purchases of coins in the admin: what waits too long is work, and the store is asked when a person wants it."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from campaigns.bundles import _find_or_write
from campaigns.models import Bundle, BundlePurchase
from panel.wallet.ledger import read_balance
from tests.factories import make_customer
from tests.panel.admin_visits import found_ids, page_of, read, told
from tests.panel.admin_visits import superuser as superuser

pytestmark = pytest.mark.django_db
State = BundlePurchase.State


@pytest.fixture
def store(sandbox, settings):
    """The sandbox as the app store."""
    settings.BAZAAR_URL = f"{sandbox.url}/bazaar/devapi/v2/api"
    settings.BAZAAR_PACKAGE, settings.BAZAAR_SECRET = "sandbox.panel", "sandbox-bazaar-secret"
    return sandbox


@pytest.fixture
def bundle(db):
    return Bundle.objects.create(bazaar_sku="small", price=1000, coins=50, free_coins=5)


def make_purchase(bundle, token, **fields):
    row = _find_or_write(make_customer().pk, bundle, token)
    BundlePurchase.objects.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    return row


def ask(browser, row):
    return browser.post(f"{page_of(BundlePurchase)}{row.pk}/ask/", {"act": "1"}, follow=True)


def test_a_paid_one_is_credited_once_and_used_up(superuser, store, bundle):
    row = make_purchase(bundle, "good-1")
    words = [told(ask(superuser, row)) for _ in range(2)]
    assert words == [["The store was asked: credited."]] * 2
    row.refresh_from_db()
    assert (row.state, row.consumed_at is not None, read_balance(row.customer_id, "coin")) == (
        "credited",
        True,
        55,
    )
    assert LogEntry.objects.count() == 1
    assert "/ask/" not in read(superuser, page_of(BundlePurchase, "change", row.pk))


def test_one_that_expired_here_is_credited_when_the_store_says_paid(superuser, store, bundle):
    row = make_purchase(bundle, "good-2", state=State.EXPIRED, next_ask_at=None)
    assert told(ask(superuser, row)) == ["The store was asked: credited."]
    assert read_balance(row.customer_id, "coin") == 55


def test_an_unpaid_and_an_unclear_one_get_nothing(superuser, store, bundle):
    unpaid, unclear = make_purchase(bundle, "bad-token"), make_purchase(bundle, "nonsense-1")
    words = [told(ask(superuser, row))[0] for row in (unpaid, unclear)]
    starts = ("The store was asked: refused by the store.", "The store was asked: waiting for the store.")
    assert [word.startswith(start) for word, start in zip(words, starts, strict=True)] == [True, True]
    unclear.refresh_from_db()
    assert (unclear.state, unclear.asks, BundlePurchase.objects.get(pk=unpaid.pk).state) == (
        "pending",
        1,
        "refused",
    )
    assert [read_balance(row.customer_id, "coin") for row in (unpaid, unclear)] == [0, 0]


def test_without_a_store_nobody_is_asked(superuser, settings, bundle):
    settings.BAZAAR_URL = ""
    answer = ask(superuser, make_purchase(bundle, "good-3"))
    assert answer.context["blocks"][0]["form"].non_field_errors() == [
        "Coins can't be bought here at the moment."
    ]
    assert BundlePurchase.objects.get().state == "pending"


def test_what_waits_for_more_than_an_hour_is_work(superuser, bundle):
    old = timezone.now() - timedelta(minutes=61)
    stuck = make_purchase(bundle, "good-4", created=old)
    make_purchase(bundle, "good-5")
    make_purchase(bundle, "good-6", created=old, state=State.REFUSED, next_ask_at=None)
    link = f'{page_of(BundlePurchase)}?work=stuck"><strong><bdi>1</bdi></strong> purchases of coins'
    assert link in read(superuser, "/admin/")
    assert found_ids(superuser, BundlePurchase, work="stuck") == [stuck.pk]
    assert found_ids(superuser, BundlePurchase, q=stuck.customer.username) == [stuck.pk]
