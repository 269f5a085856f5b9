"""Terms, privacy, and the small files that browsers and robots ask for."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from panel.support.models import SiteText
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_text, read_texts

PAGES = (("/terms/", "Terms of use"), ("/privacy/", "Privacy"))


def write(slug, language, text):
    return SiteText.objects.create(slug=slug, language=language, text=text)


@pytest.mark.parametrize(("address", "title"), PAGES)
def test_where_the_operator_wrote_nothing_the_panel_has_words(visitor, address, title):
    page = visitor.get(address)
    assert (page.status_code, read_texts(page, "h1")) == (200, [title])
    assert len(find_all(page, "h2")) >= 5
    assert find_all(page, "time") == []


@pytest.mark.parametrize(("address", "title"), PAGES)
def test_the_operator_s_words_take_their_place(visitor, address, title):
    write(address.strip("/"), "en", "<p><b>One</b></p><p>Be kind.</p>")
    page = visitor.get(address)
    (article,) = find_all(page, "article")
    assert read_text(find_one(page, "div", class_="prose")) == "One Be kind."
    assert (find_all(page, "h2"), len(find_all(page, "time"))) == ([], 1)
    assert read_attributes(find_one(page, "div", class_="prose"))["lang"] == "en"
    assert read_text(article).startswith(title)


def test_a_text_in_the_other_language_alone_is_shown_in_that_one(visitor):
    write("terms", "fa", "متن")
    page = visitor.get("/terms/")
    told = find_one(page, "div", class_="prose")
    assert (read_text(told), read_attributes(told)["lang"], read_attributes(told)["dir"]) == (
        "متن",
        "fa",
        "auto",
    )
    write("terms", "en", "words")
    assert read_text(find_one(visitor.get("/terms/"), "div", class_="prose")) == "words"


def test_what_came_into_the_table_another_way_is_no_danger(visitor):
    write("terms", "en", "<script>alert(1)</script><p onclick=x>safe</p>")
    page = visitor.get("/terms/")
    assert read_text(find_one(page, "div", class_="prose")) == "safe"
    assert "alert(1)" not in page.content.decode()


def test_the_mark_is_where_the_favicon_is_asked_for(visitor):
    answer = visitor.get("/favicon.ico")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/static/img/mark.svg")
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert Path(finders.find("img/mark.svg")).is_file()


def test_robots_may_read_what_everybody_may(visitor):
    answer = visitor.get("/robots.txt")
    lines = answer.content.decode().splitlines()
    assert (answer.headers["Content-Type"], lines[0], lines[-1]) == (
        "text/plain; charset=utf-8",
        "User-agent: *",
        "Disallow: /",
    )
    assert lines[1:-1] == [
        "Allow: /$",
        "Allow: /static/",
        "Allow: /api/docs/",
        *(f"Allow: /{page}/" for page in ("services", "status", "terms", "privacy", "login")),
    ]
