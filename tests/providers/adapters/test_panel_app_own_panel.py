"""The panel_app adapter against this panel's own API, as another copy of it would buy here, over real HTTP."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection

from orders.lifecycle import settle_order
from orders.models import Order
from panel.wallet.ledger import read_balance
from providers.adapters.base import (
    AccountProblem,
    Credentials,
    OutboundOrder,
    Rejected,
    Status,
    Unavailable,
)
from providers.adapters.panel_app import PanelAppAdapter
from tests.factories import make_customer, make_key, make_service
from tests.running import running_web

pytestmark = pytest.mark.django_db(transaction=True)
LINK = "https://example.com/p/1"


@pytest.fixture(scope="module")
def url(django_db_setup, django_db_blocker):
    """The base of the API at a running web process."""
    with django_db_blocker.unblock(), running_web() as web:
        connection.close()
        yield f"{web.url}/api/v1"


@pytest.fixture
def connect(url, http):
    """connect(customer) gives an adapter that buys with a token of theirs."""
    return lambda customer: PanelAppAdapter(Credentials(url, make_key(customer, "panel_app")), http)


@pytest.fixture
def customer():
    return make_customer(toman=1_000)


@pytest.fixture
def order():
    service = make_service()
    return OutboundOrder(f"{service.category_id}/{service.pk}", "default", LINK, 100, {}, "key-1")


def look(adapter, upstream_id):
    told = adapter.statuses([upstream_id])[upstream_id]
    return told.status, told.raw_status, told.start_count, told.remains, told.charge


def test_an_orders_way(connect, customer, order):
    adapter = connect(customer)
    [row] = adapter.services()
    told = (row.id, row.name, row.category, row.rate, row.min, row.max)
    assert told == (order.service, "Likes", "Instagram", Decimal(2000), 10, 10000)
    placed = adapter.place(order)
    assert (placed.upstream_id, placed.charge) == (str(Order.objects.get().pk), Decimal(200))
    assert look(adapter, placed.upstream_id) == (Status.PENDING, "pending", None, 100, Decimal(200))
    assert adapter.balance().amount == 800
    settle_order(Order.objects.get(), Order.Status.PARTIAL, start_count=46, remains=40)
    assert look(adapter, placed.upstream_id) == (Status.PARTIAL, "partial", 46, 40, Decimal(120))
    assert read_balance(customer.pk) == 880


def test_the_same_key_makes_one_order(connect, customer, order):
    adapter = connect(customer)
    assert len({adapter.place(order).upstream_id for _ in range(3)}) == 1
    assert (Order.objects.count(), read_balance(customer.pk)) == (1, 800)


def test_lists_go_out_by_the_names_that_are_read(connect, customer):
    adapter = connect(customer)
    lines, fields = "\n".join("abcdefghij"), ("comments", "usernames")
    for type_ in ("custom_comments", "mentions_custom_list", "custom_comments_package"):
        service = make_service(type=type_, price=10)
        wanted = OutboundOrder(str(service.pk), type_, LINK, None, dict.fromkeys(fields, lines), type_)
        adapter.place(wanted)
    made = Order.objects.order_by("pk").values_list("quantity", "fields")
    assert list(made) == [(10, {"comments": lines}), (10, {"usernames": lines}), (1, {"comments": lines})]


def test_what_is_refused_here_is_a_refusal_there(connect, customer, order):
    adapter = connect(customer)
    service = order.service.rpartition("/")[2]
    for bad in (
        replace(order, quantity=1),
        replace(order, service="999999"),
        replace(order, service=f"999999/{service}"),
        replace(order, link="x y"),
    ):
        with pytest.raises(Rejected) as caught:
            adapter.place(bad)
        assert type(caught.value) is Rejected
    with pytest.raises(AccountProblem):
        adapter.place(replace(order, quantity=10_000))
    assert Order.objects.count() == 0


def test_a_bad_token_is_trouble_with_the_account(url, http, order):
    adapter = PanelAppAdapter(Credentials(url, "wrong-token"), http)
    with pytest.raises(AccountProblem):
        adapter.place(order)
    for call in ((adapter.balance,), (adapter.statuses, ["1"])):
        with pytest.raises(Unavailable) as caught:
            call[0](*call[1:])
        assert caught.value.account_problem is True


def test_an_order_of_somebody_else_or_none_has_an_error(connect, customer, order):
    upstream_id = connect(customer).place(order).upstream_id
    other = connect(make_customer(toman=0))
    errors = [other.statuses([number])[number].error for number in (upstream_id, "999999")]
    assert errors == ["منع دسترسی", "سفارش مورد نظر یافت نشد"]
