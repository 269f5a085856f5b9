"""The admin of providers and dispatches: secrets stay hidden, and the buttons do what they say."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from providers.admin.provider_form import list_dialects
from providers.admin.routes import MAX_FORM_ROWS, MAX_INLINE_ROUTES
from providers.models import Dispatch, Provider, ProviderEvent, Route
from providers.unclear import _lease, send_again
from tests.factories import make_customer, make_provider, make_route, make_service
from tests.providers.steps import forward, list_states, look, make_all_due, place

KEY = "s3cret-key-of-ours"
PASSWORD = "s3cret-password-of-ours"
NO_URL = "http://127.0.0.1:1"
LIST = "admin:providers_dispatch_changelist"
UNCLEAR = {"state__exact": "unclear"}


@pytest.fixture
def page(client, db):
    """The test client, logged in as superuser."""
    client.force_login(make_customer(username="boss", is_staff=True, is_superuser=True))
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def provider(db):
    """One with secrets and a route, at which nobody listens."""
    row = make_provider(NO_URL, key=KEY, password=PASSWORD, username="we")
    make_route(make_service(), row)
    return row


@pytest.fixture
def unclear(way):
    """The dispatch of an order of which nobody knows; the sandbox has it."""
    order_id = place(way[0], way[1], "error500")
    forward()
    return Dispatch.objects.get(order=order_id, state="unclear")


def let(staff, *names):
    staff.user_permissions.set(Permission.objects.filter(codename__in=names))
    return staff


def url_of(name, row):
    return reverse(f"admin:providers_{name}", args=[row.pk])


def provider_fields(provider, **changes):
    """What the form of a provider without routes on its page sends."""
    fields = {
        "name": provider.name,
        "dialect": provider.dialect,
        "url": provider.url,
        "key": "",
        "username": provider.username,
        "password": "",
        "currency": provider.currency,
        "rate": "1",
        "calls_per_second": "0",
        "active": "on",
        "routes-TOTAL_FORMS": "0",
        "routes-INITIAL_FORMS": "0",
    }
    return fields | changes


def save_provider(page, provider, **changes):
    """Send the form; returns the errors by field, {} when it was saved."""
    answer = page.post(url_of("provider_change", provider), provider_fields(provider, **changes))
    assert KEY not in answer.content.decode()
    provider.refresh_from_db()
    return answer.context["adminform"].form.errors if answer.context else {}


@pytest.mark.parametrize("model", ["provider", "route", "dispatch", "providerevent"])
def test_every_list_loads(page, unclear, model):
    assert page.get(reverse(f"admin:providers_{model}_changelist")).status_code == 200


@pytest.mark.parametrize("model", ["dispatch", "providerevent"])
def test_what_the_panel_writes_is_neither_added_nor_deleted_by_hand(page, unclear, model):
    row = {"dispatch": unclear, "providerevent": ProviderEvent.objects.get()}[model]
    codes = [
        page.post(reverse(f"admin:providers_{model}_add")).status_code,
        page.post(url_of(f"{model}_delete", row), {"post": "yes"}).status_code,
        page.post(url_of(f"{model}_change", row), {"state": "missing"}).status_code,
    ]
    assert (codes, look(unclear.order_id)[1]) == ([403, 403, 403], "unclear")


@pytest.mark.parametrize("model", ["provider", "route"])
def test_what_dispatches_name_is_switched_off_and_never_deleted(page, provider, model):
    row = {"provider": provider, "route": Route.objects.get()}[model]
    assert page.post(url_of(f"{model}_delete", row), {"post": "yes"}).status_code == 403
    assert (Provider.objects.count(), Route.objects.count()) == (1, 1)


def list_pages_about(provider):
    return [
        reverse("admin:providers_provider_changelist"),
        url_of("provider_change", provider),
        url_of("provider_history", provider),
        url_of("provider_test", provider),
        url_of("provider_pause", provider),
        url_of("provider_resume", provider),
        reverse("admin:providers_route_changelist"),
        url_of("route_change", Route.objects.get()),
    ]


@pytest.mark.parametrize("names", [None, ["view_provider"], ["add_provider", "view_provider"]])
def test_no_page_shows_a_secret_to_anybody(client, page, provider, names):
    if names:
        client.force_login(let(make_customer(is_staff=True), *names))
    pages = [client.get(url) for url in list_pages_about(provider)]
    html = "".join(answer.content.decode() for answer in pages)
    assert [answer.status_code for answer in pages[:2]] == [200, 200]
    assert (KEY in html, PASSWORD in html, provider.name in html) == (False, False, True)


def test_an_empty_secret_keeps_the_stored_one_and_is_no_change(page, provider):
    assert save_provider(page, provider, currency="USD") == {}
    assert (provider.key, provider.password, provider.currency) == (KEY, PASSWORD, "USD")
    assert LogEntry.objects.get().change_message == '[{"changed": {"fields": ["Currency"]}}]'


def test_a_written_secret_replaces_the_stored_one(page, provider):
    assert save_provider(page, provider, key="another") == {}
    assert (provider.key, provider.password) == ("another", PASSWORD)


def test_a_refused_form_does_not_repeat_what_was_typed(page, provider):
    answer = page.post(
        url_of("provider_change", provider), provider_fields(provider, key="typed-secret", name="")
    )
    assert (answer.status_code, "typed-secret" in answer.content.decode()) == (200, False)


def test_a_new_host_wants_the_secrets_anew(page, provider):
    """Else who may edit a provider could have the key sent to a host of their own."""
    elsewhere = "https://elsewhere.example/api/v2"
    assert set(save_provider(page, provider, url=elsewhere)) == {"key", "password"}
    assert (provider.url, provider.key) == (f"{NO_URL}/standard/api/v2", KEY)
    assert save_provider(page, provider, url=f"{NO_URL}/other") == {}
    assert save_provider(page, provider, url=elsewhere, key="k", password="p") == {}
    assert (provider.url, provider.key, provider.password) == (elsewhere, "k", "p")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "ftp://example.com"),
        ("url", "example.com/api"),
        ("url", "https://"),
        ("url", "http://[bad"),
        ("dialect", "nobody-speaks-this"),
        ("rate", "0"),
        ("rate", "-1"),
    ],
)
def test_what_could_not_be_called_is_refused_beside_its_field(page, provider, field, value):
    assert field in save_provider(page, provider, **{field: value})
    assert (provider.url, provider.dialect, provider.rate) == (f"{NO_URL}/standard/api/v2", "standard", 1)


def test_a_dialect_that_is_gone_is_not_replaced_silently(page, provider):
    Provider.objects.update(dialect="gone")
    html = page.get(url_of("provider_change", provider)).content.decode()
    chosen = re.findall(
        r'<option value="([^"]*)" selected>', html.split('name="dialect"')[1].split("</select>")[0]
    )
    assert (chosen, list_dialects()[0][0], "standard" in dict(list_dialects())) == ([], "", True)


def test_a_provider_is_added(page, db):
    fields = provider_fields(Provider(name="new", url="https://up.example/api", dialect="standard"), key=KEY)
    assert page.post(reverse("admin:providers_provider_add"), fields).status_code == 302
    row = Provider.objects.get()
    assert (row.name, row.key, row.url) == ("new", KEY, "https://up.example/api")


def test_a_part_of_this_panel_is_added_without_address_and_key_and_answers_its_test_call(page, clean_redis):
    fields = provider_fields(Provider(name="Exchange", url="", dialect="like_exchange"))
    assert page.post(reverse("admin:providers_provider_add"), fields).status_code == 302
    row = Provider.objects.get()
    assert (row.dialect, row.url, row.key) == ("like_exchange", "panel:", "")
    assert save_provider(page, row, username="us") == {}
    assert page.post(url_of("provider_test", row), {"act": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.username, row.url, row.balance) == ("us", "panel:", 0)


def test_every_other_provider_needs_an_address(page, db):
    fields = provider_fields(Provider(name="new", url="", dialect="standard"), key=KEY)
    answer = page.post(reverse("admin:providers_provider_add"), fields)
    assert (list(answer.context["adminform"].form.errors), Provider.objects.count()) == (["url"], 0)


def test_pause_wants_a_reason_and_stops_the_provider_once(page, provider):
    url = url_of("provider_pause", provider)
    assert page.post(url, {"act": "1", "reason": " "}).status_code == 200
    provider.refresh_from_db()
    assert provider.paused_at is None
    for _ in range(2):
        assert page.post(url, {"act": "1", "reason": "no funds"}).status_code == 302
    provider.refresh_from_db()
    assert (provider.paused_at is not None, provider.pause_reason) == (True, "no funds")
    assert (ProviderEvent.objects.filter(kind="paused").count(), LogEntry.objects.count()) == (1, 1)


def test_resume_lets_it_go_on_and_the_page_offers_what_fits(page, provider):
    pause, resume = url_of("provider_pause", provider), url_of("provider_resume", provider)

    def offered():
        html = page.get(url_of("provider_change", provider)).content.decode()
        return (pause in html, resume in html)

    before = offered()
    page.post(pause, {"act": "1", "reason": "no funds"})
    paused = offered()
    page.post(resume, {"act": "1"})
    provider.refresh_from_db()
    assert (before, paused, offered()) == ((True, False), (False, True), (True, False))
    assert (provider.paused_at, provider.pause_reason) == (None, "")


def test_the_test_call_reads_and_keeps_the_balance(page, way, sandbox):
    provider = way[2]
    answer = page.post(url_of("provider_test", provider), {"act": "1"}, follow=True)
    provider.refresh_from_db()
    assert (provider.balance, provider.balance_at is not None) == (1_000_000_000, True)
    assert "1,000,000,000" in answer.content.decode()
    assert sandbox.counters()["adds_received"] == 0


def test_a_test_call_without_answer_says_why_and_keeps_nothing(page, provider):
    answer = page.post(url_of("provider_test", provider), {"act": "1"})
    provider.refresh_from_db()
    assert (answer.status_code, provider.balance) == (200, None)
    assert len(answer.context["blocks"][0]["form"].non_field_errors()) == 1


def test_who_may_only_look_can_press_nothing(client, unclear, way):
    client.force_login(let(make_customer(is_staff=True), "view_provider", "view_dispatch"))
    provider = way[2]
    urls = [url_of(f"provider_{name}", provider) for name in ("test", "pause", "resume")]
    urls.append(url_of("dispatch_settle", unclear))
    sent = {"act": "1", "reason": "x", "confirm": "1", "upstream_id": "5"}
    assert [client.post(url, sent).status_code for url in urls] == [403] * 4
    html = client.get(reverse(LIST), UNCLEAR).content.decode()
    assert (urls[3] in html, look(unclear.order_id)[1]) == (False, "unclear")
    provider.refresh_from_db()
    assert provider.paused_at is None


def test_the_front_page_leads_to_unclear_orders_and_paused_providers(page, unclear, way):
    make_provider(NO_URL, paused_at="2026-01-01T00:00:00Z")
    html = page.get(reverse("admin:index")).content.decode()
    count = '"><strong><bdi>1</bdi></strong>'
    assert f"{reverse(LIST)}?state__exact=unclear{count}" in html
    assert f"{reverse('admin:providers_provider_changelist')}?paused=yes{count}" in html


def test_the_front_page_counts_in_the_digits_of_its_language(page, unclear):
    page.cookies["language"] = "fa"
    html = page.get(reverse("admin:index")).content.decode()
    assert html.count(f'{reverse(LIST)}?state__exact=unclear"><strong><bdi>۱</bdi></strong>') == 1


def test_the_work_list_shows_the_oldest_first_with_its_evidence(page, unclear, way):
    older = place(way[0], way[1], "garbage")
    forward()
    Dispatch.objects.filter(order=older).update(created="2026-01-01T00:00:00Z", balance_before=1234567)
    answer = page.get(reverse(LIST), UNCLEAR)
    html = answer.content.decode()
    assert [row.order_id for row in answer.context["cl"].result_list] == [older, unclear.order_id]
    wanted = [url_of("dispatch_settle", unclear), "https://example.com/error500", "HTTP 500", "1,234,567"]
    assert [text for text in wanted if text not in html] == []


def test_it_is_there_follows_the_order_under_that_id(page, unclear, sandbox):
    url = url_of("dispatch_settle", unclear)
    html = page.get(url).content.decode()
    assert ('name="confirm"' in html, 'name="send_again"' in html, "error500" in html) == (True, True, True)
    upstream_id = str(sandbox.orders()[0]["order"])
    answer = page.post(url, {"confirm": "1", "upstream_id": f" {upstream_id} "})
    unclear.refresh_from_db()
    assert answer.headers["Location"] == f"{reverse(LIST)}?state__exact=unclear"
    assert (unclear.state, unclear.upstream_id, unclear.resolved_by) == ("accepted", upstream_id, "boss")
    assert look(unclear.order_id)[1] == "accepted"


def test_an_id_that_is_followed_for_another_order_is_refused_in_words(page, unclear, way):
    other = place(way[0], way[1])
    forward()
    taken = Dispatch.objects.get(order=other).upstream_id
    answer = page.post(url_of("dispatch_settle", unclear), {"confirm": "1", "upstream_id": taken})
    errors = answer.context["blocks"][0]["form"].non_field_errors()
    assert errors == [f"Order {taken} there is our order #{other} already. Look for another id."]
    assert look(unclear.order_id)[1] == "unclear"


def test_it_is_not_there_wants_a_promise_and_queues_it_again(page, unclear):
    url = url_of("dispatch_settle", unclear)
    assert page.post(url, {"send_again": "1"}).status_code == 200
    assert look(unclear.order_id)[1] == "unclear"
    assert page.post(url, {"send_again": "1", "looked": "on"}).status_code == 302
    unclear.refresh_from_db()
    assert (unclear.state, unclear.resolved_by, look(unclear.order_id)[1]) == ("missing", "boss", "queued")


def test_who_comes_too_late_is_told_and_changes_nothing(page, unclear):
    send_again(unclear.pk, "somebody")
    url = url_of("dispatch_settle", unclear)
    for answer in (
        page.get(url, follow=True),
        page.post(url, {"confirm": "1", "upstream_id": "5"}, follow=True),
        page.post(url, {"send_again": "1", "looked": "on"}, follow=True),
    ):
        words = [str(message) for message in answer.context["messages"]]
        assert words == [f"Order #{unclear.order_id} was settled meanwhile: it is found missing."]
    unclear.refresh_from_db()
    assert (unclear.resolved_by, list_states(unclear.order_id)) == ("somebody", ["missing"])
    assert LogEntry.objects.count() == 0


def test_sending_again_waits_while_the_provider_is_being_asked(page, unclear):
    make_all_due()
    _lease(10)
    answer = page.post(url_of("dispatch_settle", unclear), {"send_again": "1", "looked": "on"})
    assert len(answer.context["blocks"][1]["form"].non_field_errors()) == 1
    assert list_states(unclear.order_id) == ["unclear"]


def test_the_order_page_lists_its_dispatches(page, unclear, way):
    html = page.get(reverse("admin:orders_order_change", args=[unclear.order_id])).content.decode()
    assert (url_of("dispatch_change", unclear) in html, "HTTP 500" in html) == (True, True)
    assert way[2].key not in html


def route_fields(number, provider, route=None, **changes):
    """What a browser sends for one row of the routes; `number` is `__prefix__` for the row that is copied."""
    fields = {
        "id": route.pk if route else "",
        "provider": provider.pk,
        "service": route.service_id if route else "",
        "upstream_service": route.upstream_service if route else "",
        "priority": 10,
        "cost": "",
        "active": "on",
    }
    return {f"routes-{number}-{name}": value for name, value in (fields | changes).items()}


def test_a_page_full_of_routes_can_be_saved(page, provider):
    service = Route.objects.get().service
    for number in range(MAX_INLINE_ROUTES - 1):
        make_route(service, provider, f"more-{number}")
    stored = list(provider.routes.order_by("id"))
    fields = route_fields("__prefix__", provider) | {"csrfmiddlewaretoken": "x", "_continue": "x"}
    for number, route in enumerate(stored):
        fields |= route_fields(number, provider, route, priority=7)
    for number in range(len(stored), MAX_FORM_ROWS):
        fields |= route_fields(number, provider, service=service.pk, upstream_service=f"new-{number}")
    counts = {
        "routes-TOTAL_FORMS": MAX_FORM_ROWS,
        "routes-INITIAL_FORMS": len(stored),
        "routes-MIN_NUM_FORMS": 0,
        "routes-MAX_NUM_FORMS": MAX_FORM_ROWS,
    }
    answer = page.post(url_of("provider_change", provider), provider_fields(provider, **fields, **counts))
    assert answer.status_code == 302
    assert sorted(provider.routes.values_list("priority", flat=True)) == [7] * 15 + [10] * 5


def test_many_routes_are_edited_in_their_own_list(page, provider):
    formset = 'name="routes-TOTAL_FORMS"'
    url = url_of("provider_change", provider)
    few = formset in page.get(url).content.decode()
    service = Route.objects.get().service
    for number in range(MAX_INLINE_ROUTES):
        make_route(service, provider, f"more-{number}")
    html = page.get(url).content.decode()
    listed = page.get(reverse("admin:providers_route_changelist"), {"provider__id__exact": provider.pk})
    assert (few, formset in html, f"provider__id__exact={provider.pk}" in html) == (True, False, True)
    assert listed.context["cl"].result_count == MAX_INLINE_ROUTES + 1


@pytest.mark.parametrize(
    ("model", "query"),
    [("dispatch", {}), ("dispatch", UNCLEAR), ("provider", {}), ("route", {}), ("providerevent", {})],
)
def test_a_longer_list_asks_no_more_queries(
    page, unclear, way, django_assert_max_num_queries, django_assert_num_queries, model, query
):
    url = reverse(f"admin:providers_{model}_changelist")
    page.get(url, query)
    with django_assert_max_num_queries(9) as few:
        page.get(url, query)
    for number in range(3):
        place(way[0], way[1], f"error500/{number}")
        extra = make_provider(NO_URL)
        make_route(make_service(), extra)
        ProviderEvent.objects.create(provider=extra, kind="paused")
    forward()
    with django_assert_num_queries(len(few)):
        assert len(page.get(url, query).context["cl"].result_list) >= 4
