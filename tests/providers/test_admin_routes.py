"""The admin of routes' health and rests, of missing remains, and services with many routes."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import override

from orders.models import Order, Service
from panel.lib.dates import format_number
from providers.admin.route_columns import show_duration
from providers.admin.routes import MAX_FORM_ROWS, MAX_INLINE_ROUTES
from providers.models import Dispatch, Route, RouteHealth
from tests.factories import make_provider, make_route, make_service
from tests.panel.admin_visits import count_queries, enter_admin, page_of, read, told
from tests.panel.admin_visits import superuser as _superuser
from tests.providers.steps import CHARGE, PURSE, QUANTITY, balance_of, forward, look, place

NO_URL = "http://127.0.0.1:1"
LIST = "admin:providers_dispatch_changelist"
superuser = _superuser


@pytest.fixture
def route(db):
    """A route that rests, with a week behind it."""
    row = make_route(make_service(), make_provider(NO_URL))
    Route.objects.filter(pk=row.pk).update(rests=2, rests_until=Now() + timedelta(hours=1))
    RouteHealth.objects.create(
        route=row, sent=40, refused=10, failed=4, finished=18, cut_short=6, median_seconds=7300, score=0.61
    )
    return row


@pytest.fixture
def partial(way):
    """A dispatch whose order waits for its remains."""
    place(way[0], way[1])
    forward()
    Dispatch.objects.update(remains_missing_at=Now(), raw_status="Partial")
    return Dispatch.objects.get()


def use_again_url(route):
    return reverse("admin:providers_route_use_again", args=[route.pk])


def remains_url(row):
    return reverse("admin:providers_dispatch_remains", args=[row.pk])


@pytest.mark.parametrize("about", ["service", "provider", "list", "health"])
def test_health_is_shown_wherever_routes_are(superuser, route, about):
    path = {
        "service": page_of(Service, "change", route.service_id),
        "provider": page_of(type(route.provider), "change", route.provider_id),
        "list": page_of(Route),
        "health": page_of(RouteHealth),
    }[about]
    html = read(superuser, path)
    wanted = ["<bdi>75%</bdi>", "<bdi>25%</bdi>", "<bdi>2 hours</bdi>", use_again_url(route)]
    assert [text for text in wanted if text not in html] == []


def test_health_is_shown_in_the_digits_of_the_language(superuser, route):
    superuser.cookies["language"] = "fa"
    html = read(superuser, page_of(RouteHealth))
    assert ("۷۵" in html, "75%" in html) == (True, False)


def test_the_worst_route_is_listed_first(superuser, route):
    better = make_route(route.service, route.provider, "2")
    worse = make_route(route.service, route.provider, "3")
    RouteHealth.objects.create(route=better, score=0.9)
    RouteHealth.objects.create(route=worse, score=0.2)
    rows = superuser.get(page_of(RouteHealth)).context["cl"].result_list
    assert [row.route_id for row in rows] == [worse.pk, route.pk, better.pk]
    rows = superuser.get(page_of(RouteHealth), {"resting": "yes"}).context["cl"].result_list
    assert [row.route_id for row in rows] == [route.pk]


def test_a_longer_list_of_health_asks_no_more_queries(superuser, route):
    few = count_queries(superuser, page_of(RouteHealth))
    for number in range(4):
        RouteHealth.objects.create(route=make_route(make_service(), make_provider(NO_URL), str(number)))
    assert count_queries(superuser, page_of(RouteHealth)) == few
    assert len(superuser.get(page_of(RouteHealth)).context["cl"].result_list) == 5


def test_the_button_ends_the_rest_once(superuser, route):
    url = use_again_url(route)
    assert url in read(superuser, page_of(Route, "change", route.pk))
    words = [told(superuser.post(url, {"act": "1"}, follow=True)) for _ in range(2)]
    route.refresh_from_db()
    assert (route.rests, route.rests_until) == (0, None)
    assert words == [
        ["It is used again; waiting orders are looked at within a minute."],
        ["It is in use already."],
    ]
    assert url not in read(superuser, page_of(Route, "change", route.pk))


def test_who_may_only_look_ends_no_rest(route):
    viewer = enter_admin("providers.view_route")
    assert viewer.post(use_again_url(route), {"act": "1"}).status_code == 403
    route.refresh_from_db()
    assert route.rests == 2


def test_the_front_page_counts_resting_routes(superuser, route):
    Route.objects.create(
        service=route.service, provider=route.provider, upstream_service="9", rests=1, active=False
    )
    html = read(superuser, reverse("admin:index"))
    query = "?resting=yes&amp;active__exact=1"
    assert f'{page_of(Route)}{query}"><strong><bdi>1</bdi></strong>' in html


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (0, "0 seconds"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7199, "119 minutes"),
        (7200, "2 hours"),
        (172_800, "2 days"),
    ],
)
def test_durations_have_a_unit(seconds, words):
    with override("en"):
        assert show_duration(seconds).replace("<bdi>", "").replace("</bdi>", "") == words


def service_fields(service, routes):
    """What the form of a service sends with these routes, saved and new, on its page."""
    names = ("name", "description", "type", "kind", "link_format", "price", "min", "max", "pack_size")
    fields = {name: getattr(service, name) for name in (*names, "same_link", "route_choice")}
    fields |= {"category": service.category_id, "active": "on", "link_hosts": "", "link_pattern": ""}
    fields |= {"link_example": "", "min_video_seconds": "", "original_price": "", "cancel": "on"}
    fields |= {"dripfeed": "on", "refill": "on", "csrfmiddlewaretoken": "x", "_continue": "x"}
    saved = sum(1 for route in routes if route.pk)
    fields |= {"routes-TOTAL_FORMS": len(routes), "routes-INITIAL_FORMS": saved}
    fields |= {"routes-MIN_NUM_FORMS": 0, "routes-MAX_NUM_FORMS": MAX_FORM_ROWS}
    for number, route in [*enumerate(routes), ("__prefix__", Route(provider=routes[0].provider))]:
        row = {"id": route.pk or "", "service": service.pk, "provider": route.provider_id}
        row |= {"upstream_service": route.upstream_service, "priority": 7, "cost": "", "active": "on"}
        fields |= {f"routes-{number}-{name}": value for name, value in row.items()}
    return fields


def test_a_service_with_a_page_full_of_routes_can_be_saved(superuser, db):
    service, provider = make_service(), make_provider(NO_URL)
    routes = [make_route(service, provider, str(number)) for number in range(MAX_INLINE_ROUTES)]
    added = MAX_FORM_ROWS - MAX_INLINE_ROUTES
    routes += [Route(provider=provider, upstream_service=f"new-{number}") for number in range(added)]
    answer = superuser.post(page_of(Service, "change", service.pk), service_fields(service, routes))
    assert answer.status_code == 302
    assert list(service.routes.values_list("priority", flat=True)) == [7] * MAX_FORM_ROWS


def test_a_route_that_somebody_else_added_meanwhile_is_no_fault(superuser, db):
    """The form counted its rows before that: to the database its new route is there already."""
    service, provider = make_service(), make_provider(NO_URL)
    sent = service_fields(service, [Route(provider=provider, upstream_service="7")])
    make_route(service, provider, "7")
    url = page_of(Service, "change", service.pk)
    answer = superuser.post(url, sent)
    assert (answer.status_code, answer.url, service.routes.count()) == (302, url, 1)
    assert "Nothing was saved" in read(superuser, url)


def test_many_routes_of_a_service_are_edited_in_their_own_list(superuser, db):
    service, provider = make_service(), make_provider(NO_URL)
    url, formset = page_of(Service, "change", service.pk), 'name="routes-TOTAL_FORMS"'
    few = formset in read(superuser, url)
    for number in range(60):
        make_route(service, provider, str(number))
    html = read(superuser, url)
    listed = f"{page_of(Route)}?service__id__exact={service.pk}"
    assert (few, formset in html, listed in html) == (True, False, True)
    assert superuser.get(listed).context["cl"].result_count == 60
    fields = {
        name: value
        for name, value in service_fields(service, [Route(provider=provider)]).items()
        if not name.startswith("routes-")
    }
    assert superuser.post(url, fields | {"price": "2500"}).status_code == 302
    service.refresh_from_db()
    assert (service.price, service.routes.count()) == (2500, 60)


def test_missing_remains_are_a_work_list(superuser, partial, way):
    place(way[0], way[1])
    forward()
    html = read(superuser, reverse("admin:index"))
    assert f'{reverse(LIST)}?remains=missing"><strong><bdi>1</bdi></strong>' in html
    answer = superuser.get(reverse(LIST), {"remains": "missing"})
    assert [row.pk for row in answer.context["cl"].result_list] == [partial.pk]
    assert remains_url(partial) in answer.content.decode()


def test_typed_remains_end_the_order_in_part(superuser, partial, way):
    html = read(superuser, remains_url(partial))
    assert [text for text in ('name="remains"', partial.upstream_id, "Partial") if text not in html] == []
    answer = superuser.post(remains_url(partial), {"settle_partial": "1", "remains": "50"}, follow=True)
    refund = CHARGE * 50 // QUANTITY
    assert look(partial.order_id) == ("partial", "accepted", refund, 50)
    assert balance_of(way[0]) == PURSE - CHARGE + refund
    partial.refresh_from_db()
    assert partial.resolved_by == superuser.staff.username
    assert told(answer) == [
        f"Order #{partial.order_id} ended in part; {refund} toman went back to the customer."
    ]
    assert answer.request["QUERY_STRING"] == "remains=missing"


def test_the_sentences_about_remains_are_in_the_digits_of_the_language(superuser, partial):
    superuser.cookies["language"] = "fa"
    url, sent = remains_url(partial), {"settle_partial": "1"}
    html = superuser.post(url, sent | {"remains": "102"}).content.decode()
    assert f"این باید عددی از ۰ تا {format_number(QUANTITY, 'fa')} باشد." in html
    said = told(superuser.post(url, sent | {"remains": "0"}, follow=True))
    assert [words.endswith("؛ ۰ تومان به مشتری برگشت.") for words in said] == [True]


@pytest.mark.parametrize("remains", ["", "-1", "102", "many"])
def test_remains_that_cannot_be_are_refused_beside_the_form(superuser, partial, remains):
    answer = superuser.post(remains_url(partial), {"settle_partial": "1", "remains": remains})
    assert (answer.status_code, len(answer.context["blocks"][0]["form"].errors)) == (200, 1)
    assert look(partial.order_id)[0] == "processing"


def test_who_types_them_in_too_late_is_told(superuser, partial):
    Order.objects.filter(pk=partial.order_id).update(status="completed")
    words = [f"Order #{partial.order_id} was settled meanwhile: it is completed."]
    sent = {"settle_partial": "1", "remains": "50"}
    assert told(superuser.post(remains_url(partial), sent, follow=True)) == words
    assert told(superuser.get(remains_url(partial), follow=True)) == words
    assert look(partial.order_id) == ("completed", "accepted", 0, None)


def test_who_may_only_look_types_nothing_in(partial):
    viewer = enter_admin("providers.view_dispatch")
    html = read(viewer, reverse(LIST), remains="missing")
    answer = viewer.post(remains_url(partial), {"settle_partial": "1", "remains": "50"})
    assert (remains_url(partial) in html, answer.status_code) == (False, 403)
    assert look(partial.order_id)[0] == "processing"
