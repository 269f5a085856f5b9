"""The profile: who one is, the password, and closing the account."""

import pytest

from panel.accounts.browser_sessions import list_sessions
from panel.accounts.models import Customer
from tests.factories import make_customer
from tests.panel.accounts.factor_steps import turn_on
from tests.panel.dashboard.conftest import PASSWORD, open_browser
from tests.panel.dashboard.entry_steps import log_in, log_in_by_code
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_text, read_texts

PAGE, SET = "/profile/", "/profile/password/"
NEW = "green-cow-17"


def errors(page):
    return read_texts(page, "p", class_="field-error")


def given(**changed):
    return {
        "first_name": "Sara",
        "last_name": "Amini",
        "email": "sara@example.com",
        "language": "en",
    } | changed


def passwords(old=PASSWORD, new=NEW, again=NEW, **more):
    return {"old": old, "new": new, "again": again} | more


def test_the_profile_is_shown_and_changed(browser, customer):
    field = find_one(browser.get(PAGE), "input", name="first_name")
    assert read_attributes(field)["value"] == "Sara"
    answer = browser.post(PAGE, given(first_name="نسترن"))
    assert (answer.headers["Location"], answer.cookies["language"].value) == (PAGE, "en")
    row = Customer.objects.get(pk=customer.pk)
    assert (row.first_name, row.last_name, row.email) == ("نسترن", "Amini", "sara@example.com")
    assert read_texts(browser.get(PAGE), "p", role="status") == ["Your profile is saved."]


def test_the_language_is_that_of_the_pages_and_of_the_messages(browser, customer):
    browser.post(PAGE, given(language="fa"))
    assert (Customer.objects.get(pk=customer.pk).language, browser.cookies["language"].value) == ("fa", "fa")
    browser.post(PAGE, given(language="de"))
    assert (Customer.objects.get(pk=customer.pk).language, browser.cookies["language"].value) == ("fa", "fa")


@pytest.mark.parametrize(
    ("email", "words"), [("no email", "This is no email."), ("omid@example.com", "This email can't be used.")]
)
def test_an_email_that_can_t_be_used_changes_nothing_and_is_kept(browser, customer, email, words):
    make_customer(email="Omid@Example.com")
    page = browser.post(PAGE, given(email=email, first_name="Nas"))
    assert (page.status_code, errors(page)) == (422, [words])
    assert read_attributes(find_one(page, "input", name="email"))["value"] == email
    assert Customer.objects.get(pk=customer.pk).first_name == "Sara"


def test_trying_emails_is_throttled(browser, settings):
    settings.LOGIN_TRIES = 2
    answers = [browser.post(PAGE, given(email=f"nobody-{n}@example.com")).status_code for n in range(3)]
    assert answers == [302, 302, 429]


def test_the_password_is_changed_with_the_old_one_and_ends_the_others(browser, customer):
    other = open_browser(customer)
    key = browser.cookies["sessionid"].value
    assert browser.post(SET, passwords()).headers["Location"] == "/security/"
    assert (browser.get(PAGE).status_code, other.get(PAGE).status_code) == (200, 302)
    assert (browser.cookies["sessionid"].value != key, list_sessions(customer.pk).count()) == (True, 1)
    assert log_in(open_browser(), customer.mobile).status_code == 200
    assert log_in(open_browser(), customer.mobile, NEW).status_code == 302


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"old": "wrong"}, "This is not your password."),
        ({"again": "another"}, "The two are not the same."),
        ({"new": "short", "again": "short"}, "The password is too short: it takes at least 8 characters."),
        ({"new": "19283746550", "again": "19283746550"}, "The password must not be a number."),
    ],
)
def test_what_is_wrong_with_a_password_is_told_and_nothing_is_shown_again(browser, customer, changed, words):
    page = browser.post(SET, passwords(**changed))
    assert (page.status_code, errors(page)) == (422, [words])
    fields = [read_attributes(one) for one in find_all(page, "input", type="password")]
    assert [field for field in fields if "value" in field] == []
    assert Customer.objects.get(pk=customer.pk).check_password(PASSWORD) is True


def test_who_came_by_a_code_sets_one_without_an_old_one(visitor):
    log_in_by_code(visitor, "+989351112233")
    assert find_all(visitor.get(SET), "input", name="old") == []
    visitor.post(SET, {"new": NEW, "again": NEW})
    assert log_in(open_browser(), "09351112233", NEW).status_code == 302


def test_a_second_factor_is_asked_for_with_it(customer):
    app, _codes = turn_on(customer)
    browser = open_browser(customer)
    page = browser.post(SET, passwords(code=app.wrong))
    assert (page.status_code, len(errors(page))) == (422, 1)
    assert browser.post(SET, passwords(code=app.code)).status_code == 302
    assert Customer.objects.get(pk=customer.pk).check_password(NEW) is True


def test_staff_without_a_password_set_none(visitor):
    staff = make_customer(is_staff=True, password="!")
    log_in_by_code(visitor, staff.mobile)
    page = visitor.post(SET, {"new": NEW, "again": NEW})
    assert (page.status_code, len(errors(page))) == (422, 1)
    assert Customer.objects.get(pk=staff.pk).has_usable_password() is False


def test_closing_the_account_leads_to_where_it_is_erased(browser):
    link = find_one(browser.get(PAGE), "a", id="close-account")
    page, _, part = read_attributes(link)["href"].partition("#")
    assert page == "/personal/"
    assert read_text(find_one(browser.get(page), "section", id=part).children[0]) == "Erase my account"


@pytest.mark.parametrize("path", [PAGE, SET, "/welcome/", "/security/second/"])
def test_the_pages_take_few_queries(browser, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        assert browser.get(path).status_code == 200


def test_the_menu_leads_to_profile_security_and_data(browser):
    for path in (PAGE, "/security/", "/personal/"):
        here = [read_attributes(one)["href"] for one in find_all(browser.get(path), "a", aria_current="page")]
        assert here == [path] * 2
