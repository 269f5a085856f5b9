"""One choice of the theme for the panel and the admin, written on <html> by the server."""

import re
from pathlib import Path

import django.contrib.admin
import pytest
from django.conf import settings

from panel.accounts.models import Customer
from tests.panel.admin_visits import enter_admin, page_of
from tests.panel.dashboard.pages import find_all, find_one, read_attributes

PAGES = ("/admin/", page_of(Customer), page_of(Customer, "add"))


@pytest.fixture
def admin(db):
    return enter_admin(is_superuser=True)


def look(browser, path):
    html = read_attributes(find_one(browser.get(path), "html"))
    return html["lang"], html["dir"], html["data-theme"]


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_what_is_chosen_in_the_panel_holds_in_the_admin(admin, theme):
    admin.post("/theme/", {"theme": theme, "next": "/"})
    assert [look(admin, path) for path in PAGES] == [("en", "ltr", theme)] * len(PAGES)


def test_what_is_chosen_in_the_admin_holds_in_the_panel_and_one_stays_on_the_page(admin):
    path = f"{page_of(Customer)}?q=x"
    form = find_one(admin.get(path), "form", id="theme-form")
    fields = {
        one["name"]: one["value"]
        for one in map(read_attributes, find_all(admin.get(path), "input", name="next"))
    }
    answer = admin.post(read_attributes(form)["action"], fields | {"theme": "dark"})
    assert (answer.headers["Location"], look(admin, "/")[2], look(admin, path)[2]) == (path, "dark", "dark")
    pressed = find_all(admin.get(path), "button", aria_pressed="true")
    assert [read_attributes(one)["value"] for one in pressed] == ["dark"]


def test_a_cookie_that_says_something_else_is_the_system_s(admin):
    admin.cookies["theme"] = '"><script>'
    assert look(admin, "/admin/")[2] == "auto"


def test_the_admin_keeps_no_choice_of_its_own(admin):
    admin.cookies["language"] = "fa"
    page = admin.get("/admin/")
    assert look(admin, "/admin/") == ("fa", "rtl", "auto")
    scripts = [read_attributes(one)["src"] for one in find_all(page, "script")]
    assert [address for address in scripts if "theme" in address] == []


def test_our_frame_has_every_block_of_django_s():
    """Whatever Django's other templates fill has a place in it after an update of Django too."""
    theirs = Path(django.contrib.admin.__file__).parent / "templates/admin/base.html"
    ours = Path(settings.BASE_DIR) / "templates/admin/base.html"
    named = [re.findall(r"{% block ([\w-]+)", path.read_text(encoding="utf-8")) for path in (theirs, ours)]
    assert sorted(named[0]) == sorted(named[1])
