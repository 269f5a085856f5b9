"""An operator decides about orders that a provider may or may not have got."""

import pytest

from providers.models import Provider
from tests.browser.steps import order, wait_for

QUANTITY = 100


@pytest.fixture
def forgetful_provider(in_database):
    """Providers that can't be asked again: what is unclear there, a person decides."""
    providers = Provider.objects.filter(name__startswith="Sandbox")
    honest = in_database(
        lambda: list(providers.filter(honours_idempotency_key=True).values_list("pk", flat=True))
    )
    in_database(lambda: providers.update(honours_idempotency_key=False))
    yield
    in_database(lambda: Provider.objects.filter(pk__in=honest).update(honours_idempotency_key=True))


def settle(staff, number, decide):
    """Find the order on the list of unclear ones and decide about it."""
    page = staff.page

    def find():
        staff.open("/admin/providers/dispatch/?state__exact=unclear")
        return page.locator("#result_list tr", has_text=str(number)).count()

    wait_for(find)
    page.locator("#result_list tr", has_text=str(number)).get_by_role("link").first.click()
    page.locator(".object-tools a", has_text="Decide").first.click()
    decide(page)
    page.locator(".messagelist .success").first.wait_for()


def test_an_operator_settles_unclear_orders_both_ways(browse, panel, forgetful_provider):
    customer, staff = browse(), browse()
    customer.log_in(panel.facts["customer"]["mobile"], panel.facts["customer"]["password"])
    staff.log_in_staff(panel.facts["admin"]["username"], panel.facts["admin"]["password"])
    service = panel.facts["services"]["default"]
    there = "https://www.instagram.com/p/there/?x=garbage"
    lost = "https://www.instagram.com/p/lost/?x=timeoutbefore-once"
    numbers = [order(customer, service, link, QUANTITY) for link in (there, lost)]

    (made,) = wait_for(lambda: panel.sandbox.orders(link=there))

    def confirm(page):
        page.locator("[name=upstream_id]").fill(str(made["order"]))
        page.locator("button[name=confirm]").click()

    def send_again(page):
        page.locator("[name=looked]").check()
        page.locator("button[name=send_again]").click()

    settle(staff, numbers[0], confirm)
    settle(staff, numbers[1], send_again)
    for number in numbers:
        customer.open(f"/orders/{number}/")
        customer.page.locator("#content .badge-success", has_text="Completed").first.wait_for()
    assert [len(panel.sandbox.orders(link=link)) for link in (there, lost)] == [1, 1]
