"""Clients that others published for this contract, unchanged, with only the address set."""

import pytest
import smm as babismm
import smmpy
from django.db import connection
from safesmm import SafeSMM, SafeSMMError

from orders.models import Order
from panel.wallet.ledger import read_balance
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.standard.conftest import LINK
from tests.running import running_web

pytestmark = pytest.mark.django_db(transaction=True)
QUEUED = {"charge": "200", "start_count": "0", "status": "Pending", "remains": "100", "currency": "IRT"}
CANCELED = QUEUED | {"charge": "0", "status": "Canceled"}


@pytest.fixture(scope="module")
def address(django_db_setup, django_db_blocker):
    """The API's address at a running web process."""
    with django_db_blocker.unblock(), running_web() as web:
        connection.close()
        yield f"{web.url}/api/v2"


@pytest.fixture
def customer():
    return make_customer(toman=1_000)


@pytest.fixture
def key(customer):
    return make_key(customer)


@pytest.fixture
def service():
    return make_service()


def check_journey(client, customer, service, *, add, cancel, services, balance):
    """Place an order, follow it and cancel it with the client's own methods, and look at what is stored."""
    assert [row["service"] for row in services()] == [service.pk]
    order = add(service.pk, LINK, 100)["order"]
    assert Order.objects.get(pk=order).customer_id == customer.pk
    assert balance() == {"balance": "800", "currency": "IRT"}
    status, many = (getattr(client, n) for n in ("status", "multi_status"))
    assert status(order) == QUEUED
    assert cancel([order]) == [{"order": order, "cancel": 1}]
    unknown = {"error": "Incorrect order ID"}
    assert many([order, 10**9]) == {str(order): CANCELED, str(10**9): unknown}
    assert Order.objects.get(pk=order).status == "canceled"
    assert read_balance(customer.pk) == 1_000


class Renamed:
    """Two of the clients call it `get_…`; nothing else differs."""

    def __init__(self, client):
        self.status, self.multi_status = client.get_status, client.get_multi_status


def test_safesmm(address, customer, key, service):
    client = SafeSMM(key, api_url=address)
    parts = {"services": client.services, "balance": client.balance}
    check_journey(client, customer, service, add=client.add_order, cancel=client.cancel, **parts)


def test_smmpy(address, customer, key, service):
    client = smmpy.smm(address, key)
    parts = {"services": client.get_services, "balance": client.get_balance}
    check_journey(
        Renamed(client), customer, service, add=client.add_order, cancel=client.cancel_orders, **parts
    )


@pytest.mark.parametrize("slash", ["", "/"])
def test_babismm(address, customer, key, service, slash):
    with babismm.SMM(address + slash, key) as client:
        parts = {"services": client.get_services, "balance": client.get_balance}
        check_journey(
            Renamed(client), customer, service, add=client.add_order, cancel=client.cancel_orders, **parts
        )


def test_our_refusals_are_their_errors(address, key, service):
    with pytest.raises(SafeSMMError, match="^Quantity less than minimal 10$"):
        SafeSMM(key, api_url=address).add_order(service.pk, LINK, 1)
    with pytest.raises(babismm.SMMAPIError, match="^Not enough funds on balance$"):
        babismm.SMM(address, key).add_order(service.pk, LINK, 10_000)
    with pytest.raises(Exception, match="^Invalid API key$"):
        smmpy.smm(address, "wrong").get_balance()
    assert Order.objects.count() == 0
