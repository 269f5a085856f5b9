"""The pictures in docs/screenshots: made by `make screenshots`, to be looked at by people."""

import os
from pathlib import Path

import pytest

from tests.browser.lived_in import fill_account
from tests.browser.pages import NARROW, WIDE

FOLDER = os.environ.get("SCREENSHOTS", "")
CUSTOMERS = {
    "home": "/",
    "new-order": "/orders/new/?service={service_id}",
    "orders": "/orders/",
    "order": "/orders/{order_id}/",
    "wallet": "/wallet/",
    "rewards": "/rewards/",
    "security": "/security/",
}
VISITORS = {"landing": "/", "services": "/services/", "status": "/status/", "sign-up": "/signup/"}
STAFFS = {
    "admin": "/admin/",
    "admin-orders": "/admin/orders/order/",
    "admin-customer": "/admin/accounts/customer/{customer_id}/change/",
    "admin-provider": "/admin/providers/provider/{provider_id}/look/",
    "admin-ticket": "/admin/support/ticket/{ticket_id}/change/",
}
LOOKS = {
    "fa-light": {"language": "fa", "theme": "light", "size": WIDE},
    "en-dark": {"language": "en", "theme": "dark", "size": WIDE},
    "fa-narrow": {"language": "fa", "theme": "light", "size": NARROW},
}

pytestmark = pytest.mark.skipif(not FOLDER, reason="make screenshots takes them")


def take_pictures(browsing, pages, ids, look):
    """One of the whole of each page."""
    for name, path in pages.items():
        browsing.open(path.format(**ids))
        browsing.page.wait_for_load_state("networkidle")
        browsing.page.screenshot(path=Path(FOLDER) / f"{name}-{look}.png", full_page=True)


def test_pictures_of_the_main_pages_are_taken(browse, panel, in_database):
    ids = in_database(lambda: fill_account(panel))
    for look, wanted in LOOKS.items():
        take_pictures(browse(**wanted), VISITORS, ids, look)
        customer, staff = browse(**wanted), browse(**wanted)
        customer.log_in(panel.facts["customer"]["mobile"], panel.facts["customer"]["password"])
        take_pictures(customer, CUSTOMERS, ids, look)
        staff.log_in_staff(panel.facts["admin"]["username"], panel.facts["admin"]["password"])
        take_pictures(staff, STAFFS, ids, look)
