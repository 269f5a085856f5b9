"""Changing many prices in the admin: choosing, looking, confirming and undoing, and who may."""

import pytest
from django.contrib.admin.models import LogEntry

from orders.models import Service, ServiceEvent
from panel.jobs.running import run_jobs
from panel.jobs.starting import MAX_LIVE, start_job
from providers.models import PriceRun
from tests.factories import make_provider, make_route, make_service
from tests.panel.admin_visits import count_queries, enter_admin, page_of, read, superuser, told

__all__ = ["superuser"]
pytestmark = pytest.mark.django_db
RULE = {
    "plan": "1",
    "method": "percent",
    "value": "۱۰",
    "step": "1",
    "least": "",
    "most": "",
    "reason": "costs",
}


@pytest.fixture
def services():
    return [make_service(name=f"Likes {number}", price=1000 * number) for number in range(1, 4)]


def draft(browser, rows):
    """The page of a draft, by the action of the list of services."""
    data = {"action": "change_prices", "_selected_action": [row.pk for row in rows]}
    return browser.post(page_of(Service), data).url


def plan(browser, rows, **changes):
    page = draft(browser, rows)
    answer = browser.post(page, RULE | {"revision": "0"} | changes)
    assert answer.status_code == 302, answer.context["form"].errors
    return page


def prices():
    return list(Service.objects.order_by("pk").values_list("price", flat=True))


def test_chosen_services_are_planned_looked_at_confirmed_and_undone(superuser, services):
    page = plan(superuser, services[:2])
    html = read(superuser, page)
    assert [
        words for words in ("<bdi>1,100</bdi>", "<bdi>2,200</bdi>", "Change <bdi") if words not in html
    ] == []
    assert prices() == [1000, 2000, 3000]
    started = superuser.post(page, {"confirm": "1", "revision": "1"})
    run_jobs()
    assert "2 prices were changed." in read(superuser, started.url)
    assert prices() == [1100, 2200, 3000]
    run = PriceRun.objects.get()
    superuser.post(page, {"undo": "1", "revision": str(run.revision)})
    run_jobs()
    assert prices() == [1000, 2000, 3000]
    logged = LogEntry.objects.filter(object_id=str(run.pk), user=superuser.staff).order_by("id")
    words = ["The new prices are applied.", "The old prices are put back."]
    assert list(logged.values_list("change_message", flat=True)) == words


def test_the_page_with_an_older_revision_confirms_nothing(superuser, services):
    page = plan(superuser, services)
    superuser.post(page, RULE | {"revision": "1", "value": "20"})
    said = told(superuser.post(page, {"confirm": "1", "revision": "1"}, follow=True))
    assert said == ["It has changed since you looked. Look again, then decide."]
    run_jobs()
    assert (prices(), ServiceEvent.objects.count(), LogEntry.objects.count()) == ([1000, 2000, 3000], 0, 0)


def test_warnings_are_counted_and_shown_alone(superuser, services):
    make_route(services[0], make_provider("http://127.0.0.1:1"), cost=2000)
    page = plan(superuser, services, method="amount", value="-2000", least="0")
    html = read(superuser, page, show="below_cost")
    assert [name in html for name in ("Likes 1", "Likes 2", "Likes 3")] == [True, False, False]
    assert 'price 0 (<bdi dir="ltr" class="num">2</bdi>)' in html


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": "much"}, "Enter a number."),
        ({"method": ""}, "This field is required."),
        ({"step": "0"}, "greater than or equal to 1"),
        ({"least": "10", "most": "5"}, "This is less than the lower bound."),
    ],
)
def test_a_rule_without_sense_is_refused_and_kept(superuser, services, changes, words):
    page = draft(superuser, services)
    html = superuser.post(page, RULE | {"revision": "0"} | changes).content.decode()
    assert (words in html, 'value="costs"' in html) == (True, True)
    assert PriceRun.objects.get().method == ""


def test_services_are_chosen_by_category_kind_or_provider(superuser, services):
    Service.objects.filter(pk=services[2].pk).update(active=False)
    page = page_of(PriceRun, "add")
    superuser.post(page, {"category": "", "kind": "any", "provider": "", "only_active": "on"})
    assert PriceRun.objects.get().rows.count() == 2
    html = superuser.post(page, {"category": "", "kind": "view", "provider": ""}).content.decode()
    assert "No service is like that. Choose others." in html


def test_the_preview_takes_as_many_statements_for_many_rows(superuser, services):
    few = count_queries(superuser, plan(superuser, services))
    provider = make_provider("http://127.0.0.1:1")
    more = [make_service(name=f"More {number}") for number in range(60)]
    for row in more:
        make_route(row, provider, cost=100)
    page = plan(superuser, Service.objects.all())
    assert (count_queries(superuser, page), few <= 12) == (few, True)
    after = Service.objects.order_by("pk")[49].pk
    html = read(superuser, page)
    assert (f"after={after}" in html, "More 59" in html) == (True, False)
    assert "More 59" in read(superuser, page, after=after)


def test_who_may_only_look_changes_nothing(superuser, services):
    page = plan(superuser, services)
    viewer = enter_admin("providers.view_pricerun", "orders.view_service")
    assert 'name="confirm"' not in read(viewer, page)
    codes = [
        viewer.post(page, {name: "1", "revision": "1"}).status_code for name in ("plan", "confirm", "undo")
    ]
    assert codes == [403] * 3
    assert "change_prices" not in read(viewer, page_of(Service))
    assert viewer.get(page_of(PriceRun, "add")).status_code == 403
    assert enter_admin("orders.view_service").get(page).status_code == 403


def test_who_has_too_much_at_work_is_told_and_nothing_changes(superuser, services):
    page = plan(superuser, services)
    for number in range(MAX_LIVE):
        start_job(superuser.staff.pk, "prices_apply", {"run": 0}, str(number))
    said = told(superuser.post(page, {"confirm": "1", "revision": "1"}, follow=True))
    assert said == ["You have several pieces of work running. Wait until one of them is done."]
    assert (PriceRun.objects.get().state, LogEntry.objects.count()) == ("draft", 0)
