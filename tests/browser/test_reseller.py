"""A reseller makes a key in the panel and orders with it from a program."""

import requests

from tests.browser.pages import SECONDS


def test_a_reseller_makes_a_key_and_uses_it(browse, panel):
    reseller = browse()
    page = reseller.page
    reseller.log_in(panel.facts["other"]["mobile"], panel.facts["other"]["password"])
    reseller.open("/api-keys/new/")
    page.locator("[name=name]").fill("shop")
    page.locator("[name=contract]").select_option("standard")
    page.locator("main form button.button-primary").click()
    key = page.locator("#new-key").inner_text()

    def call(**values):
        answer = requests.post(f"{panel.url}/api/v2", data={"key": key, **values}, timeout=SECONDS)
        return answer.json()

    service, link = panel.facts["services"]["default"], "https://www.instagram.com/p/from-a-shop/"
    number = call(action="add", service=service, link=link, quantity=100)["order"]
    assert call(action="status", order=number)["currency"] == "IRT"

    reseller.open(f"/orders/{number}/")
    page.get_by_text("from-a-shop").first.wait_for()
    reseller.open("/api-keys/")
    page.locator("tr", has_text="shop").locator("form[id^=revoke] button").click()
    page.locator("#confirm button[value=yes]").click()
    page.locator("tr", has_text="shop").get_by_text("Revoked").wait_for()
    assert "error" in call(action="balance")
