"""Our own adapter of this contract, as another panel would call us with it, over real HTTP."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from orders.models import Order
from panel.accounts.models import ApiToken
from panel.lib.http import HttpClient
from panel.wallet.ledger import read_balance
from providers.adapters.base import AccountProblem, Credentials, OutboundOrder, Rejected, Status, Unavailable
from providers.adapters.happy_follower import HappyFollowerAdapter
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.happy_follower.conftest import LINK
from tests.running import running_web

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def url(django_db_setup, django_db_blocker):
    """The contract's `API URL` at a running web process."""
    with django_db_blocker.unblock(), running_web() as web:
        connection.close()
        yield f"{web.url}/api/v1"


@pytest.fixture(scope="module")
def http():
    with_loopback = HttpClient(["127.0.0.0/8"])
    yield with_loopback
    with_loopback.close()


@pytest.fixture
def customer():
    return make_customer(toman=1_000)


@pytest.fixture
def adapter(url, http, customer):
    return HappyFollowerAdapter(Credentials(url, make_key(customer, "happy_follower")), http)


@pytest.fixture
def order():
    return OutboundOrder(str(make_service().pk), "default", LINK, 100, {}, "key-1")


def look(adapter, upstream_id):
    told = adapter.statuses([upstream_id])[upstream_id]
    return told.status, told.raw_status, told.start_count, told.remains, told.charge


def test_an_order_s_way(adapter, customer, order):
    assert [(row.id, row.name) for row in adapter.services()] == [(order.service, "Likes")]
    upstream_id = adapter.place(order).upstream_id
    assert adapter.place(order).upstream_id == upstream_id == str(Order.objects.get().pk)
    assert look(adapter, upstream_id) == (Status.PENDING, "registered", 0, 100, Decimal(200))
    assert adapter.balance().amount == 800
    assert adapter.refill([upstream_id])[upstream_id].accepted
    with pytest.raises(Unavailable) as soon:
        adapter.refill([upstream_id])
    assert soon.value.retry_after_seconds == 600
    canceled, again = (adapter.cancel([upstream_id])[upstream_id] for _ in range(2))
    assert (canceled.accepted, again.accepted) == (True, False)
    assert look(adapter, upstream_id) == (Status.CANCELED, "canceled", 0, 100, Decimal(0))
    assert read_balance(customer.pk) == 1_000


def test_a_token_that_ended_is_renewed_on_the_way(adapter, order):
    first = adapter.place(order).upstream_id
    ApiToken.objects.filter(use="access").update(expires_at=timezone.now() - timedelta(hours=1))
    assert look(adapter, first)[0] == Status.PENDING
    uses = {use: ApiToken.objects.filter(use=use).count() for use in ("refresh", "access")}
    assert uses == {"refresh": 1, "access": 2}


def test_what_we_refuse_is_a_refusal_there(adapter, url, http, order):
    for bad in (replace(order, quantity=1), replace(order, service="999999"), replace(order, link="x")):
        with pytest.raises(Rejected):
            adapter.place(bad)
    with pytest.raises(AccountProblem):
        adapter.place(replace(order, quantity=10_000))
    with pytest.raises(AccountProblem):
        HappyFollowerAdapter(Credentials(url, "wrong"), http).place(order)
    assert Order.objects.count() == 0
