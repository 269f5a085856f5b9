"""One order's page: the times between its steps, what it waits for, speed, webhooks, and where to go from it."""

import pytest
from django.utils import timezone

from orders.lifecycle import settle_order
from orders.models import Order, OrderEvent, ServiceSpeed, WebhookDelivery, WebhookEndpoint
from orders.services import place_order
from tests.factories import make_customer
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts


@pytest.fixture
def place(customer, service):
    def make(by=None, **state):
        values = {"link": "https://t.me/x", "quantity": "1000"}
        placed = place_order((by or customer).pk, "dashboard", service.pk, values)
        Order.objects.filter(pk=placed.order_id).update(**state)
        return Order.objects.get(pk=placed.order_id)

    return make


def read_story(page):
    return [read_text(step) for step in find_one(page, "ol", class_="timeline").children]


def tell(order, *events):
    """The order's events: each `(kind, time, data)`; those it had are gone."""
    OrderEvent.objects.filter(order=order).delete()
    for kind, moment, data in events:
        event = OrderEvent.objects.create(order=order, kind=kind, data=data)
        OrderEvent.objects.filter(pk=event.pk).update(created=f"2026-11-23T{moment}Z")


def test_the_times_between_the_steps_are_told(browser, place):
    order = place(status="completed")
    tell(
        order,
        ("placed", "05:30:00", {}),
        ("accepted", "05:30:20", {}),
        ("completed", "08:00:00", {"refund": 0}),
    )
    assert read_story(browser.get(f"/orders/{order.pk}/")) == [
        "Order placed and paid 2026/11/23 09:00",
        "Sent to be carried out 2026/11/23 09:00 · under a minute later",
        "Completed 2026/11/23 11:30 · 2 hours later",
    ]


def test_refunds_and_refused_wishes_are_steps_and_reasons_stay_with_us(browser, place):
    order = place(status="completed", cancel_requested_at="2026-11-23T06:00:00Z")
    tell(
        order,
        ("cancel_refused", "06:10:00", {"reason": "upstream says no"}),
        ("refunded", "07:00:00", {"refund": 300}),
        ("unclear", "07:00:00", {}),
    )
    page = browser.get(f"/orders/{order.pk}/")
    assert read_story(page) == [
        "Cancel requested 2026/11/23 09:30",
        "Canceling was declined, the order goes on 2026/11/23 09:40 · 10 minutes later",
        "Refunded: 300 toman 2026/11/23 10:30 · 50 minutes later",
    ]
    assert "upstream" not in page.content.decode()


def test_while_it_is_open_the_story_says_how_long_it_has_been_so(browser, place):
    order = place()
    story = read_story(browser.get(f"/orders/{order.pk}/"))
    assert story[-1] == "The next step is shown here as soon as it is known. For under a minute now"
    settle_order(order, Order.Status.COMPLETED)
    assert "Completed" in read_story(browser.get(f"/orders/{order.pk}/"))[-1]


def test_the_order_that_it_waits_for_is_named_when_it_is_one_s_own(browser, place):
    first = place()
    theirs = place(by=make_customer(toman=5_000))
    waiting = place(held_by=first.pk)
    page = browser.get(f"/orders/{waiting.pk}/")
    assert read_story(page)[-1].startswith("It waits until another order of yours for the same link ends")
    assert len(find_all(page, "a", href=f"/orders/{first.pk}/")) == 1
    Order.objects.filter(pk=waiting.pk).update(held_by=theirs.pk)
    page = browser.get(f"/orders/{waiting.pk}/")
    assert read_story(page)[-1].startswith("It waits until another order for the same link ends")
    assert f"/orders/{theirs.pk}/" not in page.content.decode()


def test_what_is_usual_for_the_service_is_said_while_it_is_open(browser, place, service):
    ServiceSpeed.objects.create(
        service=service,
        start_seconds=600,
        finish_seconds=7_200,
        started=3,
        finished=3,
        failed=0,
        waiting=0,
        measured_at=timezone.now(),
    )
    order = place()
    page = browser.get(f"/orders/{order.pk}/")
    facts = dict(zip(read_texts(page, "dt"), read_texts(page, "dd"), strict=True))
    assert (facts["Starts on average after"], facts["Done on average after"]) == ("10 minutes", "2 hours")
    settle_order(order, Order.Status.COMPLETED)
    assert "Starts on average after" not in read_texts(browser.get(f"/orders/{order.pk}/"), "dt")


def test_what_webhooks_were_told_of_this_order_alone_is_listed(browser, place, customer):
    order, other = place(), place()
    endpoint = WebhookEndpoint.objects.create(
        customer=customer, url="https://shop.example/hook", secret="s", topics=["orders"]
    )
    for each in (order, other):
        event = OrderEvent.objects.get(order=each)
        WebhookDelivery.objects.create(
            endpoint=endpoint,
            event_id=f"order-{event.pk}",
            kind="order.pending",
            payload={"order": {"id": each.pk, "status": "pending"}},
            state="failed",
            status_code=503,
            retry_until=timezone.now(),
            created="2026-11-23T05:30:00Z",
        )
    assert read_rows(browser.get(f"/orders/{order.pk}/")) == [
        ["2026/11/23 09:00", "Pending", "https://shop.example/hook", "Failed", "503"]
    ]
    assert read_rows(browser.get(f"/orders/{place().pk}/")) == []


def test_one_may_order_again_ask_support_and_copy_the_number(browser, stranger, place):
    order = place()
    page = browser.get(f"/orders/{order.pk}/")
    assert len(find_all(page, "a", href=f"/orders/new/?from={order.pk}")) == 1
    assert [
        read_attributes(one)["data-copy"] for one in find_all(page, "button", data_copy=str(order.pk))
    ] == [str(order.pk)]
    ask = f"/tickets/new/?order={order.pk}"
    assert len(find_all(page, "a", href=ask)) == 1
    subject = read_attributes(find_one(browser.get(ask), "input", id="ticket-subject"))["value"]
    assert subject == f"About order #{order.pk}"
    for each, address in ((stranger, ask), (browser, "/tickets/new/?order=x"), (browser, "/tickets/new/")):
        assert read_attributes(find_one(each.get(address), "input", id="ticket-subject"))["value"] == ""


def test_the_page_asks_as_many_queries_for_a_long_story_as_for_a_short_one(
    customer, place, django_assert_max_num_queries
):
    WebhookEndpoint.objects.create(customer=customer, url="https://a.example/", secret="s", topics=["orders"])
    order = place()
    for _ in range(30):
        OrderEvent.objects.create(order=order, kind="in_progress")
    browser = open_browser(customer)
    with django_assert_max_num_queries(12):
        assert len(read_story(browser.get(f"/orders/{order.pk}/"))) == 32
