"""A customer with a key, a service, and calls of happy-follower's API through Django's test client."""

from dataclasses import dataclass

import pytest
from django.test import Client

from orders.models import IdempotencyKey, Order, OrderEvent, TrialOrder
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer, WalletEvent
from tests.factories import make_customer, make_key, make_service

LINK = "https://instagram.com/p/abc"
REAL, SANDBOX = "/api/v1/", "/api/sandbox/v1/"
DONE = {"operation": "success"}
client = Client(raise_request_exception=False)


def error(message):
    """The envelope of a refusal."""
    return {"operation": "error", "message": message}


BAD_TOKEN = error("توکن نامعتبر یا منقضی شده است")


def send(method, path, token="", headers=None, **call):
    """(HTTP status, JSON) of one call; whatever happens it is JSON."""
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    answer = client.generic(method, path, headers=bearer | (headers or {}), **call)
    assert answer.headers["Content-Type"] == "application/json", answer.content
    return answer.status_code, answer.json()


@dataclass
class Caller:
    """Someone with an access token, at one of the two worlds."""

    root: str
    token: str

    def get(self, path, **call):
        return send("GET", self.root + path, self.token, **call)

    def send_raw(self, path, values, headers=None):
        """Django's answer to the values as JSON."""
        bearer = {"Authorization": f"Bearer {self.token}"}
        return client.post(self.root + path, values, "application/json", headers=bearer | (headers or {}))

    def post(self, path, values, headers=None):
        """(HTTP status, JSON) of the values as JSON."""
        answer = self.send_raw(path, values, headers)
        assert answer.headers["Content-Type"] == "application/json", answer.content
        return answer.status_code, answer.json()


def enter(key, root=REAL):
    """The Caller that a key becomes."""
    status, told = send("GET", root + "auth", key)
    assert (status, list(told)) == (200, ["operation", "refreshToken", "token"])
    return Caller(root, told["token"])


@pytest.fixture
def customer(db):
    return make_customer(toman=1_000_000)


@pytest.fixture
def key(customer):
    return make_key(customer, "happy_follower")


@pytest.fixture
def service(db):
    return make_service()


@pytest.fixture
def caller(key):
    return enter(key)


@pytest.fixture(params=[REAL, SANDBOX], ids=["real", "sandbox"])
def anywhere(request, key):
    """The caller, in both worlds one after the other."""
    return enter(key, request.param)


@pytest.fixture
def order_of(service):
    """The body of an order of `service`, with `fields` on top; None leaves one out."""

    def build(**fields):
        good = {"serviceId": service.pk, "link": LINK, "count": 100} | fields
        return {name: value for name, value in good.items() if value is not None}

    return build


@pytest.fixture
def ledger(customer):
    """What the database holds that an order could change; equal before and after means nothing happened."""

    def look():
        tables = (Order, OrderEvent, Transfer, IdempotencyKey, WalletEvent, TrialOrder)
        return {model.__name__: model.objects.count() for model in tables} | {
            "balance": read_balance(customer.pk)
        }

    return look
