"""The pictures in docs/screenshots: made by `make screenshots`, to be looked at by people."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.lived_in import fill_account
from tests.browser.pages import NARROW, WIDE

COLOURS = 128  # that a picture is kept with: a third of the bytes, and nobody sees it
FOLDER = os.environ.get("SCREENSHOTS", "")
CUSTOMERS = {
    "home": "/",
    "new-order": "/orders/new/?service={service_id}",
    "orders": "/orders/",
    "order": "/orders/{order_id}/",
    "wallet": "/wallet/",
    "rewards": "/rewards/",
    "security": "/security/",
    "your-data": "/personal/",
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
# The list of all models is put away, so that tables have its place.
WITHOUT_LIST = 'localStorage.setItem("django.admin.navSidebarIsOpen", "false")'

pytestmark = pytest.mark.skipif(not FOLDER, reason="make screenshots takes them")


def take_pictures(browsing, pages, ids, look):
    """One of the whole of each page, in a window as high as it: what sticks to the window's edges fits then."""
    for name, path in pages.items():
        browsing.page.set_viewport_size(browsing.size)
        browsing.open(path.format(**ids))
        browsing.page.wait_for_load_state("networkidle")
        height = browsing.page.evaluate("document.documentElement.scrollHeight")
        browsing.page.set_viewport_size({"width": browsing.size["width"], "height": height})
        with Image.open(io.BytesIO(browsing.page.screenshot())) as picture:
            small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(Path(FOLDER) / f"{name}-{look}.png", optimize=True)


def test_pictures_of_the_main_pages_are_taken(browse, panel, in_database):
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    ids = in_database(lambda: fill_account(panel))
    for look, wanted in LOOKS.items():
        take_pictures(browse(**wanted), VISITORS, ids, look)
        customer = browse(**wanted)
        customer.log_in(panel.facts["customer"]["mobile"], panel.facts["customer"]["password"])
        take_pictures(customer, CUSTOMERS, ids, look)
    for look, wanted in LOOKS.items():  # later: by then the figures of the admin's front page are summed up
        staff = browse(**wanted)
        staff.page.add_init_script(WITHOUT_LIST)
        staff.log_in_staff(panel.facts["admin"]["username"], panel.facts["admin"]["password"])
        take_pictures(staff, STAFFS, ids, look)
