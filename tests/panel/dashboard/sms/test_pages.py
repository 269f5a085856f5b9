"""What holds for all SMS pages: the content policy, ids and labels, and the menu."""

import re

import pytest

from sms.patterns import approve_pattern, create_pattern
from sms.phonebooks import create_book
from tests.panel.dashboard.pages import find_all, read_attributes, read_texts
from tests.panel.dashboard.sms.steps import fill_form, make_send


@pytest.fixture
def pages(browser, persian, customer, clean_redis):
    """Every page with something on it, in both languages."""
    book = create_book(customer.pk, "Friends", ["09120000001"])
    pattern = create_pattern(customer.pk, "Code", "Hi {name}")
    approve_pattern(pattern.pk)
    send = make_send(customer, ["delivered", "queued", "failed"])
    paths = (
        f"/sms/?book={book.pk}&pattern={pattern.pk}",
        "/sms/sends/",
        f"/sms/sends/{send.pk}/",
        "/sms/reports/",
        "/sms/phonebooks/",
        f"/sms/phonebooks/{book.pk}/",
        "/sms/patterns/",
    )
    shown = [each.get(path) for each in (browser, persian) for path in paths]
    return [*shown, browser.post("/sms/", fill_form()), browser.post("/sms/", fill_form(text=""))]


def test_pages_keep_the_content_policy(pages):
    for page in pages:
        text = page.content.decode()
        assert re.findall(r"<[^>]*\s(?:style|on\w+|hx-on\S*)\s*=", text) == []
        assert [one for one in find_all(page, "script") if one.children] + find_all(page, "style") == []


def test_ids_are_unique_and_every_input_has_its_label(pages):
    for page in pages:
        text = page.content.decode()
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert sorted(ids) == sorted(set(ids))
        labels = [read_attributes(one)["for"] for one in find_all(page, "label")]
        assert sorted(labels) == sorted(re.findall(r'<(?:input|select|textarea)[^>]*\sid="([^"]+)"', text))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/sms/", "Write and send"),
        ("/sms/sends/", "Sends"),
        ("/sms/reports/", "Reports"),
        ("/sms/phonebooks/", "Phonebooks"),
        ("/sms/patterns/", "Patterns"),
    ],
)
def test_the_menu_says_which_page_is_open(browser, path, name, clean_redis):
    page = browser.get(path)
    assert read_texts(page, "a", aria_current="page") == [name] * 2  # sidebar and drawer
    assert [text for text in read_texts(browser.get("/wallet/"), "a") if text == name] == []
