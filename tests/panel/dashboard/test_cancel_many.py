"""Selecting several orders and canceling them together: each by itself, and each is told."""

import pytest

from orders.lifecycle import settle_order
from orders.models import Order
from orders.services import place_order
from panel.wallet.ledger import read_balance
from tests.factories import make_customer
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_texts


@pytest.fixture
def place(customer, service):
    def make(by=None, **state):
        values = {"link": "https://t.me/x", "quantity": "1000"}
        placed = place_order((by or customer).pk, "dashboard", service.pk, values)
        Order.objects.filter(pk=placed.order_id).update(**state)
        return Order.objects.get(pk=placed.order_id)

    return make


def cancel(browser, *ids, **more):
    return browser.post("/orders/cancel/", {"order": list(ids), **more}, follow=True)


def test_each_is_canceled_as_far_as_it_can_be_and_told(browser, place, customer):
    queued = [place(), place()]
    sent = place(status="in_progress", forwarding="accepted", next_try_at=None)
    ended = place()
    settle_order(ended, Order.Status.COMPLETED)
    foreign = place(by=make_customer(toman=5_000))
    answer = cancel(
        browser, *[order.pk for order in (*queued, sent, ended, foreign)], next="/orders/?status=open"
    )
    assert answer.redirect_chain == [("/orders/?status=open", 302)]
    first, second = queued
    assert read_texts(answer, "p", class_="alert") == [
        f"Canceled and refunded: #{first.pk} #{second.pk}",
        f"Canceling is requested, money comes back when it is confirmed: #{sent.pk}",
        f"This order can't be canceled any more. #{ended.pk}",
        f"There is no such order. Check its number. #{foreign.pk}",
    ]
    for order in (*queued, sent, ended, foreign):
        order.refresh_from_db()
    told = [order.status for order in (*queued, sent, ended, foreign)]
    assert told == ["canceled", "canceled", "in_progress", "completed", "pending"]
    assert read_balance(customer.pk) == 100_000 - 2 * 2_000


def test_named_twice_it_is_canceled_once(browser, place, customer):
    order = place()
    answer = cancel(browser, order.pk, order.pk, "x", "-1")
    assert read_texts(answer, "p", class_="alert") == [f"Canceled and refunded: #{order.pk}"]
    assert read_balance(customer.pk) == 100_000


def test_with_none_selected_it_says_what_to_do(browser, place):
    place()
    answer = cancel(browser, next="//example.org/")
    assert answer.redirect_chain == [("/orders/", 302)]
    assert read_texts(answer, "p", role="status") == ["Select the orders to cancel first."]
    assert browser.get("/orders/cancel/").status_code == 405


def test_boxes_stand_where_canceling_helps_and_one_question_is_asked(browser, place):
    open_order, ended = place(), place()
    settle_order(ended, Order.Status.COMPLETED)
    page = browser.get("/orders/")
    boxes = [read_attributes(box) for box in find_all(page, "input", name="order")]
    assert [(box["value"], box["form"], box["id"]) for box in boxes] == [
        (str(open_order.pk), "cancel-many", f"pick-{open_order.pk}")
    ]
    assert read_attributes(find_one(page, "form", id="cancel-many"))["data-confirm"]
    assert find_all(browser.get("/"), "input", name="order") == []
    settle_order(open_order, Order.Status.COMPLETED)
    assert find_all(browser.get("/orders/"), "form", id="cancel-many") == []
