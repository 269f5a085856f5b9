"""From the login page's hint to a new password, for who forgot the old one."""

from datetime import timedelta

import pytest
from django.db.models import F

from panel.accounts.models import BrowserSession, Customer
from tests.factories import make_customer
from tests.panel.accounts.factor_steps import turn_on
from tests.panel.dashboard.conftest import PASSWORD, open_browser
from tests.panel.dashboard.entry_steps import SECOND, log_in, log_in_by_code
from tests.panel.dashboard.pages import find_all, read_texts

SET, NEW = "/profile/password/", "green-cow-17"


@pytest.fixture
def forgetful(visitor, customer):
    """The customer's browser, logged in by a code a moment ago."""
    log_in_by_code(visitor, customer.mobile)
    return visitor


def asks_old(page):
    return len(find_all(page, "input", name="old")) == 1


def let_pass(minutes):
    BrowserSession.objects.update(created=F("created") - timedelta(minutes=minutes))


def set_password(browser, **more):
    return browser.post(SET, {"new": NEW, "again": NEW} | more)


def test_after_a_login_by_sms_a_new_one_is_set_and_logs_in(forgetful, customer):
    page = forgetful.get(SET)
    told = "You logged in by a code: the old password isn't needed for the next 10 minutes."
    assert (asks_old(page), read_texts(page, "p", class_="alert")) == (False, [told])
    assert set_password(forgetful).headers["Location"] == "/security/"
    assert log_in(open_browser(), customer.mobile, NEW).status_code == 302


def test_the_minutes_left_are_told(forgetful):
    let_pass(9)
    assert read_texts(forgetful.get(SET), "p", class_="alert") == [
        "You logged in by a code: the old password isn't needed for the next minute."
    ]


def test_when_they_have_passed_the_old_one_is_asked_and_what_to_do_is_told(forgetful, customer):
    let_pass(11)
    page = set_password(forgetful)
    assert (page.status_code, asks_old(page)) == (422, True)
    assert read_texts(page, "p", class_="field-error") == ["This is not your password."]
    assert read_texts(page, "p", class_="hint")[0] == (
        "You logged in by a code too long ago to set a password without the old one. If you forgot it, log out and"
        " log in by SMS once more."
    )
    assert Customer.objects.get(pk=customer.pk).check_password(PASSWORD) is True


def test_who_came_by_the_password_is_led_to_the_code(customer):
    browser = open_browser()
    log_in(browser, customer.mobile)
    page = browser.get(SET)
    assert (asks_old(page), read_texts(page, "p", class_="hint")[0]) == (
        True,
        "Forgotten? Log out and log in by SMS: in the minutes after that the old password isn't needed.",
    )


def test_the_second_factor_is_asked_for_in_both_steps(visitor, customer):
    app, _codes = turn_on(customer)
    assert log_in_by_code(visitor, customer.mobile).headers["Location"] == SECOND
    visitor.post(SECOND, {"code": app.code})
    assert asks_old(visitor.get(SET)) is False
    assert [set_password(visitor, code=code).status_code for code in ("", app.wrong, app.code)] == [
        422,
        422,
        302,
    ]
    assert Customer.objects.get(pk=customer.pk).check_password(NEW) is True


def test_staff_are_asked_for_the_old_one_by_every_way(visitor):
    staff = make_customer(is_staff=True)
    staff.set_password(PASSWORD)
    staff.save()
    log_in_by_code(visitor, staff.mobile)
    assert asks_old(visitor.get(SET)) is True
    assert (set_password(visitor).status_code, set_password(visitor, old=PASSWORD).status_code) == (422, 302)


def test_a_new_password_may_be_mistyped_and_set_again_at_once(forgetful, customer):
    page = set_password(forgetful, again="another")
    assert (page.status_code, asks_old(page), len(read_texts(page, "p", class_="field-error"))) == (
        422,
        False,
        1,
    )
    assert [set_password(forgetful).status_code for _ in range(2)] == [302, 302]
    assert Customer.objects.get(pk=customer.pk).check_password(NEW) is True
