"""Refunding by hand in the admin: the form, what it refuses, its line in the log, and who may."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from orders.models import Order, OrderRefund
from orders.services import place_order
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_service
from tests.panel.admin_visits import enter_admin, found_ids, page_of, read, told

pytestmark = pytest.mark.django_db
MAY = ("orders.view_order", "orders.add_orderrefund")
KEY = "0123456789abcdef" * 2


@pytest.fixture
def order():
    values = {"link": "https://example.com/p", "quantity": "100"}
    placed = place_order(make_customer(1000).pk, "dashboard", make_service().pk, values)
    return Order.objects.get(pk=placed.order_id)


@pytest.fixture
def browser():
    return enter_admin(*MAY)


def form_of(order):
    return reverse("admin:orders_order_refund", args=[order.pk])


def send(browser, order, **values):
    values = {"act": "1", "key": KEY, "amount": "50", "reason": "not delivered"} | values
    return browser.post(form_of(order), values, follow=True)


def test_the_order_leads_to_the_form_and_the_form_offers_the_rest(browser, order):
    assert form_of(order) in read(browser, page_of(Order, "change", order.pk))
    assert 'name="amount" value="200"' in read(browser, form_of(order))


def test_a_refund_is_made_logged_and_listed(browser, order):
    words = "50 toman went back to the customer. Reason: not delivered"
    page = send(browser, order)
    assert told(page) == [words]
    made = OrderRefund.objects.get()
    assert (made.amount, made.reason, made.by_id, made.order_id) == (
        50,
        "not delivered",
        browser.staff.pk,
        order.pk,
    )
    assert list(LogEntry.objects.values_list("user", "object_id", "change_message")) == [
        (browser.staff.pk, str(order.pk), words)
    ]
    viewer = enter_admin("orders.view_orderrefund", "wallet.view_transfer")
    assert found_ids(viewer, OrderRefund, q=str(order.pk)) == [made.pk]
    assert f"{page_of(Transfer)}?kind__exact=refund" in read(viewer, page_of(OrderRefund))
    assert found_ids(viewer, Transfer, kind__exact="refund") == [Transfer.objects.get(kind="refund").pk]


def test_persian_digits_and_separators_are_read(browser, order):
    send(browser, order, amount="۱۵۰")
    assert OrderRefund.objects.get().amount == 150


def test_sent_twice_it_refunds_once(browser, order):
    said = [told(send(browser, order)) for _ in range(2)]
    assert said[1] == ["This was done before, by the same form."]
    assert (OrderRefund.objects.count(), LogEntry.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"amount": "201"}, "At most 200 toman of its charge can still go back."),
        ({"amount": "0"}, "greater than or equal to 1"),
        ({"amount": "many"}, "Enter a whole number."),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_what_is_refused_stays_in_the_form(browser, order, values, words):
    page = send(browser, order, **values).content.decode()
    assert (words in page, OrderRefund.objects.count(), LogEntry.objects.count()) == (True, 0, 0)
    assert re.search(rf'name="amount" value="{values.get("amount", "50")}"', page)


def test_a_refunded_order_has_no_button(browser, order):
    send(browser, order, amount="200")
    assert form_of(order) not in read(browser, page_of(Order, "change", order.pk))


def test_who_may_only_look_refunds_nothing(order):
    viewer = enter_admin("orders.view_order", "orders.view_orderrefund")
    assert form_of(order) not in read(viewer, page_of(Order, "change", order.pk))
    assert (viewer.get(form_of(order)).status_code, send(viewer, order).status_code) == (403, 403)
    assert OrderRefund.objects.count() == 0
