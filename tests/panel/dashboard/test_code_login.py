"""Logging in and signing up by SMS in the browser."""

import pytest
from django.utils import timezone

from panel.accounts.models import Customer, LoginCode
from panel.rewards.models import Referral
from panel.rewards.referrals import COOKIE, find_code
from panel.support.models import SiteText
from sms.models import Message
from tests.factories import make_customer
from tests.panel.accounts.code_steps import let_pass, other_than
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.entry_steps import CODE, LOGIN, ask_code, holder, log_in_by_code, read_code
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_texts

NUMBER = "+989351112233"
WRONG = "This code is wrong or has expired."
SIGN_UP = "/signup/"


def errors(page):
    return read_texts(page, "p", class_="field-error")


def test_a_code_opens_the_panel_and_says_so_in_the_session(visitor, customer):
    asked = ask_code(visitor, customer.mobile)
    assert (asked.status_code, asked.headers["Location"]) == (302, CODE)
    assert holder(visitor) is None
    field = read_attributes(find_one(visitor.get(CODE), "input", name="code"))
    assert (field["inputmode"], field["autocomplete"], field["maxlength"]) == (
        "numeric",
        "one-time-code",
        "6",
    )
    answer = visitor.post(CODE, {"code": read_code()})
    assert (answer.headers["Location"], holder(visitor)) == ("/", customer.pk)
    assert customer.browser_sessions.get().how == "code"


def test_the_session_s_key_is_another_one_after_the_login(visitor, customer):
    ask_code(visitor, customer.mobile)
    before = visitor.cookies["sessionid"].value
    visitor.post(CODE, {"code": read_code()})
    assert visitor.cookies["sessionid"].value != before
    old = open_browser()
    old.cookies["sessionid"] = before
    assert old.get("/orders/").status_code == 302


def test_persian_digits_are_read(customer):
    browser = open_browser(language="fa")
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    ask_code(browser, ("0" + customer.mobile[3:]).translate(persian))
    browser.post(CODE, {"code": read_code().translate(persian)})
    assert holder(browser) == customer.pk


def test_an_email_has_the_code_sent_to_its_mobile(visitor, customer):
    log_in_by_code(visitor, "sara@EXAMPLE.com")
    assert (Message.objects.get().to, holder(visitor)) == (customer.mobile, customer.pk)


def test_a_wrong_code_is_told_and_the_fifth_try_is_the_last(visitor, customer):
    ask_code(visitor, customer.mobile)
    for _ in range(5):
        page = visitor.post(CODE, {"code": other_than(read_code())})
        assert (page.status_code, errors(page)) == (422, [WRONG])
    assert visitor.post(CODE, {"code": read_code()}).status_code == 422
    assert holder(visitor) is None


@pytest.mark.parametrize("name", ["customer", "nobody", "locked"])
def test_every_email_gets_the_same_answers(visitor, customer, name):
    locked = make_customer(email="locked@example.com", is_active=False)
    email = {"customer": customer.email, "nobody": "nobody@example.com", "locked": locked.email}[name]
    asked = ask_code(visitor, email)
    page = visitor.get(CODE)
    wrong = visitor.post(CODE, {"code": "000000"})
    told = read_texts(page, "p")[1].replace(email, "EMAIL")
    assert (asked.status_code, asked.headers["Location"]) == (302, CODE)
    assert told == "If EMAIL belongs to an account, its mobile gets an SMS with a code now."
    assert (wrong.status_code, errors(wrong)) == (422, [WRONG])


def test_what_is_no_mobile_and_no_email_is_told_and_kept(visitor):
    page = ask_code(visitor, "sara<b>")
    assert (page.status_code, errors(page)) == (422, ["This is neither a mobile number nor an email."])
    field = read_attributes(find_one(page, "input", name="username"))
    assert (field["value"], field["aria-invalid"]) == ("sara<b>", "true")


def test_asking_twice_leads_to_the_code_that_is_under_way(visitor, customer):
    ask_code(visitor, customer.mobile)
    again = ask_code(visitor, customer.mobile)
    assert (again.status_code, again.headers["Location"], Message.objects.count()) == (302, CODE, 1)


def test_another_browser_has_to_wait_for_the_same_number(visitor, customer):
    ask_code(visitor, customer.mobile)
    page = ask_code(open_browser(), customer.mobile)
    assert page.status_code == 429
    assert 0 < int(page.headers["Retry-After"]) <= 121
    assert errors(page) == ["A code was sent already. Wait 2 minutes before you ask for another."]


def test_another_code_is_sent_once_the_first_has_ended(visitor, customer):
    ask_code(visitor, customer.mobile)
    buttons = [read_attributes(one) for one in find_all(visitor.get(CODE), "button")]
    (button,) = [one for one in buttons if "data-countdown" in one]
    # Without JavaScript it can be pressed, and the server decides.
    assert (60 < int(button["data-countdown"]) <= 120, "disabled" in button) == (True, False)
    early = visitor.post("/login/code/again/")
    assert (early.status_code, Message.objects.count()) == (429, 1)
    let_pass(121)
    late = visitor.post("/login/code/again/")
    assert (late.status_code, late.headers["Location"], Message.objects.count()) == (302, CODE, 2)
    visitor.post(CODE, {"code": read_code()})
    assert holder(visitor) == customer.pk


def test_an_address_asks_for_so_many_codes_an_hour(settings, db):
    settings.LOGIN_CODES_PER_ADDRESS = 2
    answers = [ask_code(open_browser(), f"0935111220{n}").status_code for n in range(3)]
    assert (answers, LoginCode.objects.count()) == ([302, 302, 429], 2)


def test_it_leads_to_where_one_wanted_to_go_but_never_to_another_site(customer):
    for wanted, reached in (
        ("/wallet/", "/wallet/"),
        ("wallet", "/"),
        ("https://example.org/", "/"),
        ("//example.org", "/"),
    ):
        answer = log_in_by_code(open_browser(), customer.mobile, next=wanted)
        assert (wanted, answer.headers["Location"]) == (wanted, reached)
    shown = find_all(open_browser().get(f"{LOGIN}?next=/wallet/"), "input", name="next")[0]
    assert read_attributes(shown)["value"] == "/wallet/"


def test_without_an_ask_there_is_nothing_to_type(visitor):
    for answer in (
        visitor.get(CODE),
        visitor.post(CODE, {"code": "123456"}),
        visitor.post("/login/code/again/"),
    ):
        assert answer.headers["Location"] == LOGIN


def test_a_newcomer_accepts_the_terms_first(visitor):
    page = ask_code(visitor, NUMBER, SIGN_UP)
    assert (page.status_code, errors(page)) == (422, ["Read the terms and accept them first."])
    assert (LoginCode.objects.count(), read_texts(page, "h1")) == (0, ["Sign up"])
    assert [read_attributes(one)["href"] for one in find_all(page, "a", href="/terms/")] == ["/terms/"]


def test_a_newcomer_is_asked_for_names_which_may_be_skipped(visitor):
    answer = log_in_by_code(visitor, NUMBER, SIGN_UP, terms="on", next="/wallet/")
    assert answer.headers["Location"] == "/welcome/?next=%2Fwallet%2F"
    page = visitor.get(answer.headers["Location"])
    assert read_attributes(find_one(page, "a", class_="button-quiet"))["href"] == "/wallet/"
    given = {"first_name": "سارا", "last_name": "", "email": "new@example.com", "next": "/wallet/"}
    assert visitor.post("/welcome/", given).headers["Location"] == "/wallet/"
    row = Customer.objects.get(mobile=NUMBER)
    assert (row.first_name, row.email, row.mobile_verified) == ("سارا", "new@example.com", True)


def test_an_email_that_can_t_be_used_keeps_what_was_typed(visitor, customer):
    log_in_by_code(visitor, NUMBER, SIGN_UP, terms="on")
    page = visitor.post("/welcome/", {"first_name": "Nas", "email": customer.email, "next": "/"})
    assert (page.status_code, errors(page)) == (422, ["This email can't be used."])
    kept = [read_attributes(find_one(page, "input", name=name))["value"] for name in ("first_name", "email")]
    assert kept == ["Nas", customer.email]
    assert Customer.objects.get(mobile=NUMBER).first_name == ""


def test_who_has_an_account_is_logged_in_by_the_sign_up_too(visitor, customer):
    answer = log_in_by_code(visitor, customer.mobile, SIGN_UP, terms="on")
    assert (answer.headers["Location"], holder(visitor), Customer.objects.count()) == ("/", customer.pk, 1)


def test_the_link_of_a_referral_is_kept_until_the_sign_up(visitor, customer):
    assert visitor.get(f"/r/{find_code(customer.pk)}/").headers["Location"] == SIGN_UP
    answer = log_in_by_code(visitor, NUMBER, SIGN_UP, terms="on")
    row = Referral.objects.get()
    assert (row.referrer_id, row.customer.mobile) == (customer.pk, NUMBER)
    assert answer.cookies[COOKIE].value == ""


@pytest.mark.parametrize(("path", "accepts"), [(SIGN_UP, {"terms": "on"}), (LOGIN, {})])
def test_a_newcomer_s_terms_are_those_that_were_shown_in_their_language(visitor, path, accepts):
    texts = [SiteText.objects.create(slug="terms", language=one, text="x") for one in ("en", "fa")]
    before = timezone.now()
    ask_code(visitor, NUMBER, path, **accepts)
    SiteText.objects.create(slug="privacy", language="en", text="x")
    accepted = texts[0].changed
    texts[0].save()  # changed after it was accepted
    visitor.post(CODE, {"code": read_code()})
    person = Customer.objects.get(mobile=NUMBER)
    assert person.terms_version == accepted
    assert before < person.terms_accepted_at < timezone.now()


def test_the_panel_s_own_terms_have_no_version_and_what_was_accepted_first_stays(visitor):
    log_in_by_code(visitor, NUMBER, SIGN_UP, terms="on")
    first = Customer.objects.values_list("terms_accepted_at", "terms_version").get(mobile=NUMBER)
    SiteText.objects.create(slug="terms", language="en", text="x")
    log_in_by_code(open_browser(), NUMBER)
    assert (first[0] is None, first[1]) == (False, None)
    assert Customer.objects.values_list("terms_accepted_at", "terms_version").get(mobile=NUMBER) == first


def test_who_was_there_before_has_accepted_nothing_by_logging_in(visitor, customer):
    log_in_by_code(visitor, customer.mobile, SIGN_UP, terms="on")
    customer.refresh_from_db()
    assert (holder(visitor), customer.terms_accepted_at) == (customer.pk, None)


def test_who_is_logged_in_is_not_asked_again(browser):
    assert [browser.get(path).headers["Location"] for path in (LOGIN, SIGN_UP)] == ["/", "/"]
