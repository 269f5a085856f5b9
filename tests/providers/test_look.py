"""A provider's page: the live log, speed, orders, spending, and the button that reads the balance."""

from datetime import timedelta
from decimal import Decimal
from time import time

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils.translation import override

from orders.models import Order
from panel.engines.ports import pick_port
from panel.lib.redis_client import connect
from panel.lib.tehran_days import find_today
from providers.admin.speeds import show_milliseconds
from providers.calls import noting, store
from providers.models import Provider, ProviderDay
from tests.factories import make_provider, make_route, make_service
from tests.panel.admin_visits import count_queries, enter_admin, page_of, read, superuser
from tests.providers.steps import forward, place

__all__ = ["superuser"]
MOST_QUERIES = 12
LOOK, CALLS = "admin:providers_provider_look", "admin:providers_provider_calls"


def path_of(provider, name=LOOK):
    return reverse(name, args=[provider.pk])


@pytest.fixture
def provider(way):
    """The sandbox, with one order placed, one refused and one unclear."""
    noting.write_waiting()
    connect().flushdb()
    for word in ("plain", "refuse", "error500"):
        place(way[0], way[1], word)
    forward()
    noting.write_waiting()
    return way[2]


def outcomes(browser, provider, outcome=""):
    """What the log's own fragment shows."""
    response = browser.get(path_of(provider, CALLS), {"outcome": outcome}, headers={"HX-Request": "true"})
    return sorted(call["outcome"] for call in response.context["calls"])


def test_the_page_shows_what_is_known(superuser, provider):
    ProviderDay.objects.create(provider=provider, day=find_today(), orders=2, cost=4321)
    html = read(superuser, path_of(provider))
    assert ("4,321" in html, "Orders open there" in html, provider.key in html) == (True, True, False)
    assert html.count('<span class="outcome outcome-') == 3


def test_the_log_renews_itself_and_keeps_its_filter(superuser, provider):
    assert outcomes(superuser, provider) == ["ok", "rejected", "unclear"]
    assert outcomes(superuser, provider, "unclear") == ["unclear"]
    assert outcomes(superuser, provider, "no such") == ["ok", "rejected", "unclear"]
    html = read(superuser, path_of(provider), outcome="rejected")
    assert f'hx-get="{path_of(provider, CALLS)}?outcome=rejected"' in html


def test_the_fragment_alone_leads_to_the_page_for_who_has_no_script(superuser, provider):
    response = superuser.get(path_of(provider, CALLS))
    assert (response.status_code, response.url) == (302, path_of(provider))


def test_a_providers_words_are_text_and_no_markup(superuser, provider):
    words = '<img src=x onerror="alert(1)">'
    error = noting.Unavailable(words)
    noting.note_call(noting.Call(time(), provider.pk, "place", 0.1, error, tuple))
    noting.write_waiting()
    html = read(superuser, path_of(provider))
    assert ("<img" in html, "&lt;img src=x" in html) == (False, True)


def test_the_balance_is_read_by_a_button_and_logged(superuser, provider):
    response = superuser.post(path_of(provider), {"balance": "read"})
    provider.refresh_from_db()
    assert (response.status_code, response.url) == (302, path_of(provider))
    assert (provider.balance_at is not None, LogEntry.objects.count()) == (True, 1)
    noting.write_waiting()
    assert store.read_log(provider.pk)[0]["what"] == "balance"


def test_a_balance_that_is_not_told_says_why(superuser, db, clean_redis):
    provider = make_provider("http://127.0.0.1:1")
    html = superuser.post(path_of(provider), {"balance": "read"}, follow=True).content.decode()
    assert "It did not tell our balance" in html
    assert LogEntry.objects.count() == 0


def test_who_may_only_look_presses_nothing_and_sees_no_money(provider):
    browser = enter_admin("providers.view_provider")
    html = read(browser, path_of(provider))
    assert ("Read the balance now" in html, "Spending" in html) == (False, False)
    assert browser.post(path_of(provider), {"balance": "read"}).status_code == 403


@pytest.mark.parametrize("name", [LOOK, CALLS])
def test_nobody_else_sees_it(provider, name):
    assert enter_admin("orders.view_order").get(path_of(provider, name)).status_code == 403


@pytest.mark.parametrize("name", [LOOK, CALLS])
def test_an_unknown_provider_is_not_found(superuser, name):
    assert superuser.get(reverse(name, args=[0])).status_code == 404


def test_without_redis_the_pages_say_so(superuser, provider, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{pick_port(None)}/0"
    pages = [read(superuser, path) for path in (path_of(provider), page_of(Provider), reverse("admin:index"))]
    assert pages[0].count("Redis does not answer") == 2
    assert provider.name in pages[1]


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(None, "–"), (7, "<bdi>7</bdi> ms"), (999, "<bdi>999</bdi> ms"), (1540, "<bdi>1.5</bdi> s")],
)
def test_lengths_are_said_in_milliseconds_or_seconds(milliseconds, words):
    with override("en"):
        assert show_milliseconds(milliseconds) == words


def test_the_list_shows_errors_and_speed(superuser, provider):
    html = read(superuser, page_of(Provider))
    assert '<td class="field-hour_errors"><bdi>33%</bdi></td>' in html
    assert path_of(provider) in html


def test_a_busy_providers_page_asks_no_more_queries(superuser, provider, way):
    counts = [count_queries(superuser, path_of(provider))]
    for number in range(30):
        make_route(make_service(), provider, str(number + 100))
        day = find_today() - timedelta(days=number)
        ProviderDay.objects.create(provider=provider, day=day, orders=1, cost=Decimal(5))
        place(way[0], way[1])
    forward()
    Order.objects.update(rechecked_at=None)
    counts.append(count_queries(superuser, path_of(provider)))
    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES


def test_a_longer_list_of_providers_asks_no_more_queries(superuser, provider):
    before = count_queries(superuser, page_of(Provider))
    for _ in range(20):
        make_provider("http://127.0.0.1:1")
    assert count_queries(superuser, page_of(Provider)) == before


@pytest.mark.parametrize("language", ["fa", "en"])
def test_it_is_there_in_both_languages(superuser, provider, language):
    superuser.cookies["language"] = language
    assert f'lang="{language}"' in read(superuser, path_of(provider))
