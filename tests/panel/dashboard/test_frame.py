"""What holds for all pages: the content policy, the frame around them, and the pages for errors."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from orders.services import place_order
from panel.dashboard.templatetags.panel_format import STATUS_LOOKS, order_number
from panel.dashboard.views.errors import server_error
from panel.support.models import Notification
from tests.factories import make_customer
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_texts

PAGES = ("/", "/orders/", "/orders/new/", "/wallet/", "/api-keys/", "/notifications/")
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


@pytest.fixture
def pages(browser, persian, customer, service):
    """Every page with something on it, in both languages, and the pages outside."""
    values = {"link": "https://instagram.com/p/abc", "quantity": "10"}
    order_id = place_order(customer.pk, "dashboard", service.pk, values).order_id
    Notification.objects.create(customer=customer, kind="x", message="x", key="x", order_id=order_id)
    addresses = [
        *PAGES,
        "/api-keys/new/",
        f"/orders/{order_id}/",
        f"/orders/new/?service={service.pk}",
        "/nothing/",
    ]
    shown = [each.get(address) for each in (browser, persian) for address in addresses]
    outside = ("/login/", "/session", "/users/auth/instagram/callback")
    return [*shown, *(Client().get(address) for address in outside)]


def all_attributes(page):
    names = ("html", "body", "main", "div", "p", "a", "form", "input", "button", "td", "svg", "use", "dialog")
    return [read_attributes(one) for name in names for one in find_all(page, name)]


def test_every_page_sends_the_policy_and_needs_nothing_it_forbids(pages):
    for page in pages:
        assert page.headers["Content-Security-Policy"] == POLICY
        assert (page.headers["X-Frame-Options"], page.headers["X-Content-Type-Options"]) == (
            "DENY",
            "nosniff",
        )
        assert find_all(page, "style") == []
        assert [
            one for one in find_all(page, "script") if one.children or "src" not in dict(one.attributes)
        ] == []
        text = page.content.decode()
        assert re.findall(r"<[^>]*\s(?:style|on\w+|hx-on\S*)\s*=", text) == []
        assert re.findall(r"javascript:|hx-vals=.js:", text) == []


def test_everything_a_page_loads_is_ours_and_there(pages):
    wanted = set()
    for page in pages:
        for name, attribute in (("link", "href"), ("script", "src"), ("img", "src"), ("use", "href")):
            wanted |= {read_attributes(one)[attribute] for one in find_all(page, name)}
    paths = {urlsplit(address) for address in wanted}
    assert {path.netloc for path in paths} == {""}
    prefix = f"/{settings.STATIC_URL.strip('/')}/"
    assert [p.path for p in paths if finders.find(p.path.removeprefix(prefix)) is None] == []


def test_every_icon_is_in_the_sprite(pages):
    used = {looks[0] for looks in STATUS_LOOKS.values()}
    for page in pages:
        used |= {read_attributes(one)["href"].partition("#")[2] for one in find_all(page, "use")}
    address = urlsplit(read_attributes(find_all(pages[0], "use")[0])["href"]).path
    sprite = Path(finders.find(address.removeprefix("/static/"))).read_text(encoding="utf-8")
    assert used - set(re.findall(r'id="([\w-]+)"', sprite)) == set()


def test_ids_are_unique_and_labels_lead_somewhere(pages):
    for page in pages:
        ids = [found["id"] for found in all_attributes(page) if found.get("id")]
        assert sorted(ids) == sorted(set(ids))
        fields = re.findall(r'<(?:input|select|textarea)[^>]*\sid="([^"]+)"', page.content.decode())
        labels = [read_attributes(one)["for"] for one in find_all(page, "label")]
        assert sorted(labels) == sorted(fields)


def test_numbers_and_links_are_kept_from_turning_around(persian, pages):
    bdis = [read_attributes(one) for one in find_all(persian.get("/orders/"), "bdi", class_="num")]
    assert {one["dir"] for one in bdis} == {"ltr"}
    assert order_number(12) == '<bdi dir="ltr" class="num">#12</bdi>'


@pytest.mark.parametrize("address", PAGES)
def test_the_menu_says_where_one_is(browser, address):
    current = find_all(browser.get(address), "a", aria_current="page")
    assert [read_attributes(one)["href"] for one in current] == [address] * 2  # sidebar and drawer


def test_what_is_not_there_says_so_in_both_languages(browser, persian, visitor):
    for each, words in ((browser, "Page not found"), (persian, "صفحه پیدا نشد"), (visitor, "Page not found")):
        page = each.get("/nothing/")
        assert (page.status_code, read_texts(page, "h1")) == (404, [words])


def test_our_own_failures_have_a_page_that_asks_no_database(browser, persian, monkeypatch):
    def fail(*args):
        raise RuntimeError("broken")

    monkeypatch.setattr("panel.dashboard.views.wallet.find_wallet", fail)
    for each, words in ((browser, "Something went wrong"), (persian, "خطایی رخ داد")):
        each.raise_request_exception = False
        page = each.get("/wallet/")
        assert (page.status_code, read_texts(page, "h1")) == (500, [words])
        assert "broken" not in page.content.decode()


def test_the_500_page_needs_no_query(rf):
    """Without the mark `django_db` any query would fail this test."""
    assert server_error(rf.get("/wallet/")).status_code == 500


def test_the_balance_stands_on_every_page(browser, persian):
    assert read_texts(browser.get("/orders/"), "a", class_="chip")[0] == "Balance 100,000 toman"
    assert read_texts(persian.get("/orders/"), "a", class_="chip")[0] == "موجودی ۱۰۰٬۰۰۰ تومان"


def test_fragments_cost_no_queries_for_the_frame(browser, customer, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):  # session, customer, orders
        browser.get("/orders/", headers={"HX-Request": "true"})


def test_htmx_is_told_to_stay_within_the_policy(browser):
    config = read_attributes(find_one(browser.get("/"), "meta", name="htmx-config"))["content"]
    for wish in ('"includeIndicatorStyles":false', '"allowEval":false', '"allowScriptTags":false'):
        assert wish in config


def test_what_stands_twice_beside_a_page_is_of_who_asks_with_their_choices(browser, persian, customer):
    other = make_customer(username="somebody-else")
    for each, name, words in (
        (browser, str(customer), "Log out"),
        (open_browser(other), str(other), "Log out"),
        (persian, str(customer), "خروج"),
    ):
        each.cookies["theme"] = "dark"
        page = each.get("/orders/?status=open")
        assert read_texts(page, "p", class_="who") == [name] * 2
        assert [text for text in read_texts(page, "button") if text == words] == [words] * 2
        pressed = [read_attributes(one)["value"] for one in find_all(page, "button", aria_pressed="true")]
        assert pressed == ["dark"] * 2
        nexts = find_all(page, "input", type="hidden", value="/orders/?status=open")
        assert len(nexts) == 4


def test_a_form_that_asks_first_has_an_id():
    """By it the question is told from its answer; a form without one is sent unasked."""
    forms = {
        f"{path}: {form}"
        for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
        for form in re.findall(r"<form\b.*", path.read_text())
        if "data-confirm=" in form
    }
    assert [form for form in forms if ' id="' not in form] == []
    assert len(forms) > 5
