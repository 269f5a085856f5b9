"""The orders' part of audit_ledger: every charge and refund has its transfer, and no transfer lacks its order."""

import pytest
from django.db import connection

from orders.audit import CHARGES, ORDER_CHECKS, REFUNDS, SERVICES
from orders.models import Order
from orders.services import cancel_order, place_order
from panel.wallet.audit import find_drifts
from panel.wallet.ledger import open_wallet
from panel.wallet.models import Account, Transfer
from tests.factories import make_customer, make_service

pytestmark = pytest.mark.django_db
CHARGE = 200


@pytest.fixture
def customer():
    return make_customer(toman=10_000)


@pytest.fixture
def order(customer):
    return place(customer)


def place(customer, **service):
    values = {"link": "https://example.com/p", "quantity": "100"}
    placed = place_order(customer.pk, Order.Channel.STANDARD, make_service(**service).pk, values)
    return Order.objects.get(pk=placed.order_id)


def change(order, **columns):
    Order.objects.filter(pk=order.pk).update(**columns)


def run_unguarded(sql, *params):
    """Change transfers, which nothing but this may; with the test all is undone."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE wallet_transfer DISABLE TRIGGER USER")
        cursor.execute(sql, params)
        cursor.execute("ALTER TABLE wallet_transfer ENABLE TRIGGER USER")


def drifts():
    return [list(find_drifts(check)) for check in (CHARGES, REFUNDS)]


def test_placed_canceled_and_free_orders_are_in_order(customer, order):
    canceled = place(customer)
    cancel_order(customer.pk, canceled.pk)
    free = place(customer, price=0)
    canceled.refresh_from_db()
    assert (order.charge, canceled.refunded, free.charge) == (CHARGE, CHARGE, 0)
    assert [list(find_drifts(check)) for check in ORDER_CHECKS] == [[], [], [], []]


def test_a_charge_that_its_transfer_did_not_take_is_found(customer, order):
    change(order, charge=CHARGE - 1)
    words = f"order {order.pk}: charge 199, its transfer takes 200 from customer {customer.pk}"
    assert drifts() == [[words], []]


def test_an_order_without_a_transfer_is_found(order):
    run_unguarded("DELETE FROM wallet_transfer WHERE key = %s", f"order:{order.pk}:charge")
    assert drifts() == [[f"order {order.pk}: charge 200 without a transfer"], []]


def test_a_charge_of_no_order_is_found(customer, order):
    key = f"order:{order.pk + 1000}:charge"
    run_unguarded("UPDATE wallet_transfer SET key = %s WHERE kind = 'charge'", key)
    row = Transfer.objects.get(key=key)
    assert sorted(find_drifts(CHARGES)) == sorted(
        [
            f"order {order.pk}: charge 200 without a transfer",
            f"transfer {row.pk}: charges order {order.pk + 1000}, which does not exist",
        ]
    )


def test_an_order_that_somebody_else_paid_is_found(customer, order):
    other = make_customer()
    change(order, customer=other)
    words = f"order {order.pk}: charge 200, its transfer takes 200 from customer {customer.pk}"
    assert drifts() == [[words], []]


def test_an_order_that_the_house_paid_is_found(order):
    key = f"order:{order.pk}:charge"
    house = Account.objects.filter(kind=Account.Kind.PROMOTIONS, currency="toman").get()
    run_unguarded("UPDATE wallet_transfer SET debit_id = %s WHERE key = %s", house.pk, key)
    payer = "customer none: a house account"
    assert list(find_drifts(CHARGES)) == [
        f"order {order.pk}: charge 200, its transfer takes 200 from {payer}"
    ]


def test_a_refund_without_a_transfer_is_found(order):
    change(order, refunded=50)
    words = f"order {order.pk}: refunded 50 of 200, its transfers give back 0 to its customer"
    assert drifts() == [[], [words]]


def test_a_refund_that_went_to_somebody_else_is_found(customer, order):
    cancel_order(customer.pk, order.pk)
    stranger = open_wallet(make_customer().pk)
    run_unguarded("UPDATE wallet_transfer SET credit_id = %s WHERE kind = 'refund'", stranger.pk)
    words = f"order {order.pk}: refunded 200 of 200, its transfers give back 200 to others as well"
    assert list(find_drifts(REFUNDS)) == [words]


def test_a_refund_that_the_house_kept_is_found(customer, order):
    cancel_order(customer.pk, order.pk)
    house = Account.objects.filter(kind=Account.Kind.PROMOTIONS, currency="toman").get()
    run_unguarded("UPDATE wallet_transfer SET credit_id = %s WHERE kind = 'refund'", house.pk)
    words = f"order {order.pk}: refunded 200 of 200, its transfers give back 200 to others as well"
    assert list(find_drifts(REFUNDS)) == [words]


def test_a_refund_of_no_order_is_found(customer, order):
    cancel_order(customer.pk, order.pk)
    run_unguarded(
        "UPDATE wallet_transfer SET key = replace(key, %s, 'order:77777777:') WHERE kind = 'refund'",
        f"order:{order.pk}:",
    )
    assert sorted(find_drifts(REFUNDS)) == sorted(
        [
            f"order {order.pk}: refunded 200 of 200, its transfers give back 0 to its customer",
            "order 77777777: refunded 200, but does not exist",
        ]
    )


def test_an_order_whose_service_is_gone_is_found(order):
    run_unguarded("UPDATE orders_order SET service_id = %s", 77777777)
    assert list(find_drifts(SERVICES)) == [f"order {order.pk}: its service 77777777 does not exist"]
