"""A customer who may send, and calls of the SMS gateway's contract through Django's test client."""

import json
from dataclasses import dataclass, field

import pytest
from django.test import Client

from panel.accounts.models import ApiToken
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from sms.models import Message, Package, Phonebook, PhonebookNumber, Send, SenderLine, SmsAccount
from tests.factories import make_customer, make_key

ROOT = "/api/v1/rest/"
LINE = "3000123"
BAD_CREDENTIALS = (401, {"status": 401, "message": "توکن، نام کاربری یا رمز عبور اشتباه است"})
client = Client(raise_request_exception=False)


def call(method, path, content=None, headers=None, root=ROOT):
    """Django's answer to one call, `content` as JSON; whatever happens, it is JSON."""
    body = "" if content is None else json.dumps(content)
    answer = client.generic(method, root + path, body, "application/json", headers=headers or {})
    assert answer.headers["Content-Type"] == "application/json", answer.content
    return answer


def told(answer):
    """`(HTTP status, JSON)`."""
    return answer.status_code, answer.json()


def done(result):
    """The answer of a call that has this result."""
    return 200, {"status": 200, "result": result}


@dataclass
class Caller:
    """Somebody with these headers."""

    headers: dict = field(default_factory=dict)

    def get(self, path, content=None):
        return told(call("GET", path, content, self.headers))

    def post(self, path, content):
        return told(call("POST", path, content, self.headers))

    def delete(self, path, content=None):
        return told(call("DELETE", path, content, self.headers))


def make_caller(customer, **fields):
    """A Caller with a key of the customer's; `fields` are of its ApiToken."""
    key = make_key(customer, ApiToken.Contract.SMS_REST)
    if fields:
        ApiToken.objects.filter(customer=customer, prefix=key[:6]).update(**fields)
    return Caller({"token": key})


def make_account(customer, **fields):
    """The customer's SmsAccount with these fields."""
    return SmsAccount.objects.update_or_create(customer=customer, defaults=fields)[0]


@pytest.fixture
def package(db):
    """What everybody pays: 10 toman a Persian part, 5 a Latin one."""
    return Package.objects.create(name="basic", persian_price=10, latin_price=5, is_default=True)


@pytest.fixture
def line(db):
    return SenderLine.objects.create(number=LINE, advertising=False)


@pytest.fixture
def customer(package, line):
    return make_customer(toman=1_000, username="reseller", mobile="+989121000000")


@pytest.fixture
def caller(customer):
    return make_caller(customer)


@pytest.fixture
def other(package):
    """A Caller who is somebody else."""
    return make_caller(make_customer(toman=1_000))


@pytest.fixture
def letter():
    """Builds the content of `sms/send`, with `fields` on top; None leaves one out."""

    def build(**fields):
        good = {"from": LINE, "recipients": ["09121111111"], "message": "hello", "type": 0} | fields
        return {name: value for name, value in good.items() if value is not None}

    return build


@pytest.fixture
def rows(customer):
    """What the database holds that a call could change; equal before and after means nothing happened."""

    def look():
        tables = (Send, Message, Transfer, Phonebook, PhonebookNumber)
        return {model.__name__: model.objects.count() for model in tables} | {
            "balance": read_balance(customer.pk)
        }

    return look
