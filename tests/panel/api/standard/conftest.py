"""A customer with a key, a service, and calls of the standard API through Django's test client."""

import pytest
from django.test import Client

from orders.models import IdempotencyKey, Order, OrderEvent
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer, WalletEvent
from tests.factories import make_customer, make_key, make_service

LINK = "https://instagram.com/p/abc"
client = Client()  # one for all: each builds the middleware anew, and a call keeps nothing in it


@pytest.fixture
def customer(db):
    return make_customer(toman=1_000_000)


@pytest.fixture
def key(customer):
    return make_key(customer)


@pytest.fixture
def service(db):
    return make_service()


@pytest.fixture
def call(key):
    """POST the values as a form with the customer's key, and return the answer's JSON; None leaves one out."""

    def post(values, headers=None):
        given = {name: value for name, value in ({"key": key} | values).items() if value is not None}
        answer = client.post("/api/v2", given, headers=headers)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/json"
        return answer.json()

    return post


@pytest.fixture
def add(call, service):
    """`add` one order of `service`, with `fields` on top of good ones."""

    def post(headers=None, **fields):
        good = {"action": "add", "service": service.pk, "link": LINK, "quantity": 100}
        return call(good | fields, headers)

    return post


@pytest.fixture
def ledger(customer):
    """What the database holds that an order could change; equal before and after means nothing happened."""

    def look():
        tables = (Order, OrderEvent, Transfer, IdempotencyKey, WalletEvent)
        return {model.__name__: model.objects.count() for model in tables} | {
            "balance": read_balance(customer.pk)
        }

    return look
