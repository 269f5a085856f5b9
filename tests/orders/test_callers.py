"""What a token opens: by use, scope, network and time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders import lookup
from orders.callers import Bearer
from orders.models import Order
from orders.refusals import OrderRefused
from orders.services import OrderRequest, place_order_by_token
from panel.accounts.models import ApiToken
from panel.lib.secrets import digest_token
from panel.wallet.ledger import read_balance
from tests.factories import make_customer, make_key, make_service

LINK = "https://instagram.com/p/abc"


@pytest.fixture
def customer(db):
    return make_customer(toman=1000)


@pytest.fixture
def bearer(customer):
    return Bearer(digest_token(make_key(customer)), "standard", "203.0.113.7")


def change(**fields):
    ApiToken.objects.update(**fields)


def place(bearer):
    try:
        return place_order_by_token(
            bearer, "standard", OrderRequest(make_service().pk, {"link": LINK, "quantity": 100})
        ).charge
    except OrderRefused as refused:
        return refused.code.value


def read(bearer):
    try:
        return lookup.find_balance(bearer)
    except OrderRefused as refused:
        return refused.code.value


@pytest.mark.parametrize(
    ("networks", "address", "answer"),
    [
        ([], "203.0.113.7", 200),
        ([], "", 200),
        (["203.0.113.0/24"], "203.0.113.7", 200),
        (["198.51.100.1", "203.0.113.7"], "203.0.113.7", 200),
        (["2001:db8::/32"], "2001:db8::9", 200),
        (["203.0.113.0/24"], "203.0.114.7", "key_invalid"),
        (["203.0.113.7"], "2001:db8::9", "key_invalid"),
        (["203.0.113.7"], "", "key_invalid"),
    ],
)
def test_a_key_is_good_at_its_networks(customer, bearer, networks, address, answer):
    change(allowed_networks=networks)
    there = Bearer(bearer.digest, bearer.contract, address)
    assert place(there) == answer
    assert read(there) == ("key_invalid" if answer == "key_invalid" else 800)


def test_a_key_of_another_use_or_contract_is_no_key(bearer):
    assert read(Bearer(bearer.digest, "gray_city")) == "key_invalid"
    assert read(Bearer(bearer.digest, "standard", use="access")) == "key_invalid"
    change(use="refresh")
    assert (read(bearer), place(bearer)) == ("key_invalid", "key_invalid")


def test_a_key_that_ended_is_no_key(bearer):
    change(expires_at=timezone.now() - timedelta(seconds=1))
    assert (read(bearer), place(bearer)) == ("key_invalid", "key_invalid")
    change(expires_at=timezone.now() + timedelta(hours=1))
    assert place(bearer) == 200


def test_a_read_only_key_reads(customer, bearer):
    change(scopes=["read"])
    assert (place(bearer), read(bearer), Order.objects.count()) == ("read_only", 1000, 0)
    with pytest.raises(OrderRefused, match="read_only"):
        lookup.find_customer_id(bearer, to_order=True)
    assert lookup.find_customer_id(bearer) == customer.pk


def test_a_blocked_customer_looks_and_a_locked_one_does_not(customer, bearer):
    customer.order_block = "no"
    customer.save()
    assert (place(bearer), read(bearer)) == ("customer_blocked", 1000)
    customer.is_active = False
    customer.save()
    assert (place(bearer), read(bearer), read_balance(customer.pk)) == (
        "customer_locked",
        "key_invalid",
        1000,
    )
