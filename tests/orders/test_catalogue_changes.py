"""Changes of what is on sale: each with its event, told to the listeners once."""

import pytest
from django.db import transaction

from orders.catalogue_changes import (
    ServiceChange,
    add_services,
    change_services,
    lock_services,
    save_edited_service,
)
from orders.models import Category, Service, ServiceEvent
from orders.signals import service_event
from orders.tasks import handle_events
from tests.factories import make_service
from tests.together import run_together

pytestmark = pytest.mark.django_db


def change(service, values, reason="upstream"):
    """Change one service as the sync does; returns how many events were written."""
    with transaction.atomic():
        row = lock_services([service.pk])[service.pk]
        return change_services([ServiceChange(row, values, reason)])


def list_events():
    return list(ServiceEvent.objects.order_by("id").values_list("kind", "data"))


@pytest.mark.parametrize(
    ("values", "events"),
    [
        ({"price": 2500}, [("price_changed", {"old": 2000, "new": 2500, "reason": "upstream"})]),
        (
            {"max": 99},
            [
                (
                    "bounds_changed",
                    {"old": {"min": 10, "max": 10000}, "new": {"min": 10, "max": 99}, "reason": "upstream"},
                )
            ],
        ),
        ({"active": False, "pause_reason": "because"}, [("paused", {"reason": "because"})]),
        ({"active": True, "price": 2000}, []),
        ({"kind": "like"}, []),
    ],
)
def test_a_change_writes_what_differs(values, events):
    service = make_service()
    assert (change(service, values), list_events()) == (len(events), events)
    service.refresh_from_db()
    assert {name: getattr(service, name) for name in values} == values


def test_what_is_there_already_touches_no_row():
    service = make_service()
    before = Service.objects.values().get()
    change(service, {"price": 2000, "active": True})
    assert Service.objects.values().get() == before


def test_new_services_are_stored_with_their_events():
    category = Category.objects.create(name="Instagram")
    with transaction.atomic():
        made = add_services([Service(category=category, name=name, price=7) for name in "ab"])
    assert list(Service.objects.order_by("id").values_list("pk", "name")) == [
        (row.pk, row.name) for row in made
    ]
    told = {"price": 7, "min": 1, "max": 1_000_000, "active": True}
    assert list_events() == [("added", told)] * 2


def test_an_edit_by_hand_ends_the_reason_of_a_pause():
    service = make_service(active=False, pause_reason="gone")
    service.name = "Renamed"
    save_edited_service(service)
    assert (Service.objects.get().pause_reason, list_events()) == ("gone", [])
    service.active = True
    save_edited_service(service)
    assert (Service.objects.get().pause_reason, list_events()) == ("", [("resumed", {"reason": "edited"})])


def test_listeners_hear_of_each_change_once():
    service, heard = make_service(), []

    def listen(event, **_signal):
        heard.append((event.service_id, event.kind))

    change(service, {"price": 1})
    service_event.connect(listen)
    try:
        for _ in range(2):
            handle_events()
    finally:
        service_event.disconnect(listen)
    assert heard == [(service.pk, "price_changed")]


@pytest.mark.django_db(transaction=True)
def test_changes_at_once_lose_nothing_and_never_deadlock():
    ids = [make_service().pk for _ in range(20)]

    def raise_all(order):
        with transaction.atomic():
            rows = lock_services(order)
            return change_services([ServiceChange(row, {"price": row.price + 1}) for row in rows.values()])

    done = run_together(*[lambda order=order: raise_all(order) for order in (ids, ids[::-1]) * 3])
    assert done == [20] * 6
    assert set(Service.objects.values_list("price", flat=True)) == {2006}
