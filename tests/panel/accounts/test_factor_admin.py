"""Resetting somebody's second factor: with a right and a reason, never one's own."""

import pytest
from django.contrib.admin.models import LogEntry

from panel.accounts import second_factor
from panel.accounts.browser_sessions import list_sessions
from tests.factories import make_customer
from tests.panel.accounts.factor_steps import turn_on
from tests.panel.admin_visits import enter_admin, read
from tests.panel.dashboard.conftest import open_browser

pytestmark = pytest.mark.django_db
RIGHTS = ("accounts.reset_secondfactor", "accounts.view_customer")


def page_of(customer):
    return f"/admin/accounts/customer/{customer.pk}/second-factor/"


def reset(browser, customer, reason="lost the phone"):
    return browser.post(page_of(customer), {"act": "1", "reason": reason})


def test_with_the_right_and_a_reason_it_is_forgotten_and_written_down():
    customer, operator = make_customer(), enter_admin(*RIGHTS)
    turn_on(customer)
    open_browser(customer)
    assert page_of(customer) in read(operator, f"/admin/accounts/customer/{customer.pk}/change/")
    assert reset(operator, customer).status_code == 302
    assert (second_factor.is_on(customer.pk), list_sessions(customer.pk).count()) == (False, 0)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (operator.staff, str(customer.pk))
    assert entry.get_change_message() == "The second factor was reset: lost the phone"
    assert page_of(customer) not in read(operator, f"/admin/accounts/customer/{customer.pk}/change/")


def test_without_a_reason_nothing_happens():
    customer = make_customer()
    turn_on(customer)
    assert reset(enter_admin(*RIGHTS), customer, " ").status_code == 200
    assert (second_factor.is_on(customer.pk), LogEntry.objects.count()) == (True, 0)


def test_without_the_right_there_is_no_such_page():
    customer = make_customer()
    turn_on(customer)
    operator = enter_admin("accounts.view_customer", "accounts.change_customer")
    assert page_of(customer) not in read(operator, f"/admin/accounts/customer/{customer.pk}/change/")
    assert reset(operator, customer).status_code == 403
    assert second_factor.is_on(customer.pk) is True


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_resets_their_own(is_superuser):
    operator = enter_admin(*RIGHTS, is_superuser=is_superuser)
    turn_on(operator.staff, operator.staff.browser_sessions.get().pk)
    page = reset(operator, operator.staff)
    assert (page.status_code, second_factor.is_on(operator.staff.pk)) == (200, True)
    assert "is reset by somebody else" in page.content.decode()


def test_that_of_staff_is_reset_by_a_superuser_alone():
    colleague = make_customer(is_staff=True)
    turn_on(colleague)
    page = reset(enter_admin(*RIGHTS), colleague)
    assert (page.status_code, second_factor.is_on(colleague.pk)) == (200, True)
    assert reset(enter_admin(is_superuser=True), colleague).status_code == 302
    assert second_factor.is_on(colleague.pk) is False
