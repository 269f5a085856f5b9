"""Somebody with likes and coins, kinds of campaigns, and an Instagram and a store that really answer."""

import pytest

from campaigns.models import Bundle
from panel.accounts.identities import link_identity
from tests.factories import give, make_class
from tests.panel.dashboard.conftest import (  # noqa: F401 - the same customers and browsers as for other pages
    _quick_passwords,
    browser,
    customer,
    persian,
    stranger,
    visitor,
)


@pytest.fixture
def rich(customer):  # noqa: F811 - the fixture
    """The customer, with 1,000 likes and 500 coins."""
    give(customer, 1_000)
    give(customer, 500, "coin")
    return customer


@pytest.fixture
def liking(db):
    """A class paid in likes: 10, of which the liker gets 5; no texts."""
    return make_class("like")


@pytest.fixture
def wordy(db):
    """A class paid in coins, with every text: 5 a like, of which the liker gets 2."""
    texts = dict.fromkeys(("has_description", "has_phone", "has_website", "has_address"), True)
    return make_class("coin", campaign_value=5, user_share=2, waiting=15, **texts)


@pytest.fixture
def instagram(sandbox, settings):
    """The sandbox's Instagram, where everybody known there likes everything."""
    settings.INSTAGRAM_API_URL = f"{sandbox.url}/instagram/v1"
    return sandbox


@pytest.fixture
def linked(customer):  # noqa: F811 - the fixture
    """The customer, whose account at Instagram is known."""
    link_identity(customer.pk, "46569725", "sara")
    return customer


@pytest.fixture
def store(sandbox, settings):
    """The sandbox's store, and a bundle of it."""
    settings.BAZAAR_URL = f"{sandbox.url}/bazaar/devapi/v2/api"
    settings.BAZAAR_SECONDS = 2
    Bundle.objects.create(bazaar_sku="coins-100", price=20_000, coins=100, free_coins=10)
    return sandbox
