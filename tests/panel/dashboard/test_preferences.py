"""Language and theme: chosen by a button, kept in a cookie, rendered by the server."""

import pytest
from django.test import Client

from panel.dashboard.preferences import read_next
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_text, read_texts


def look(browser, address="/login/"):
    """`(lang, dir, data-theme)` of the page."""
    html = read_attributes(find_one(browser.get(address), "html"))
    return html["lang"], html["dir"], html["data-theme"]


@pytest.mark.django_db
def test_the_panel_is_persian_until_somebody_chooses():
    assert look(Client()) == ("fa", "rtl", "auto")


@pytest.mark.django_db
def test_a_visitor_switches_the_language_there_and_back():
    browser = Client()
    answer = browser.post("/language/", {"language": "en", "next": "/login/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/")
    assert look(browser) == ("en", "ltr", "auto")
    browser.post("/language/", {"language": "fa", "next": "/login/"})
    assert look(browser) == ("fa", "rtl", "auto")


def test_a_customer_is_also_written_to_in_the_chosen_language(browser, customer):
    for language in ("fa", "en"):
        browser.post("/language/", {"language": language})
        customer.refresh_from_db()
        assert (customer.language, look(browser, "/")[0]) == (language, language)


def test_a_language_that_is_none_changes_nothing(browser, customer):
    browser.post("/language/", {"language": "xx"})
    customer.refresh_from_db()
    assert (customer.language, look(browser, "/")[0]) == ("en", "en")


def test_every_page_speaks_the_chosen_language(browser, persian):
    titles = {
        "/": ("Home", "خانه"),
        "/orders/": ("Orders", "سفارش‌ها"),
        "/orders/new/": ("New order", "سفارش جدید"),
        "/wallet/": ("Wallet", "کیف پول"),
        "/notifications/": ("Notifications", "اعلان‌ها"),
    }
    for address, words in titles.items():
        assert tuple(read_texts(each.get(address), "h1")[0] for each in (browser, persian)) == words


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_the_theme_is_kept(browser, theme):
    answer = browser.post("/theme/", {"theme": theme, "next": "/wallet/"})
    assert answer.headers["Location"] == "/wallet/"
    cookie = answer.cookies["theme"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == (theme, "Lax", True)
    page = browser.get("/wallet/")
    assert look(browser, "/wallet/")[2] == theme
    pressed = find_all(page, "button", aria_pressed="true")
    assert {read_attributes(one)["value"] for one in pressed} == {theme}


def test_no_other_theme_is_taken(browser):
    assert browser.post("/theme/", {"theme": "x"}).status_code == 400
    browser.cookies["theme"] = '"><script>'
    assert look(browser, "/")[2] == "auto"


def test_the_switches_are_posts_and_lead_to_no_other_site(browser):
    assert [browser.get(address).status_code for address in ("/theme/", "/language/")] == [405, 405]
    answer = browser.post("/theme/", {"theme": "dark", "next": "https://example.org/"})
    assert answer.headers["Location"] == "/"
    answer = browser.post("/language/", {"language": "fa", "next": "https://example.org/"})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("word", ["1", "next", "admin:index", "panel.dashboard.preferences.save_theme", "."])
def test_a_bare_word_is_no_address_to_go_on_to(browser, rf, word):
    assert read_next(rf.get("/", {"next": word}), "/orders/") == "/orders/"
    assert read_next(rf.post("/", {"next": word}), "/orders/") == "/orders/"
    answers = [
        browser.post(path, {"theme": "dark", "next": word}) for path in ("/theme/", "/notifications/read/")
    ]
    assert [answer.headers["Location"] for answer in answers] == ["/", "/notifications/"]


def test_the_switch_names_the_other_language_in_itself(browser, persian):
    def other(page):
        button = find_all(page, "button", name="language")[0]
        return read_attributes(button)["lang"], read_text(button)

    assert (other(browser.get("/")), other(persian.get("/"))) == (("fa", "فارسی"), ("en", "English"))
