"""A receiver that takes everything, and an endpoint that leads to it."""

import pytest

from tests.factories import make_customer
from tests.orders.webhooks.steps import register
from tests.panel.lib.raw_server import RawServer, http_answer
from tests.providers.conftest import way  # noqa: F401 - the same start as for tests of an order's way


@pytest.fixture
def receiver():
    with RawServer(http_answer(b"ok")) as server:
        yield server


@pytest.fixture
def customer(db):
    return make_customer(toman=100_000)


@pytest.fixture
def endpoint(customer, receiver):
    return register(customer, receiver)
