"""A bank that the sandbox plays, and a customer who pays there."""

import pytest

from tests.factories import make_customer


@pytest.fixture
def bank(settings, sandbox):
    """The sandbox as this panel's bank; answers on port 9 of this machine lead nowhere."""
    settings.SANDBOX_URL = sandbox.url
    settings.ZARINPAL_URL = f"{sandbox.url}/bank"
    settings.ZARINPAL_MERCHANT_ID = "sandbox-merchant-0000000000000000000"
    settings.BASE_URL = "http://127.0.0.1:9"
    return sandbox


@pytest.fixture
def customer(db):
    return make_customer()
