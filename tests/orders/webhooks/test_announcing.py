"""Changes of the catalogue: told to who wants them, many at a time."""

import pytest

from orders.models import CatalogueAnnouncement, CatalogueChange, ServiceEvent, WebhookDelivery
from orders.signals import service_event
from orders.tasks import handle_events as handle_all_events
from orders.tasks import send_webhooks
from orders.webhooks.announcing import announce_changes
from orders.webhooks.registering import switch_endpoint
from panel.lib.events import handle_events
from tests.factories import make_service
from tests.orders.webhooks.steps import read_bodies, register, send
from tests.together import run_together


@pytest.fixture
def subscriber(customer, receiver):
    return register(customer, receiver, topics=["catalogue"])


@pytest.fixture
def service(db):
    return make_service()


def change(service, kind="price_changed", **data):
    return ServiceEvent.objects.create(service=service, kind=kind, data=data)


def handle():
    while handle_events(ServiceEvent, service_event):
        pass


def test_a_change_is_told_with_the_service_as_it_is_and_without_our_reasons(subscriber, receiver, service):
    event = change(service, old=1800, new=2000, reason="provider sandbox asks more")
    handle()
    assert (announce_changes(), send()) == (1, 1)
    announcement = CatalogueAnnouncement.objects.get()
    assert read_bodies(receiver) == [
        {
            "id": f"catalogue-{announcement.pk}",
            "type": "catalogue.changed",
            "sequence": announcement.pk,
            "created": int(announcement.created.timestamp()),
            "changes": [
                {
                    "sequence": event.pk,
                    "change": "price_changed",
                    "created": int(event.created.timestamp()),
                    "old": 1800,
                    "new": 2000,
                    "service": {
                        "id": service.pk,
                        "name": "Likes",
                        "on_sale": True,
                        "price": 2000,
                        "min": 10,
                        "max": 10_000,
                    },
                }
            ],
        }
    ]


def test_of_what_is_not_on_sale_only_the_pause_is_told(subscriber, service):
    hidden = make_service(active=False)
    for kind in ("added", "price_changed", "paused"):
        change(hidden, kind)
    change(service, "resumed")
    handle()
    announce_changes()
    [announcement] = CatalogueAnnouncement.objects.all()
    told = [(one["change"], one["service"]["id"]) for one in announcement.changes]
    assert told == [("paused", hidden.pk), ("resumed", service.pk)]


def test_changes_that_concern_nobody_make_no_announcement_and_hold_up_none(subscriber):
    change(make_service(active=False), "added")
    handle()
    assert (announce_changes(), CatalogueChange.objects.count()) == (0, 0)
    assert (CatalogueAnnouncement.objects.count(), WebhookDelivery.objects.count()) == (0, 0)


def test_many_changes_go_500_at_a_time_and_are_stored_once(customer, subscriber, receiver, service):
    second = register(customer, receiver, topics=["orders", "catalogue"], path="/second")
    register(customer, receiver, path="/orders")
    off = register(customer, receiver, topics=["catalogue"], path="/off")
    switch_endpoint(off, False)
    rows = [ServiceEvent(service=service, kind="price_changed") for _ in range(1201)]
    events = ServiceEvent.objects.bulk_create(rows)
    handle()
    assert announce_changes() == 3
    announced = CatalogueAnnouncement.objects.order_by("id")
    assert [len(row.changes) for row in announced] == [500, 500, 201]
    assert [one["sequence"] for row in announced for one in row.changes] == [row.pk for row in events]
    told = WebhookDelivery.objects.order_by("endpoint_id", "id").values_list("endpoint_id", "announcement_id")
    assert list(told) == [(pk, row.pk) for pk in (subscriber.pk, second.pk) for row in announced]
    assert send() == 6
    assert sorted(len(body["changes"]) for body in read_bodies(receiver)) == [201, 201, 500, 500, 500, 500]


def test_without_subscribers_nothing_is_kept(endpoint, service):
    change(service)
    handle()
    assert CatalogueChange.objects.count() == 0


def test_a_subscriber_that_left_before_the_announcement_is_told_nothing(subscriber, service):
    change(service)
    handle()
    switch_endpoint(subscriber, False)
    assert (announce_changes(), CatalogueChange.objects.count(), WebhookDelivery.objects.count()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_announcers_at_once_tell_each_change_once(subscriber, service, monkeypatch):
    monkeypatch.setattr("orders.webhooks.announcing.CHANGES_AT_ONCE", 7)
    events = [change(service, "resumed") for _ in range(60)]
    handle()
    run_together(announce_changes, announce_changes)
    announce_changes()
    told = [one["sequence"] for row in CatalogueAnnouncement.objects.all() for one in row.changes]
    assert sorted(told) == [row.pk for row in events]
    assert WebhookDelivery.objects.count() == CatalogueAnnouncement.objects.count()


def test_the_task_announces_and_sends(subscriber, receiver, service):
    change(service, "paused")
    handle_all_events()
    send_webhooks()
    assert [body["changes"][0]["change"] for body in read_bodies(receiver)] == ["paused"]
