"""Every page of customers and visitors, in both languages and both themes: what axe finds, and what is too wide."""

import pytest

from tests.browser.addresses import list_addresses
from tests.browser.axe import find_violations
from tests.browser.lived_in import fill_account
from tests.browser.pages import NARROW

CONTRAST = ["color-contrast"]


@pytest.fixture(scope="module")
def ids(panel, in_database):
    """What the demo's first customer has one of, by its name in addresses."""
    return in_database(lambda: fill_account(panel))


def look_at_all(browsing, paths):
    """What is wrong with these pages, as lines of text."""
    return [f"{path}: {fault}" for path in paths for fault in _look_at(browsing, path)]


def _look_at(browsing, path):
    """Both themes of a page, which differ in colours alone. Files, fragments and targets of forms are left out."""
    answer = browsing.context.request.get(f"{browsing.url}{path}", max_redirects=0)
    if not (answer.ok and "<html" in answer.text()[:300]):
        return [f"answers {answer.status}"] if answer.status >= 500 else []
    browsing.open(path)
    faults = find_violations(browsing.page)
    other = "dark" if browsing.theme == "light" else "light"
    browsing.page.evaluate("theme => document.documentElement.dataset.theme = theme", other)
    faults += [f"{other}: {fault}" for fault in find_violations(browsing.page, CONTRAST)]
    browsing.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    if (pixels := browsing.overflows()) > 0:
        faults.append(f"{pixels} pixels wider than {NARROW[0]}")
    browsing.page.set_viewport_size(browsing.size)
    return faults


@pytest.mark.parametrize(("language", "theme"), [("fa", "dark"), ("en", "light")])
def test_customers_pages_have_no_serious_fault(browse, panel, ids, language, theme):
    browsing = browse(language=language, theme=theme)
    browsing.log_in(panel.facts["customer"]["mobile"], panel.facts["customer"]["password"])
    assert look_at_all(browsing, list_addresses(ids)) == []


@pytest.mark.parametrize(("language", "theme"), [("fa", "light"), ("en", "dark")])
def test_visitors_pages_have_no_serious_fault(browse, ids, language, theme):
    assert look_at_all(browse(language=language, theme=theme), list_addresses(ids)) == []
