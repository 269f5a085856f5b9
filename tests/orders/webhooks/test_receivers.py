"""Which events of orders become deliveries, for whom, and what they say."""

import pytest

from orders.lifecycle import Progress, advance_orders, settle_order
from orders.models import Order, OrderEvent, WebhookDelivery
from orders.services import cancel_order, place_order
from orders.signals import order_event
from orders.tasks import handle_events
from orders.webhooks.receivers import queue_status_change
from orders.webhooks.registering import switch_endpoint
from panel.lib.events import handle_events as handle_event_rows
from tests.factories import make_customer, make_service
from tests.orders.webhooks.steps import is_signed, read_bodies, register, send
from tests.providers.steps import CHARGE, QUANTITY, forward, link_for, list_events, place, poll
from tests.together import run_together

ENDS = {
    "plain": ("completed", 0),
    "partial": ("partial", 93),
    "cancel": ("canceled", CHARGE),
    "refuse": ("error", CHARGE),
}


@pytest.fixture
def service(db):
    return make_service()


def order_of(customer, service):
    values = {"link": "https://example.com/post", "quantity": "100"}
    answer = place_order(customer.pk, Order.Channel.DASHBOARD, service.pk, values)
    return Order.objects.get(pk=answer.order_id)


def list_kinds(endpoint):
    rows = WebhookDelivery.objects.filter(endpoint=endpoint).order_by("id")
    return list(rows.values_list("kind", flat=True))


@pytest.mark.parametrize("word", ENDS)
def test_an_order_s_way_is_told_step_by_step(way, receiver, word):
    customer, service, _ = way
    endpoint = register(customer, receiver)
    order_id = place(customer, service, word)
    for step in (forward, poll, send):
        handle_events()
        step()
    handle_events()
    send()
    status, refunded = ENDS[word]
    kinds = ["order.pending"] if word == "refuse" else ["order.pending", "order.processing"]
    assert list_kinds(endpoint) == [*kinds, f"order.{status}"]
    last = max(read_bodies(receiver), key=lambda body: body["sequence"])
    order = Order.objects.get(pk=order_id)
    event = OrderEvent.objects.filter(order=order_id, kind=status).get()
    assert last == {
        "id": f"order-{event.pk}",
        "type": f"order.{status}",
        "sequence": event.pk,
        "created": int(event.created.timestamp()),
        "order": {
            "id": order_id,
            "status": status,
            "charge": CHARGE,
            "refunded": refunded,
            "start_count": order.start_count,
            "remains": order.remains,
            "quantity": QUANTITY,
            "service": service.pk,
            "link": link_for(word),
        },
    }
    assert [is_signed(request, endpoint.secret) for request in receiver.requests] == [True] * (len(kinds) + 1)


def test_events_told_late_say_what_was_then(customer, service, endpoint):
    order = order_of(customer, service)
    OrderEvent.objects.create(order=order, kind="accepted")
    advance_orders([Progress(order, Order.Status.IN_PROGRESS, start_count=5, remains=60)])
    settle_order(order, Order.Status.PARTIAL, remains=40)
    handle_events()
    told = [row.payload["order"] for row in WebhookDelivery.objects.order_by("id")]
    assert [(one["status"], one["start_count"], one["remains"], one["refunded"]) for one in told] == [
        ("pending", None, None, 0),
        ("processing", None, None, 0),
        ("in_progress", None, None, 0),
        ("partial", 5, 40, 80),
    ]


def test_steps_that_change_no_status_and_new_counts_are_not_told(customer, service, endpoint):
    order = order_of(customer, service)
    for kind in ("cancel_sent", "cancel_refused", "anything_new"):
        OrderEvent.objects.create(order=order, kind=kind)
    advance_orders([Progress(order, Order.Status.IN_PROGRESS, start_count=5, remains=60)])
    advance_orders([Progress(order, Order.Status.IN_PROGRESS, start_count=5, remains=20)])
    handle_events()
    assert list_kinds(endpoint) == ["order.pending", "order.in_progress"]


def test_every_active_endpoint_that_wants_orders_is_told_and_nobody_else(customer, service, receiver):
    wanting = [register(customer, receiver, path=f"/{number}") for number in range(2)]
    off = register(customer, receiver, path="/off")
    switch_endpoint(off, False)
    register(customer, receiver, topics=["catalogue"], path="/catalogue")
    register(make_customer(), receiver)
    order_of(customer, service)
    handle_events()
    told = WebhookDelivery.objects.order_by("endpoint_id")
    assert [row.endpoint_id for row in told] == [row.pk for row in wanting]
    assert len({row.event_id for row in told}) == 1


def test_an_event_handled_again_makes_no_second_delivery(customer, service, endpoint):
    order = order_of(customer, service)
    handle_events()
    OrderEvent.objects.update(handled_at=None)
    handle_events()
    assert (list_events(order.pk), list_kinds(endpoint)) == (["placed"], ["order.pending"])


def test_a_customer_without_endpoints_costs_nothing_but_the_prepared_question(
    customer, service, receiver, django_assert_num_queries
):
    register(make_customer(), receiver)
    order_of(customer, service)
    event = OrderEvent.objects.get()
    with django_assert_num_queries(1):
        queue_status_change(event=event)
    assert WebhookDelivery.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_handle_events_at_once_make_each_delivery_once(receiver):
    customer, service = make_customer(toman=100_000), make_service()
    endpoint = register(customer, receiver)
    for _ in range(40):
        cancel_order(customer.pk, order_of(customer, service).pk)

    def work():
        while handle_event_rows(OrderEvent, order_event, limit=7):
            pass

    run_together(work, work)
    work()
    assert sorted(list_kinds(endpoint)) == ["order.canceled"] * 40 + ["order.pending"] * 40
