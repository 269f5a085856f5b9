"""Logging in and out."""

import pytest
from django.test import Client
from django.urls import reverse

from panel.accounts.models import LoginTry
from tests.factories import make_customer
from tests.panel.dashboard.conftest import PASSWORD, open_browser
from tests.panel.dashboard.pages import find_one, read_attributes, read_texts

LOGIN = "/login/"
WRONG = "The login name or the password is wrong."


def log_in(browser, login, password=PASSWORD, **fields):
    return browser.post(LOGIN, {"username": login, "password": password} | fields)


def spell(mobile):
    """The same Iranian number as people write it."""
    national = mobile[3:]
    return [mobile, f"0{national}", f"0098{national}", f"0{national[:3]} {national[3:6]}-{national[6:]}"]


def test_every_usual_spelling_of_the_mobile_opens_the_panel(customer):
    persian_digits = ("0" + customer.mobile[3:]).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    for login in [*spell(customer.mobile), persian_digits]:
        browser = open_browser()
        response = log_in(browser, login)
        assert (login, response.status_code, response.headers.get("Location")) == (login, 302, "/")
        assert read_texts(browser.get("/"), "p", class_="who") == ["Sara"] * 2


def test_email_in_any_case_opens_the_panel(visitor, customer):
    assert log_in(visitor, " sara@EXAMPLE.com ").headers["Location"] == "/"
    assert visitor.session["_auth_user_id"] == str(customer.pk)


@pytest.mark.parametrize("login", ["Sara@example.com", "nobody@example.com", "09120000000", "x" * 254])
def test_every_wrong_login_gets_the_same_answer(visitor, customer, login):
    response = log_in(visitor, login, "wrong")
    assert response.status_code == 200
    assert read_texts(response, "p", role="alert") == [WRONG]
    kept = read_attributes(find_one(response, "input", name="username"))
    assert (kept["value"], kept["aria-invalid"]) == (login, "true")
    assert "value" not in read_attributes(find_one(response, "input", name="password"))
    assert "_auth_user_id" not in visitor.session


def test_a_locked_customer_gets_that_answer_too(visitor, customer):
    customer.is_active = False
    customer.save()
    assert read_texts(log_in(visitor, customer.username), "p", role="alert") == [WRONG]


def test_the_answer_is_persian_in_persian(customer):
    response = log_in(open_browser(language="fa"), customer.mobile, "wrong")
    assert read_texts(response, "p", role="alert") == ["نام ورود یا گذرواژه نادرست است."]


def test_too_many_tries_are_turned_away_even_with_the_right_password(customer, settings):
    settings.LOGIN_TRIES = 3
    for login in spell(customer.mobile)[:3]:
        assert log_in(open_browser(), login, "wrong").status_code == 200
    response = log_in(open_browser(), customer.email)
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= settings.LOGIN_WINDOW_SECONDS + 1
    assert read_texts(response, "p", role="alert") == ["Too many tries. Wait 15 minutes and try again."]
    persian = log_in(open_browser(language="fa"), customer.email)
    assert read_texts(persian, "p", role="alert") == [
        "شمار تلاش‌ها زیاد است. ۱۵ دقیقه صبر کنید و دوباره تلاش کنید."
    ]


def test_the_admin_s_login_counts_the_same_tries(customer, settings):
    settings.LOGIN_TRIES = 2
    for _ in range(2):
        open_browser().post("/admin/login/", {"username": customer.username, "password": "wrong"})
    assert log_in(open_browser(), customer.mobile).status_code == 429
    assert LoginTry.objects.filter(subject=f"account:{customer.pk}").count() == 2


def test_a_customer_is_no_staff(visitor, customer):
    visitor.post("/admin/login/", {"username": customer.username, "password": PASSWORD})
    assert "_auth_user_id" not in visitor.session


def test_login_leads_to_where_one_wanted_to_go_but_never_to_another_site(customer):
    inside = log_in(open_browser(), customer.mobile, next="/wallet/")
    outside = log_in(open_browser(), customer.mobile, next="https://example.org/wallet/")
    assert (inside.headers["Location"], outside.headers["Location"]) == ("/wallet/", "/")


def test_who_is_logged_in_is_not_asked_again(browser):
    assert browser.get(LOGIN).headers["Location"] == "/"


def test_logout_is_a_post_and_ends_the_session(browser):
    assert browser.get("/logout/").status_code == 405
    assert browser.post("/logout/").headers["Location"] == LOGIN
    assert browser.get("/wallet/").headers["Location"] == f"{LOGIN}?next=/wallet/"


PRIVATE = ["new_order", "search_services", "order_fields", "orders", "wallet", "notifications"]


@pytest.mark.parametrize("name", PRIVATE)
def test_pages_are_for_customers_only(visitor, name):
    address = reverse(f"dashboard:{name}")
    assert visitor.get(address).headers["Location"] == f"{LOGIN}?next={address}"


def test_a_fragment_asked_for_after_logout_reloads_the_whole_page(visitor):
    response = visitor.get("/orders/", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Refresh"], response.content) == (200, "true", b"")


def test_personal_pages_are_kept_by_no_cache(browser):
    assert "no-store" in browser.get("/wallet/").headers["Cache-Control"]


def test_a_form_without_its_token_is_refused_with_a_page(customer):
    browser = open_browser(customer)
    browser.handler.enforce_csrf_checks = True
    response = browser.post("/notifications/read/")
    assert (response.status_code, read_texts(response, "h1")) == (403, ["The form has expired"])


def test_two_customers_of_one_address_do_not_share_the_account_s_tries(customer, settings):
    settings.LOGIN_TRIES = 4
    other = make_customer(username="other")
    for login in (customer.mobile, other.mobile) * 2:
        log_in(open_browser(), login, "wrong")
    assert LoginTry.objects.filter(subject=f"account:{other.pk}").count() == 2
    assert log_in(open_browser(), customer.mobile).status_code == 429  # the address has had its four


def test_behind_a_proxy_callers_are_counted_by_their_own_addresses(customer, settings):
    settings.TRUSTED_PROXIES = 1
    for caller in ("198.51.100.7", "198.51.100.8"):
        browser = Client(headers={"X-Forwarded-For": f"203.0.113.9, {caller}"})
        log_in(browser, "nobody", "wrong")
    counted = LoginTry.objects.filter(subject__startswith="address:").values_list("subject", flat=True)
    assert sorted(counted) == ["address:198.51.100.7", "address:198.51.100.8"]
