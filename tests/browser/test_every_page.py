"""Pages of customers and visitors, the main ones of the admin, in both themes: what axe finds, how wide they are."""

import pytest

from tests.browser.addresses import list_addresses
from tests.browser.axe import find_violations
from tests.browser.lived_in import fill_account
from tests.browser.pages import NARROW

CONTRAST = ["color-contrast"]
# The admin's links fade from one colour to the other: at once, here.
CHANGE_THEME = """theme => {
    document.documentElement.dataset.theme = theme;
    document.getAnimations().forEach(fading => fading.finish());
}"""
# All of the admin's pages would take many minutes; they are made of the same templates as these.
MAIN = (
    "/admin/",
    "/admin/orders/order/",
    "/admin/orders/order/{order_id}/change/",
    "/admin/orders/service/",
    "/admin/orders/service/{service_id}/change/",
    "/admin/accounts/customer/",
    "/admin/accounts/customer/{customer_id}/change/",
    "/admin/providers/provider/{provider_id}/change/",
    "/admin/providers/provider/{provider_id}/look/",
    "/admin/providers/dispatch/",
    "/admin/wallet/transfer/",
    "/admin/support/ticket/{ticket_id}/change/",
    "/admin/jobs/job/",
    "/admin/staff/staffaction/",
    "/admin/password_change/",
)


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
    browsing.page.evaluate(CHANGE_THEME, other)
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


def test_the_admins_main_pages_have_no_serious_fault(browse, panel, ids):
    browsing = browse(language="fa", theme="dark")
    browsing.log_in_staff(panel.facts["admin"]["username"], panel.facts["admin"]["password"])
    assert look_at_all(browsing, [path.format(**ids) for path in MAIN]) == []
