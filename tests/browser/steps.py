"""What people do in the panel, a step at a time; used by several journeys."""

import re
import time

from tests.browser.pages import SECONDS

_CODE = re.compile(r"\b(\d{6})\b")


def wait_for(find, seconds=SECONDS):
    """What `find()` answers as soon as it is anything; fails when it is nothing for so long."""
    deadline = time.monotonic() + seconds
    while not (found := find()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{find} found nothing in {seconds} s")
        time.sleep(0.2)
    return found


def read_code(panel, mobile):
    """The login code on that phone (E.164)."""

    def find():
        codes = (_CODE.search(row["message"]) for row in panel.sandbox.messages(mobile))
        return next((code[1] for code in codes if code), None)

    return wait_for(find)


def sign_up(browsing, panel, mobile, name="Nika"):
    """A new customer by the code that comes by SMS; ends on the home page."""
    page = browsing.page
    browsing.open("/signup/")
    page.locator("[name=username]").fill(mobile)
    page.locator("[name=terms]").check()
    page.locator("main form button.button-primary").click()
    page.wait_for_url("**/login/code/")
    page.locator("[name=code]").fill(read_code(panel, mobile))
    page.locator("main form button.button-primary").click()
    page.wait_for_url("**/welcome/**")
    page.locator("[name=first_name]").fill(name)
    page.locator("main form button.button-primary").click()
    page.wait_for_url(f"{browsing.url}/")


def pay(browsing, panel, amount):
    """Pay that many toman at the sandbox's bank; ends on the wallet's page."""
    page = browsing.page
    browsing.open("/wallet/")
    page.locator("[name=amount]").fill(str(amount))
    page.locator("form[action='/wallet/pay/'] button.button-primary").click()
    page.locator(f"a[href^='{panel.sandbox.url}/bank/']").click()
    page.wait_for_url(f"{panel.sandbox.url}/bank/**")
    page.locator("button[value=pay]").click()
    page.wait_for_url(f"{browsing.url}/wallet/**")


def order(browsing, service, link, quantity):
    """Order a service by its id; ends on the page that tells the number, which is returned."""
    page = browsing.page
    browsing.open(f"/orders/new/?service={service}")
    page.locator("#order-form [name=link]").fill(link)
    page.locator("#order-form [name=quantity]").fill(str(quantity))
    page.locator("#place").click()
    placed = page.locator("#order a.button-primary[href^='/orders/']")
    placed.wait_for()
    return int(re.search(r"/orders/(\d+)/", placed.get_attribute("href"))[1])
