"""The second factor at login, and its pages."""

import pytest

from panel.accounts import entering, second_factor
from panel.accounts.models import Customer, SecondFactor
from tests.factories import make_customer
from tests.panel.accounts.code_steps import other_than
from tests.panel.accounts.factor_steps import Authenticator, turn_on
from tests.panel.dashboard.conftest import PASSWORD, open_browser
from tests.panel.dashboard.entry_steps import LOGIN, SECOND, holder, log_in, log_in_by_code
from tests.panel.dashboard.pages import find_all, read_attributes, read_texts

PAGE = "/security/second/"
WRONG = "This code is wrong or was used before. Wait for the next one."


@pytest.fixture
def app(customer):
    return turn_on(customer)[0]


def test_after_the_password_nobody_is_logged_in_until_the_code(visitor, customer, app):
    assert log_in(visitor, customer.mobile, next="/wallet/").headers["Location"] == SECOND
    assert (holder(visitor), visitor.get("/wallet/").status_code) == (None, 302)
    before = visitor.cookies["sessionid"].value
    assert visitor.post(SECOND, {"code": app.code}).headers["Location"] == "/wallet/"
    assert (holder(visitor), visitor.cookies["sessionid"].value != before) == (customer.pk, True)


def test_after_a_code_by_sms_it_is_asked_for_as_well(visitor, customer, app):
    assert log_in_by_code(visitor, customer.mobile).headers["Location"] == SECOND
    assert holder(visitor) is None
    visitor.post(SECOND, {"code": app.code})
    assert (holder(visitor), customer.browser_sessions.get().how) == (customer.pk, "code")


def test_a_recovery_code_does_as_well_once(visitor, customer):
    _app, codes = turn_on(customer)
    log_in(visitor, customer.mobile)
    visitor.post(SECOND, {"code": codes[3]})
    assert holder(visitor) == customer.pk
    again = open_browser()
    log_in(again, customer.mobile)
    page = again.post(SECOND, {"code": codes[3]})
    assert (page.status_code, read_texts(page, "p", class_="field-error"), holder(again)) == (
        422,
        [WRONG],
        None,
    )


def test_wrong_codes_are_throttled(visitor, customer, app, settings):
    settings.LOGIN_TRIES = 2
    log_in(visitor, customer.mobile)
    for _ in range(2):
        assert visitor.post(SECOND, {"code": app.wrong}).status_code == 422
    page = visitor.post(SECOND, {"code": app.code})
    assert (page.status_code, holder(visitor)) == (429, None)
    assert 0 < int(page.headers["Retry-After"]) <= settings.LOGIN_WINDOW_SECONDS + 1


def test_without_a_first_factor_there_is_no_second_step(visitor, customer, app):
    for answer in (visitor.get(SECOND), visitor.post(SECOND, {"code": app.code})):
        assert answer.headers["Location"] == LOGIN
    assert holder(visitor) is None


def test_the_first_factor_is_forgotten_after_ten_minutes(visitor, customer, app, monkeypatch):
    log_in(visitor, customer.mobile)
    late = entering.time.time() + entering.PENDING_SECONDS + 1
    monkeypatch.setattr(entering.time, "time", lambda: late)
    assert visitor.post(SECOND, {"code": "123456"}).headers["Location"] == LOGIN
    assert holder(visitor) is None


@pytest.mark.parametrize("change", ["locked", "password"])
def test_who_is_locked_or_has_another_password_meanwhile_stays_outside(visitor, customer, app, change):
    log_in(visitor, customer.mobile)
    row = Customer.objects.get(pk=customer.pk)
    row.is_active = change != "locked"
    row.set_password(PASSWORD + ("2" if change == "password" else ""))
    row.save()
    assert visitor.post(SECOND, {"code": app.code}).headers["Location"] == LOGIN
    assert holder(visitor) is None


def test_turning_it_on_shows_recovery_codes_once_and_ends_other_sessions(browser, customer):
    other = open_browser(customer)
    browser.post(PAGE)
    picture = browser.get(f"{PAGE}code.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture.headers["Cache-Control"]
    assert (picture.content[:5], b"style" in picture.content) == (b"<?xml", False)
    page = browser.post(f"{PAGE}confirm/", {"code": Authenticator(customer).at(0)})
    codes = read_texts(page, "li")
    shown = [one for one in codes if len(one) == 11 and one[5] == "-"]
    assert (page.status_code, len(shown), "no-store" in page.headers["Cache-Control"]) == (200, 10, True)
    assert second_factor.is_on(customer.pk) is True
    assert (browser.get(PAGE).status_code, other.get(PAGE).status_code) == (200, 302)
    assert browser.get(f"{PAGE}confirm/").headers["Location"] == PAGE
    assert browser.get(f"{PAGE}code.svg").status_code == 404


def test_reading_the_page_changes_nothing(browser, customer):
    browser.get(PAGE)
    assert SecondFactor.objects.count() == 0


def test_a_wrong_first_code_is_told_and_the_picture_stays(browser, customer):
    browser.post(PAGE)
    secret = SecondFactor.objects.get().secret
    page = browser.post(f"{PAGE}confirm/", {"code": other_than(Authenticator(customer).at(0))[:5] + "x"})
    assert (page.status_code, read_texts(page, "p", class_="alert-error")) == (422, [WRONG])
    assert (SecondFactor.objects.get().secret, len(find_all(page, "img", class_="factor-picture"))) == (
        secret,
        1,
    )


def test_new_recovery_codes_and_turning_off_take_a_code(customer):
    app, old = turn_on(customer)
    browser = open_browser(customer)
    for path in ("codes/", "off/"):
        assert browser.post(PAGE + path, {"code": app.wrong}).status_code == 422
    page = browser.post(f"{PAGE}codes/", {"code": app.code})
    assert (page.status_code, old[0] in page.content.decode()) == (200, False)
    assert browser.post(f"{PAGE}off/", {"code": app.code}).headers["Location"] == PAGE
    assert (second_factor.is_on(customer.pk), browser.get(PAGE).status_code) == (False, 200)


def test_staff_who_came_by_sms_decide_nothing_about_it(visitor):
    staff = make_customer(is_staff=True)
    log_in_by_code(visitor, staff.mobile)
    answers = [visitor.post(PAGE + path).headers["Location"] for path in ("", "confirm/", "codes/", "off/")]
    assert (answers, SecondFactor.objects.count()) == (["/security/"] * 4, 0)


def test_the_way_on_is_kept_and_checked(browser, customer):
    browser.post(f"{PAGE}?next=/admin/")
    kept, refused = (browser.get(f"{PAGE}?next={where}") for where in ("/admin/", "https://example.org/"))
    # The first of them is the menu's, which leads back to this very page.
    shown = [read_attributes(find_all(page, "input", name="next")[2])["value"] for page in (kept, refused)]
    assert shown == ["/admin/", ""]
    given = {"code": Authenticator(customer).at(0), "next": "/admin/"}
    page = browser.post(f"{PAGE}confirm/", given)
    assert [read_attributes(one)["href"] for one in find_all(page, "a", class_="button-primary")] == [
        "/admin/"
    ]
