"""Who comes into the admin: staff, by password, with their second factor. Every other way stays outside."""

import pytest

from panel.accounts import second_factor
from panel.accounts.entering import SECOND
from tests.factories import make_customer
from tests.panel.accounts.factor_steps import Authenticator, turn_on
from tests.panel.dashboard.conftest import PASSWORD, open_browser
from tests.panel.dashboard.entry_steps import SECOND as SECOND_STEP
from tests.panel.dashboard.entry_steps import holder, log_in, log_in_by_code
from tests.panel.dashboard.pages import read_texts

pytestmark = pytest.mark.django_db
ADMIN, DOOR, FACTOR = "/admin/", "/admin/login/", "/security/second/"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def staff():
    row = make_customer(is_staff=True, is_superuser=True)
    row.set_password(PASSWORD)
    row.save()
    return row


@pytest.fixture
def strict(settings):
    """As outside DEBUG."""
    settings.STAFF_SECOND_FACTOR = True


def knock(browser, customer, password=PASSWORD, path=DOOR, **fields):
    return browser.post(path, {"username": customer.username, "password": password} | fields)


def is_inside(browser):
    """Whether the admin's first page and a page of a table open."""
    answers = {browser.get(path).status_code for path in (ADMIN, "/admin/accounts/customer/")}
    assert answers in ({200}, {302})
    return answers == {200}


def test_a_password_opens_it_by_either_door(staff):
    for path in (DOOR, "/login/"):
        browser = open_browser()
        knock(browser, staff, path=path)
        assert (path, is_inside(browser)) == (path, True)


def test_a_wrong_password_and_a_customer_s_own_open_nothing(staff):
    customer = make_customer()
    customer.set_password(PASSWORD)
    customer.save()
    for person, password in ((staff, "wrong"), (customer, PASSWORD)):
        browser = open_browser()
        assert knock(browser, person, password).status_code == 200
        assert (is_inside(browser), holder(browser)) == (False, None)


def test_a_code_by_sms_opens_the_panel_but_not_the_admin(staff):
    browser = open_browser()
    log_in_by_code(browser, staff.mobile)
    assert (holder(browser), is_inside(browser)) == (staff.pk, False)
    assert browser.get(ADMIN).headers["Location"] == f"{DOOR}?next={ADMIN}"
    page = browser.get(DOOR)
    assert (page.status_code, read_texts(page, "h1")) == (200, ["Log in to the admin"])
    knock(browser, staff)
    assert is_inside(browser) is True


def test_a_code_by_sms_and_the_second_factor_do_not_open_it_either(staff, strict):
    app, _codes = turn_on(staff)
    browser = open_browser()
    log_in_by_code(browser, staff.mobile)
    browser.post(SECOND_STEP, {"code": app.code})
    assert (holder(browser), browser.session[SECOND], is_inside(browser)) == (staff.pk, True, False)


def test_who_becomes_staff_while_logged_in_by_sms_stays_outside():
    customer = make_customer()
    browser = open_browser()
    log_in_by_code(browser, customer.mobile)
    customer.is_staff = customer.is_superuser = True
    customer.save()
    assert is_inside(browser) is False


def test_outside_debug_staff_without_a_second_factor_are_led_to_one(staff, strict):
    browser = open_browser()
    knock(browser, staff, next="/admin/accounts/customer/")
    assert is_inside(browser) is False
    led = browser.get("/admin/accounts/customer/", follow=True)
    assert led.redirect_chain[-1][0] == f"{FACTOR}?next=/admin/accounts/customer/"
    browser.post(FACTOR)
    browser.post(f"{FACTOR}confirm/", {"code": Authenticator(staff).at(0)})
    assert is_inside(browser) is True


def test_with_a_second_factor_the_password_alone_opens_nothing(staff):
    app, _codes = turn_on(staff)
    browser = open_browser()
    assert knock(browser, staff, next="/admin/accounts/customer/").headers["Location"] == SECOND_STEP
    assert (holder(browser), is_inside(browser)) == (None, False)
    after = browser.post(SECOND_STEP, {"code": app.code}).headers["Location"]
    assert (after, is_inside(browser)) == ("/admin/accounts/customer/", True)


def test_with_debug_it_is_asked_only_of_who_turned_it_on(staff):
    browser = open_browser()
    knock(browser, staff)
    assert (second_factor.is_required(staff), is_inside(browser)) == (False, True)


def test_turning_it_on_ends_the_sessions_that_never_showed_it(staff):
    first, second = open_browser(), open_browser()
    for browser in (first, second):
        knock(browser, staff)
    first.post(FACTOR)
    first.post(f"{FACTOR}confirm/", {"code": Authenticator(staff).at(0)})
    assert (is_inside(first), is_inside(second), holder(second)) == (True, False, None)


def test_turning_it_off_leads_back_to_the_beginning(staff, strict):
    app, _codes = turn_on(staff)
    browser = open_browser()
    knock(browser, staff)
    browser.post(SECOND_STEP, {"code": app.code})
    browser.post(f"{FACTOR}off/", {"code": app.code})
    assert is_inside(browser) is False
    assert browser.get(DOOR).headers["Location"] == f"{FACTOR}?next={ADMIN}"


def test_the_door_leads_to_no_other_site(staff):
    for path in (DOOR, f"{DOOR}?next=https://example.org/"):
        answer = knock(open_browser(), staff, path=path, next="https://example.org/")
        assert (path, answer.headers["Location"]) == (path, ADMIN)
    inside = open_browser(staff)
    assert inside.get(f"{DOOR}?next=https://example.org/").headers["Location"] == ADMIN


def test_the_second_factor_page_leads_to_no_other_site(staff, strict):
    browser = open_browser(staff)
    led = browser.get(f"{DOOR}?next=https://example.org/")
    assert led.headers["Location"] == f"{FACTOR}?next={ADMIN}"


def test_tries_at_both_doors_are_counted_together(staff, settings):
    settings.LOGIN_TRIES = 2
    for path in (DOOR, "/login/"):
        knock(open_browser(), staff, "wrong", path=path)
    answer = knock(open_browser(), staff)
    assert (answer.status_code, log_in(open_browser(), staff.username).status_code) == (429, 429)


def test_one_s_own_password_is_not_changed_in_the_admin(staff):
    browser = open_browser(staff)
    for path in ("/admin/password_change/", f"/admin/accounts/customer/{staff.pk}/password/"):
        assert browser.get(path).headers["Location"] == "/profile/password/"
        answer = browser.post(path, {"password1": "blue-horse-41", "password2": "blue-horse-41"})
        assert answer.headers["Location"] == "/profile/password/"
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD) is True


def test_another_s_new_password_ends_what_they_were_logged_in_by(staff):
    customer = make_customer()
    theirs = open_browser(customer)
    given = {"password1": "blue-horse-41", "password2": "blue-horse-41", "usable_password": "true"}
    open_browser(staff).post(f"/admin/accounts/customer/{customer.pk}/password/", given)
    customer.refresh_from_db()
    assert (customer.check_password("blue-horse-41"), theirs.get("/orders/").status_code) == (True, 302)
    assert customer.browser_sessions.count() == 0
