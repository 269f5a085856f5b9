"""Buying bundles at the store that the sandbox plays, and looking inside it."""

from django.utils import timezone

from campaigns.bundles import buy_bundle
from campaigns.models import BundlePurchase
from tests.campaigns.shopping import refuse

NOWHERE = "http://127.0.0.1:9"
PAID = "good-1"


def use_store(settings, url):
    """Let the sandbox at `url` be the store; it answers within 3 seconds or not at all."""
    settings.BAZAAR_URL = f"{url}/bazaar/devapi/v2/api"
    settings.BAZAAR_PACKAGE = "sandbox.panel"
    settings.BAZAAR_SECRET = "sandbox-bazaar-secret"
    settings.BAZAAR_SECONDS = 3


def buy(buyer, token=PAID, sku="coins-100"):
    """The purchase's state, or why it was refused."""
    bought = refuse(buy_bundle, buyer.pk, sku, token)
    return bought if isinstance(bought, str) else bought.state


def is_consumed(store, token):
    """Whether the store was told that the purchase is used up."""
    with store.state.store.transaction() as database:
        row = database.execute("SELECT consumed FROM purchases WHERE token = ?", (token,)).fetchone()
    return bool(row and row[0])


def count_looks(store, token):
    """How often the store was asked about the purchase."""
    with store.state.store.transaction() as database:
        row = database.execute("SELECT looks FROM purchases WHERE token = ?", (token,)).fetchone()
    return row[0] if row else 0


def come_due(**fields):
    """As if the wait were over; and these fields too."""
    BundlePurchase.objects.exclude(next_ask_at=None).update(next_ask_at=timezone.now(), **fields)


def leave_store(settings):
    """From here on nobody answers."""
    settings.BAZAAR_URL = NOWHERE
