"""Many services on sale or off at once, with their events, the reason, and lines in their history."""

import pytest
from django.contrib.admin.models import LogEntry

from orders import switching
from orders.models import Category, Service, ServiceEvent
from orders.switching import switch_services
from tests.factories import make_service
from tests.panel.admin_visits import enter_admin, page_of, superuser, told

__all__ = ["superuser"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def services():
    return [make_service(name=f"Likes {number}") for number in range(5)]


def look():
    return list(Service.objects.order_by("pk").values_list("active", "pause_reason"))


def act(browser, action, rows, **data):
    data = {"action": action, "_selected_action": [row.pk for row in rows]} | data
    return browser.post(page_of(Service), data, follow=True)


def test_they_are_switched_in_chunks_each_with_its_event(services, monkeypatch):
    monkeypatch.setattr(switching, "CHUNK", 2)
    ids = [row.pk for row in services]
    assert switch_services(ids[:4], active=False, reason="upstream down") == ids[:4]
    assert look() == [(False, "upstream down")] * 4 + [(True, "")]
    assert (
        list(ServiceEvent.objects.values_list("kind", "data"))
        == [("paused", {"reason": "upstream down"})] * 4
    )
    assert switch_services(ids, active=False, reason="again") == ids[4:]
    assert switch_services(ids, active=True) == ids
    assert look() == [(True, "")] * 5


def test_the_list_asks_for_the_reason_and_logs(superuser, services):
    page = act(superuser, "switch_off", services[:2])
    assert ('name="reason"' in page.content.decode(), look()[0]) == (True, (True, ""))
    assert "This field is required." in act(superuser, "switch_off", services[:2], apply="1").content.decode()
    said = told(act(superuser, "switch_off", services[:2], apply="1", reason="upstream down"))
    assert said == ["2 services were taken off sale."]
    assert look() == [(False, "upstream down")] * 2 + [(True, "")] * 3
    lines = LogEntry.objects.order_by("object_id").values_list("object_id", "user", "change_message")
    words = "Taken off sale: upstream down"
    assert list(lines) == [(str(row.pk), superuser.staff.pk, words) for row in services[:2]]
    assert told(act(superuser, "switch_on", services)) == ["2 services are on sale now."]


def test_all_that_the_filters_show_are_switched(superuser, services):
    Service.objects.filter(pk__in=[row.pk for row in services[:3]]).update(kind="like")
    path = f"{page_of(Service)}?kind__exact=like"
    data = {"action": "switch_off", "_selected_action": [services[0].pk], "select_across": "1"}
    superuser.post(path, data | {"apply": "1", "reason": "x"})
    assert [active for active, _reason in look()] == [False, False, False, True, True]


def test_who_may_only_look_switches_nothing(services):
    act(enter_admin("orders.view_service"), "switch_off", services, apply="1", reason="x")
    assert look() == [(True, "")] * 5


def test_categories_are_put_in_order_in_their_list(superuser):
    rows = [Category.objects.create(name=name, sort=sort) for sort, name in enumerate("ab")]
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "_save": "1"}
    for number, row in enumerate(Category.objects.order_by("sort", "pk")):
        data |= {f"form-{number}-id": str(row.pk), f"form-{number}-sort": str(9 - number)}
    superuser.post(page_of(Category), data)
    assert list(Category.objects.values_list("name", flat=True)) == ["b", "a"]
    assert LogEntry.objects.filter(object_id=str(rows[0].pk)).count() == 1
