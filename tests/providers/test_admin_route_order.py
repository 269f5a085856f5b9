"""The order of a service's routes: saved with the form, logged, and never written over somebody else's."""

import re

import pytest
from django.contrib.admin.models import LogEntry

from orders.models import Service
from providers.models import Route
from tests.factories import make_provider, make_route, make_service
from tests.panel.admin_visits import page_of, read, superuser
from tests.together import run_together

__all__ = ["superuser"]


@pytest.fixture
def routes(db):
    service, provider = make_service(), make_provider("http://127.0.0.1:1")
    return [make_route(service, provider, str(number), priority=10 * number) for number in (1, 2, 3)]


def fill_form(browser, service, **changes):
    """What the page's form sends, as a browser reads it from the page."""
    response = browser.get(page_of(Service, "change", service.pk))
    form, formset = response.context["adminform"].form, response.context["inline_admin_formsets"][0].formset
    fields = [*form, *formset.management_form, *(field for row in formset for field in row)]
    sent = {field.html_name: field.value() for field in fields if field.value() not in (None, False)}
    seen = re.search(r'name="routes-seen" value="(\w+)"', response.content.decode())[1]
    return sent | {"link_hosts": "", "routes-seen": seen} | changes


def save(browser, service, sent):
    return browser.post(page_of(Service, "change", service.pk), sent)


def order_of(service):
    return list(service.routes.order_by("priority").values_list("upstream_service", flat=True))


REVERSED = {"routes-0-priority": "30", "routes-1-priority": "20", "routes-2-priority": "10"}


def test_a_new_order_is_saved_and_logged(superuser, routes):
    service = routes[0].service
    assert save(superuser, service, fill_form(superuser, service, **REVERSED)).status_code == 302
    assert order_of(service) == ["3", "2", "1"]
    logged = LogEntry.objects.get(object_id=str(service.pk)).get_change_message()
    assert logged.count("Changed Priority for route") == 2


@pytest.mark.parametrize("change", [{"priority": 5}, {"cost": 9}, {"active": False}])
def test_what_somebody_changed_meanwhile_is_not_written_over(superuser, routes, change):
    service = routes[0].service
    sent = fill_form(superuser, service, price="2500", **REVERSED)
    Route.objects.filter(pk=routes[1].pk).update(**change)
    before = list(Route.objects.order_by("pk").values("priority", "cost", "active"))
    for _ in range(2):  # sending it once more is refused as well
        html = save(superuser, service, sent).content.decode()
        assert "These routes were changed meanwhile" in html
        sent["routes-seen"] = re.search(r'name="routes-seen" value="(\w+)"', html)[1]
    assert list(Route.objects.order_by("pk").values("priority", "cost", "active")) == before
    service.refresh_from_db()
    assert (service.price, LogEntry.objects.count()) == (2000, 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_orders_saved_at_one_moment_one_holds(superuser, routes):
    service = routes[0].service
    sents = [
        fill_form(superuser, service, **REVERSED),
        fill_form(superuser, service, **{"routes-0-priority": "25"}),
    ]
    answers = run_together(*[lambda sent=sent: save(superuser, service, sent).status_code for sent in sents])
    assert sorted(answers) == [200, 302]
    assert order_of(service) == [["3", "2", "1"], ["2", "1", "3"]][answers.index(302)]


def test_the_page_brings_the_script_and_its_words(superuser, routes):
    html = read(superuser, page_of(Service, "change", routes[0].service_id))
    shown = ("admin_panel/routes.js", "admin_panel/routes.css", 'data-up="Move up"', 'data-down="Move down"')
    assert [words for words in shown if words not in html] == []
