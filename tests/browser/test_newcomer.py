"""A new customer, from the code on the phone to the answer of support."""

import re

from panel.lib.dates import to_latin_digits
from tests.browser.steps import order, pay, sign_up, wait_for

MOBILE = "+989351112233"


def names(row, number):
    """Whether the text on the phone names that order: the number alone, not as a part of an amount."""
    return re.search(rf"(?<![\d,٬]){number}(?![\d,٬])", to_latin_digits(row["message"])) is not None


def test_somebody_signs_up_pays_orders_watches_it_finish_and_is_answered(browse, panel):
    customer = browse(allowed=[panel.sandbox.url])
    page = customer.page
    sign_up(customer, panel, MOBILE)
    pay(customer, panel, 100_000)
    # With the bonus that the demo gives on such a payment.
    assert "102,000" in page.locator(".topbar").inner_text()

    number = order(customer, panel.facts["services"]["default"], panel.facts["links"]["post"], 100)
    page.locator("#order a.button-primary").click()
    page.wait_for_url(f"**/orders/{number}/")
    page.evaluate("window.neverReloaded = true")
    page.locator("#content .badge-success", has_text="Completed").first.wait_for()
    assert page.evaluate("window.neverReloaded")
    # Whoever comes by SMS is written to in Persian.
    told = wait_for(lambda: [row for row in panel.sandbox.messages(MOBILE) if names(row, number)])
    assert len(told) == 1

    customer.open("/tickets/new/")
    page.locator("[name=subject]").fill("My order")
    page.locator("[name=description]").fill("Thank you, it went well.")
    page.locator("main form button.button-primary").click()
    page.wait_for_url(lambda address: "/tickets/" in address and "/new/" not in address)
    ticket = page.url

    staff = browse()
    staff.log_in_staff(panel.facts["admin"]["username"], panel.facts["admin"]["password"])
    staff.open(f"/admin/support/ticket/{ticket.rstrip('/').rpartition('/')[2]}/change/")
    staff.page.locator("textarea[name=message]").fill("You are welcome.")
    staff.page.locator("button[name=answer]").click()
    staff.page.locator(".messagelist .success").first.wait_for()

    page.goto(ticket)
    page.locator(".answer", has_text="You are welcome.").wait_for()
