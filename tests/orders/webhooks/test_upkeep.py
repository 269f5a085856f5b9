"""Deliveries sent again by hand, given up, and forgotten."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from orders.models import CatalogueAnnouncement, WebhookDelivery
from orders.tasks import tidy_webhooks
from orders.webhooks.queueing import queue_deliveries
from orders.webhooks.refusals import Refusal, WebhookRefused
from orders.webhooks.registering import switch_endpoint
from orders.webhooks.upkeep import give_up_waiting, purge_deliveries, resend_delivery
from tests.orders.webhooks.steps import list_ids, look, queue, send
from tests.together import run_together


def fail(delivery):
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        state="failed", tries=14, next_try_at=None, status_code=500, retry_until=timezone.now()
    )
    delivery.refresh_from_db()
    return delivery


def age(delivery, days):
    """Make the delivery and all its times so much older."""
    past = timedelta(days=days)
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        created=F("created") - past, retry_until=F("retry_until") - past
    )


def refusal(delivery):
    with pytest.raises(WebhookRefused) as caught:
        resend_delivery(delivery)
    return caught.value.code


def test_a_failed_delivery_is_sent_again_under_its_old_id(endpoint, receiver):
    delivery = fail(queue(endpoint))
    resend_delivery(delivery)
    delivery.refresh_from_db()
    left = delivery.retry_until - timezone.now()
    assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)
    send()
    assert (look(delivery), list_ids(receiver)) == (("sent", 1, 200, ""), [delivery.event_id])


def test_only_failed_deliveries_of_an_active_endpoint_are_sent_again(endpoint):
    waiting, failed = queue(endpoint), fail(queue(endpoint))
    assert refusal(waiting) == Refusal.NOT_FAILED
    switch_endpoint(endpoint, False)
    failed.refresh_from_db()
    assert (refusal(WebhookDelivery.objects.get(pk=failed.pk)), look(failed)[0]) == (
        Refusal.INACTIVE,
        "failed",
    )


@pytest.mark.django_db(transaction=True)
def test_a_button_pressed_twice_sends_once(endpoint, receiver):
    delivery = fail(queue(endpoint))
    told = run_together(*[lambda: resend_delivery(delivery)] * 2)
    assert sorted(getattr(one, "code", None) is None for one in told) == [False, True]
    send()
    assert list_ids(receiver) == [delivery.event_id]


def test_what_waited_24_hours_at_an_endpoint_that_is_off_has_failed(endpoint):
    old, young = queue(endpoint), queue(endpoint)
    age(old, days=2)
    assert (give_up_waiting(), look(old)[0]) == (0, "pending")
    switch_endpoint(endpoint, False)
    assert give_up_waiting() == 1
    assert look(old) == ("failed", 0, None, "the webhook is switched off")
    assert (look(young)[0], old.next_try_at) == ("pending", None)


def test_old_deliveries_are_forgotten_with_what_they_announced(endpoint, receiver):
    kept = [queue(endpoint), fail(queue(endpoint)), fail(queue(endpoint))]
    rows = [CatalogueAnnouncement.objects.create(changes=[]) for _ in range(2)]
    for row in rows:
        queue_deliveries([endpoint.pk], {"id": f"catalogue-{row.pk}", "type": "x"}, announcement=row)
    send()
    sent = WebhookDelivery.objects.filter(kind="x").order_by("id")
    CatalogueAnnouncement.objects.update(created=timezone.now() - timedelta(days=31))
    dead = fail(queue(endpoint))
    for delivery, days in ((kept[0], 29), (kept[1], 31), (kept[2], 89), (sent[0], 31), (dead, 91)):
        age(delivery, days)
    purge_deliveries()
    assert [row.pk for row in WebhookDelivery.objects.order_by("id")] == [row.pk for row in kept] + [
        sent.get(announcement=rows[1]).pk
    ]
    assert list(CatalogueAnnouncement.objects.all()) == [rows[1]]


def test_what_still_waits_is_never_forgotten(endpoint):
    delivery = queue(endpoint)
    age(delivery, days=400)
    assert (purge_deliveries(), look(delivery)[0]) == (0, "pending")


def test_the_task_gives_up_and_forgets(endpoint):
    waiting, dead = queue(endpoint), fail(queue(endpoint))
    age(waiting, days=2)
    age(dead, days=91)
    switch_endpoint(endpoint, False)
    tidy_webhooks()
    assert [(row.pk, row.state) for row in WebhookDelivery.objects.all()] == [(waiting.pk, "failed")]
