"""The page about bringing others, and following a referral link."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from panel.rewards.models import ReferralCode
from panel.rewards.rules import read_rules
from tests.factories import make_customer
from tests.panel.dashboard.pages import find_all, read_attributes, read_rows, read_text, read_texts
from tests.panel.rewards.test_referral_figures import bring

PAGE = "/rewards/referrals/"


@pytest.fixture
def rules(db):
    row = read_rules()
    row.referral_percent, row.referral_payments = 10, 3
    row.save()
    return row


def facts(page):
    return [read_text(one) for one in find_all(page, "dd")]


def terms(page):
    (found,) = find_all(page, "ul", class_="referral-terms")
    return [read_text(one) for one in found.children if not isinstance(one, str)]


def test_the_link_is_copied_by_a_button_and_shown_as_text(browser, customer, rules):
    page = browser.get(PAGE)
    (button,) = [one for one in find_all(page, "button") if "data-copy" in read_attributes(one)]
    link = f"http://testserver/r/{ReferralCode.objects.get(customer=customer).code}/"
    assert (read_attributes(button)["data-copy"], read_texts(page, "bdi", class_="break")) == (link, [link])


def test_the_terms_are_those_of_the_rules_in_words(browser, rules):
    assert terms(browser.get(PAGE)) == [
        "You get 10 percent of each of the first 3 payments of everybody who signs up by your link.",
        "Your share is in your wallet as soon as the bank has confirmed their payment, rounded down to whole toman."
        " They pay nothing more for it.",
        "Whoever opened your link has 30 days to sign up in the same browser. Accounts that were there before don't"
        " count.",
        "You see when somebody came, not who it was; they don't see you either.",
    ]
    rules.referral_payments = 1
    rules.save()
    assert terms(browser.get(PAGE))[0] == (
        "You get 10 percent of the first payment of everybody who signs up by your link."
    )


def test_who_came_is_counted_and_dated_without_a_name(browser, customer, rules):
    now = timezone.now()
    brought = bring(customer, now, (now, 1_500), (now, 500)).customer
    page = browser.get(PAGE)
    month, newest = read_rows(page)
    assert (facts(page), month[1:], newest[1:]) == (["1", "2,000 toman"], ["1", "2,000"], ["2", "2,000"])
    text = page.content.decode()
    assert [word for word in (brought.username, brought.mobile, f"{now:%Y}") if word in text] == [f"{now:%Y}"]


def test_while_nothing_is_given_there_is_no_link_but_what_was_earned_stays(browser, customer, db):
    now = timezone.now()
    bring(customer, now, (now, 1_500))
    page = browser.get(PAGE)
    assert (facts(page), ReferralCode.objects.count()) == (["1", "1,500 toman"], 0)
    assert find_all(page, "ul", class_="referral-terms") == []
    assert [read_attributes(one)["href"] for one in find_all(browser.get("/rewards/"), "a", href=PAGE)] == [
        PAGE
    ]


def test_with_nobody_brought_the_page_says_what_to_do(browser, stranger, customer, rules):
    bring(customer, timezone.now())
    assert read_texts(stranger.get(PAGE), "div", class_="empty") == [
        "Nobody has come by your link yet. Send it to people who could use the panel."
    ]


def test_the_page_takes_as_many_queries_for_many_as_for_one(browser, customer, rules):
    counts = []
    for count in (1, 30):
        for _ in range(count):
            bring(customer, timezone.now(), (timezone.now(), 10))
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(PAGE).status_code == 200
        counts.append(len(queries))
    assert counts == [counts[0]] * 2
    assert counts[0] <= 12


def test_a_referral_link_is_remembered_for_thirty_days(visitor, rules):
    code = ReferralCode.objects.create(customer=make_customer(), code="abcd2345").code
    response = visitor.get(f"/r/{code}/")
    cookie = response.cookies["referral"]
    assert (response.status_code, response.headers["Location"]) == (302, "/signup/")
    assert (cookie.value, cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (
        code,
        2_592_000,
        True,
        "Lax",
    )


@pytest.mark.parametrize("path", ["/r/nobody/", f"/r/{'a' * 500}/"])
def test_a_link_of_nobody_s_leads_to_the_login_alone(visitor, db, path):
    response = visitor.get(path)
    assert (response.status_code, dict(response.cookies)) == (302, {})
