"""A customer with a gray-city token, a service of each kind, and calls through Django's test client."""

import pytest
from django.test import Client

from orders.models import Category, IdempotencyKey, Order, OrderEvent
from panel.accounts.models import ApiToken
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer, WalletEvent
from providers.sandbox.server import SandboxServer
from tests.factories import make_customer, make_key, make_service

EMAIL = "reseller@example.com"
VIDEO = "https://www.aparat.com/v/hashd"
PROFILE = "https://www.aparat.com/UserName"
COMMENTS = ["test", "test2", "test3", "test4"]
CREATE_V2 = "/api/v2/order/create/"
CREATE = "/api/order/create/"
WATCH_TIME = "/api/order/watch-time/create/"
FOLLOWER = "/api/order/follower/create/"
FOLLOWER_PRO = "/api/order/follower-pro/create/"
ADS = "/api/order/ads/create/"
TRACKING = "/api/order/tracking/"
# Each way to order: path, kind of service, and the body beside the service.
DESKS = [
    (CREATE_V2, "like", {"link": VIDEO, "count": 50}),
    (CREATE_V2, "view", {"link": VIDEO, "count": 50}),
    (CREATE_V2, "comment", {"link": VIDEO, "comment": COMMENTS}),
    (CREATE, "like", {"link": VIDEO, "count": 50}),
    (CREATE, "view", {"link": VIDEO, "count": 50}),
    (CREATE, "comment", {"link": VIDEO, "comment": COMMENTS}),
    (WATCH_TIME, "watch_time", {"link": VIDEO, "count": 5}),
    (FOLLOWER, "follower", {"link": PROFILE}),
    (FOLLOWER_PRO, "follower_pro", {"link": PROFILE}),
    (ADS, "ads", {"description": "Ads Description"}),
]
IDS = [f"{path[5:-1]}-{kind}" for path, kind, _fields in DESKS]
SERVICES = {
    "like": {"type": "default", "price": 2_000},
    "view": {"type": "default", "price": 1_000},
    "comment": {"type": "custom_comments", "price": 50_000, "min": 2, "max": 100},
    "watch_time": {"type": "watch_time", "price": 900_000, "min": 1, "max": 40, "min_video_seconds": 120},
    "follower": {"type": "package", "price": 3_000, "pack_size": 100},
    "follower_pro": {"type": "package", "price": 6_000, "pack_size": 500},
    "ads": {"type": "ads", "price": 70_000},
}
client = Client()  # one for all: each builds the middleware anew, and a call keeps nothing in it


def service_field(path):
    """What the path calls a service."""
    return "product" if path in (FOLLOWER, FOLLOWER_PRO, ADS) else "category"


def make_services():
    """`{kind: Service}` of everything that the contract sells."""
    shelf = Category.objects.create(name="Aparat")
    return {
        kind: make_service(name=f"{kind} of aparat", kind=kind, category=shelf, **fields)
        for kind, fields in SERVICES.items()
    }


@pytest.fixture(scope="session")
def aparat():
    """The address of a server that plays Aparat."""
    with SandboxServer(port=0) as server:
        yield f"{server.url}/aparat"


@pytest.fixture(autouse=True)
def _ask_aparat(settings, aparat):
    settings.APARAT_URL = aparat


@pytest.fixture
def customer(db):
    return make_customer(toman=1_000_000, email=EMAIL)


@pytest.fixture
def token(customer):
    return make_key(customer, ApiToken.Contract.GRAY_CITY)


@pytest.fixture
def services(db):
    return make_services()


@pytest.fixture
def get(token):
    """GET a path: `(status, JSON)`."""

    def ask(path, query=None, token=token):
        return read(client.get(path, query, headers={"Authorization": f"Token {token}"}))

    return ask


@pytest.fixture
def post(token):
    """POST a JSON body to a path: `(status, JSON)`."""

    def send(path, body, token=token, **headers):
        headers = {"Authorization": f"Token {token}"} | headers
        return read(client.post(path, body, "application/json", headers=headers))

    return send


@pytest.fixture
def order(post, services):
    """Order from a desk: `order(LIKE_DESK, count=5)`; None leaves a field of the desk's body out."""

    def send(desk, headers=None, **changes):
        path, kind, fields = desk
        body = {service_field(path): services[kind].pk} | fields | changes
        body = {name: value for name, value in body.items() if value is not None}
        return post(path, body, **(headers or {}))

    return send


def read(answer):
    """`(status, JSON)` of an answer that is JSON of its told length."""
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Length"] == str(len(answer.content))
    return answer.status_code, answer.json()


@pytest.fixture
def ledger(customer):
    """What the database holds that an order could change; equal before and after means nothing happened."""

    def look():
        tables = (Order, OrderEvent, Transfer, IdempotencyKey, WalletEvent)
        return {model.__name__: model.objects.count() for model in tables} | {
            "balance": read_balance(customer.pk)
        }

    return look
