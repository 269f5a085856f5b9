"""Callers of the like exchange through Django's test client, with the played Instagram and app store behind it."""

import json
from dataclasses import dataclass, field

import pytest
from django.test import Client

from campaigns.models import BundlePurchase, Campaign, Like, Report
from panel.accounts.models import ApiToken
from panel.support.models import Ticket
from panel.wallet.models import Transfer
from tests.factories import give, make_class, make_customer, make_key

ROOT = "/api/"
HOME = "http://panel.example"  # what the panel takes for its own address
ACCEPT = "application/vnd.likenama.v1"
PICTURE = "https://www.instagram.com/p/CA2-Sn-n9YX/"
BAD_TOKEN = "ارتباط با سرور قطع شدهاست. دوباره وارد شوید"
NOT_FOUND = "مورد درخواستشده یافت نشد"
NO_CREDIT = "شما اعتبار کافی ندارید"
client = Client(raise_request_exception=False)


def call(method, path, content=None, headers=None):
    """Django's answer to one call, `content` as JSON; whatever happens, it is JSON or nothing at all."""
    body = "" if content is None else json.dumps(content)
    answer = client.generic(
        method, ROOT + path, body, "application/json", headers={"Accept": ACCEPT} | (headers or {})
    )
    if method != "HEAD":
        assert answer.headers.get("Content-Type") == ("application/json" if answer.content else None)
    return answer


def told(answer):
    """`(HTTP status, JSON)`; an empty body is None."""
    return answer.status_code, json.loads(answer.content) if answer.content else None


def refuse(status, words, field="base"):
    """The answer of a call that is refused with these words."""
    return status, {"errors": {field: [words]}}


@dataclass
class Caller:
    """Somebody who sends these headers."""

    headers: dict = field(default_factory=dict)

    def get(self, path):
        return told(call("GET", path, headers=self.headers))

    def post(self, path, content=None):
        return told(call("POST", path, content, self.headers))


def make_caller(customer, **fields):
    """A Caller with a key of the customer's; `fields` are of its ApiToken."""
    key = make_key(customer, ApiToken.Contract.LIKENAMA)
    ApiToken.objects.filter(customer=customer, prefix=key[:6]).update(name="app", **fields)
    return Caller({"Authorization": key})


def count_rows():
    """How many rows there are of all that a call could make; equal before and after means nothing happened."""
    return [model.objects.count() for model in (Campaign, Like, Report, Transfer, BundlePurchase, Ticket)]


@pytest.fixture
def played(sandbox, settings):
    """The settings name the sandbox, and an address of our own; the sandbox's url."""
    settings.BASE_URL, settings.SANDBOX_URL = f"{HOME}/", sandbox.url
    settings.INSTAGRAM_AUTHORIZE_URL = f"{sandbox.url}/instagram/oauth/authorize"
    settings.INSTAGRAM_TOKEN_URL = f"{sandbox.url}/instagram/oauth/access_token"
    settings.INSTAGRAM_API_URL = f"{sandbox.url}/instagram/v1"
    settings.BAZAAR_URL = f"{sandbox.url}/bazaar/devapi/v2/api"
    return sandbox.url


@pytest.fixture
def customer(db):
    return make_customer(username="phoebe")


@pytest.fixture
def caller(customer):
    return make_caller(customer)


@pytest.fixture
def like_class(db):
    """Paid in likes: a like costs 10, of which the liker gets 5."""
    return make_class("like")


@pytest.fixture
def rich(customer):
    """The customer with 1,000 likes and 500 coins."""
    give(customer, 1_000, "like")
    give(customer, 500, "coin")
    return customer
