"""What tests of an order's way start from."""

import pytest

from tests.factories import make_customer, make_provider, make_route, make_service
from tests.providers.steps import PRICE, PURSE


@pytest.fixture
def way(request, db, sandbox, clean_redis, settings):
    """(customer, service, provider): a full purse, and a route to the sandbox.

    The provider honours no idempotency key. Nothing is due again by itself within a test.
    """
    settings.POLL_FIRST_SECONDS = 30
    customer, service = make_customer(PURSE), make_service(price=PRICE)
    provider = make_provider(sandbox.url, key="sandbox-key-noidem")
    make_route(service, provider)
    return customer, service, provider
