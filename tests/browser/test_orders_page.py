"""The list of orders in a browser: a favourite, several orders, canceled together, and the file of them all."""

import csv
import io

from tests.browser.steps import order, pay, sign_up

MOBILE = "+989351112255"


def test_several_orders_are_canceled_together_and_exported(browse, panel, tmp_path):
    customer = browse(allowed=[panel.sandbox.url])
    page = customer.page
    sign_up(customer, panel, MOBILE)
    pay(customer, panel, 200_000)
    service = panel.facts["services"]["default"]

    customer.open(f"/orders/new/?service={service}")
    star = page.locator(".offer form button")
    star.click()
    page.locator(".offer button[aria-pressed=true]").wait_for()

    links = [f"https://www.instagram.com/p/stuck-{number}/" for number in range(3)]
    numbers = [order(customer, service, link, 100) for link in links]
    customer.open("/orders/")
    page.locator("#pick-all").check()
    page.locator("#cancel-many-button").click()
    page.locator("#confirm button[value=yes]").click()
    page.wait_for_url("**/orders/**")
    page.locator(".alert").first.wait_for()
    page.get_by_text("Canceled", exact=True).nth(2).wait_for()

    page.locator("button[name=form][value=csv]").click()
    page.wait_for_url("**/jobs/**")
    with page.expect_download() as download:
        page.locator("a[download]").first.click()
    file = tmp_path / "orders.csv"
    download.value.save_as(file)
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert sorted((int(row["Number"]), row["Link"]) for row in rows) == list(zip(numbers, links, strict=True))
