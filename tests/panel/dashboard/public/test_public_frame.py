"""What holds for all public pages, for visitors and customers, in both languages."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from panel.dashboard.templatetags.panel_format import SPRITE
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_texts
from tests.panel.dashboard.public.speeds import measure
from tests.panel.dashboard.test_frame import POLICY

ADDRESSES = ("/", "/services/", "/services/{}/", "/status/", "/terms/", "/privacy/")


@pytest.fixture
def pages(service):
    """Every page as a visitor gets it, in both languages."""
    measure(service, finished=1, failed=9)
    return [
        open_browser(language=language).get(address.format(service.pk))
        for language in ("en", "fa")
        for address in ADDRESSES
    ]


def test_pages_keep_the_policy_and_load_only_what_is_ours(pages):
    for page in pages:
        assert (page.status_code, page.headers["Content-Security-Policy"]) == (200, POLICY)
        assert find_all(page, "style") == []
        assert re.findall(r"<[^>]*\s(?:style|on\w+|hx-on\S*)\s*=", page.content.decode()) == []
        loaded = [read_attributes(one)["src"] for name in ("script", "img") for one in find_all(page, name)]
        loaded += [read_attributes(one)["href"] for one in find_all(page, "link")]
        assert [one for one in loaded if not one.startswith("/static/")] == []


def test_ids_are_unique_and_labels_lead_somewhere(pages):
    for page in pages:
        text = page.content.decode()
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert sorted(ids) == sorted(set(ids))
        named = re.findall(r'(?:\sfor|aria-labelledby|href)="#?([\w-]+)"', text)
        assert {one for one in named if not one.startswith("/")} <= set(ids)


def test_headings_leave_no_level_out(pages):
    for page in pages:
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page.content.decode())]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_every_icon_is_in_the_sprite(pages):
    sprite = Path(finders.find(SPRITE)).read_text(encoding="utf-8")
    known = set(re.findall(r'id="([\w-]+)"', sprite))
    used = {read_attributes(one)["href"].partition("#")[2] for page in pages for one in find_all(page, "use")}
    assert used - known == set()


@pytest.mark.parametrize("address", ["/services/", "/status/", "/terms/"])
def test_visitors_log_in_and_come_back_and_customers_go_to_their_panel(visitor, browser, address):
    doors = [
        read_attributes(one)["href"] for one in find_all(visitor.get(address), "a", class_="button-small")
    ]
    assert f"/login/?next={address}" in doors
    door = find_one(browser.get(address), "a", class_="button-primary")
    assert read_attributes(door)["href"] == "/"


def test_the_reference_has_the_same_frame_for_visitors(visitor, browser):
    page = visitor.get("/api/docs/")
    here = find_one(page, "a", aria_current="page")
    assert (read_attributes(here)["href"], len(find_all(page, "footer"))) == ("/api/docs/", 1)
    assert find_all(browser.get("/api/docs/"), "footer") == []


def test_the_foot_leads_to_the_small_print(visitor):
    links = [read_attributes(one)["href"] for one in find_all(visitor.get("/status/"), "a")]
    assert links[-5:] == ["/services/", "/status/", "/api/docs/", "/terms/", "/privacy/"]


def test_language_and_theme_are_switched_in_place(visitor):
    switches = find_all(visitor.get("/services/?q=a"), "input", type="hidden", name="next")
    assert {read_attributes(one)["value"] for one in switches} == {"/services/?q=a"}
    visitor.post("/theme/", {"theme": "dark"})
    assert read_attributes(find_one(visitor.get("/status/"), "html"))["data-theme"] == "dark"


def test_persian_reads_from_right_to_left(db):
    page = open_browser(language="fa").get("/terms/")
    html = read_attributes(find_one(page, "html"))
    assert (html["lang"], html["dir"], read_texts(page, "h1")) == ("fa", "rtl", ["شرایط استفاده"])
