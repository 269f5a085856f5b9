"""Where one is logged in: browsers and apps, and ending them."""

import pytest
from django.test import Client
from django.utils import timezone

from panel.accounts.browser_sessions import list_sessions
from panel.accounts.login_tokens import list_logins, open_login
from panel.accounts.models import ApiToken, BrowserSession
from panel.accounts.tokens import issue_token
from tests.factories import make_customer
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_all, read_attributes, read_texts

PAGE = "/security/"
PHONE = "Mozilla/5.0 (Linux; Android 10; K) Chrome/131.0.0.0 Mobile Safari/537.36"


def rows(page):
    """The texts of the listed sessions and logins."""
    return [text for text in read_texts(page, "li") if " since " in text]


def ways(page):
    """Where the page's forms post to, those of the frame left out."""
    sent = [read_attributes(form).get("action", "") for form in find_all(page, "form")]
    return [address for address in sent if address.startswith(PAGE)]


def test_the_present_browser_comes_first_and_can_t_be_ended_here(browser, customer):
    open_browser(customer)
    BrowserSession.objects.update(user_agent=PHONE, address="192.0.2.7")
    page = browser.get(PAGE)
    assert [row.startswith("Chrome, Android") for row in rows(page)] == [True, True]
    assert ["this browser" in row for row in rows(page)] == [True, False]
    newest = list_sessions(customer.pk).order_by("-pk").first()
    assert ways(page) == [f"{PAGE}others/end/", f"{PAGE}sessions/{newest.pk}/end/"]
    assert "192.0.2.7" in rows(page)[0]


def test_another_session_ends_at_once_and_one_s_own_or_a_stranger_s_not(browser, customer):
    other, foreign = open_browser(customer), open_browser(make_customer())
    own, second = list_sessions(customer.pk).order_by("pk")
    (theirs,) = BrowserSession.objects.exclude(customer=customer)
    answers = [
        browser.post(f"{PAGE}sessions/{row.pk}/end/").status_code for row in (own, theirs, second, second)
    ]
    assert answers == [404, 404, 302, 404]
    assert [each.get(PAGE).status_code for each in (browser, foreign, other)] == [200, 200, 302]


def test_the_apps_logins_are_listed_and_ended(browser, customer):
    open_login(customer)
    open_login(customer, ApiToken.Contract.LIKENAMA)
    issue_token(customer, ApiToken.Contract.STANDARD)
    open_login(make_customer())
    assert len([row for row in rows(browser.get(PAGE)) if row.startswith(("panel app", "likenama"))]) == 2
    token, foreign = list_logins(customer.pk).first(), ApiToken.objects.latest("pk")
    key = ApiToken.objects.get(contract="standard")
    answers = [
        browser.post(f"{PAGE}logins/{row.pk}/end/").status_code for row in (foreign, key, token, token)
    ]
    assert (answers, list_logins(customer.pk).count()) == ([404, 404, 302, 404], 1)


def test_everything_else_ends_with_one_button(browser, customer):
    other = open_browser(customer)
    open_login(customer)
    assert browser.post(f"{PAGE}others/end/").headers["Location"] == PAGE
    assert (browser.get(PAGE).status_code, other.get(PAGE).status_code) == (200, 302)
    assert list_logins(customer.pk).count() == 0
    assert f"{PAGE}others/end/" not in ways(browser.get(PAGE))


def test_nothing_ends_by_a_link(browser, customer):
    open_browser(customer)
    (row, _own) = list_sessions(customer.pk)
    paths = (f"{PAGE}sessions/{row.pk}/end/", f"{PAGE}logins/1/end/", f"{PAGE}others/end/")
    assert [browser.get(path).status_code for path in paths] == [405] * 3


@pytest.mark.parametrize("path", [PAGE, "/security/second/", "/profile/", "/profile/password/"])
def test_the_pages_are_for_customers_only(visitor, path):
    assert visitor.get(path).headers["Location"] == f"/login/?next={path}"


def test_the_page_takes_as_many_queries_for_many_sessions_as_for_few(
    browser, customer, django_assert_max_num_queries
):
    counts = []
    for many in (1, 40):
        for _ in range(many):
            open_browser(customer)
            open_login(customer)
        with django_assert_max_num_queries(12) as counted:
            browser.get(PAGE)
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_the_browser_is_known_by_what_it_called_itself_at_login(customer):
    browser = Client(headers={"User-Agent": PHONE, "Accept-Language": "en"})
    browser.post("/login/", {"username": customer.mobile, "password": "right-one"}, REMOTE_ADDR="192.0.2.7")
    row = BrowserSession.objects.get()
    assert (row.user_agent, row.address, row.how) == (PHONE, "192.0.2.7", "password")
    assert abs((timezone.now() - row.created).total_seconds()) < 60
