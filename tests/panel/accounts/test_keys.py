"""Which keys are good, of what is stored and where the call comes from."""

from datetime import timedelta

import pytest
from django.utils import timezone

from panel.accounts.keys import find_good_key
from panel.accounts.models import ApiToken
from panel.accounts.tokens import issue_token, rotate_token
from panel.lib.secrets import digest_token
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def token():
    return issue_token(make_customer(), "sms_rest")[1]


def find(token, contract="sms_rest", address="192.0.2.7"):
    return find_good_key(digest_token(token), contract, address)


def test_a_good_one_and_its_customer(token):
    key = ApiToken.objects.get()
    assert (find(token), find(token).customer) == (key, key.customer)


def test_a_locked_customer_s_is_found(token):
    customer = ApiToken.objects.get().customer
    customer.is_active = False
    customer.save()
    assert find(token).customer.is_active is False


def test_the_replaced_one_lives_on_for_a_while(token):
    rotate_token(ApiToken.objects.get())
    assert find(token) is not None


@pytest.mark.parametrize(
    "fields",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"use": "access"},
        {"contract": "standard"},
        {"allowed_networks": ["192.0.3.0/24", "::/0"]},
    ],
)
def test_those_that_are_not(token, fields):
    ApiToken.objects.update(**fields)
    assert find(token) is None


def test_networks(token):
    ApiToken.objects.update(allowed_networks=["192.0.2.7/32", "2001:db8::/32"])
    assert find(token) is not None
    assert find(token, address="2001:db8::1") is not None
    assert [find(token, address=address) for address in ("192.0.2.8", "", "x")] == [None] * 3
