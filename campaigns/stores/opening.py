"""The app store of this installation, made from the settings."""

from django.conf import settings

from campaigns.stores.bazaar import BazaarStore
from panel.lib.outbound import outbound_client


def has_store():
    """Whether bundles can be bought here."""
    return bool(settings.BAZAAR_URL and settings.BAZAAR_PACKAGE)


def open_store():
    """The Store; each call takes settings.BAZAAR_SECONDS at most."""
    return BazaarStore(
        settings.BAZAAR_URL,
        settings.BAZAAR_PACKAGE,
        settings.BAZAAR_SECRET,
        outbound_client(),
        settings.BAZAAR_SECONDS,
    )
