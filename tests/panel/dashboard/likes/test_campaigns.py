"""My campaigns: the list, one with its progress and its budget's statement, and stopping."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.liking import pay_verified, read_credit
from campaigns.models import Campaign, Like
from campaigns.rechecking import take_back_like
from campaigns.states import reject_campaign, stop_campaign
from tests.factories import make_campaign, make_customer
from tests.panel.dashboard.likes.steps import (
    count_queries,
    make_cover,
    read_balances,
    read_facts,
    read_told,
)
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts

LIST = "/campaigns/"
HTMX = {"HX-Request": "true"}


def pay(campaign, times=1):
    """That many likes of as many people; the last of them is returned."""
    for _ in range(times):
        pay_verified(make_customer().pk, campaign, "203.0.113.5")
    return Like.objects.filter(campaign=campaign).last()


@pytest.fixture
def campaign(customer, liking):
    return make_campaign(liking, likes=10, owner=customer)


def test_the_list_shows_how_far_each_got_and_what_became_of_its_budget(browser, persian, customer, campaign):
    pay(campaign, 3)
    row = read_rows(browser.get(LIST))[0]
    assert [row[1].split()[0], row[1].split()[-1]] == [f"#{campaign.pk}", campaign.target_url]
    assert row[2:7] == ["Shown", "3 of 10 likes", "100 likes", "70", "0"]
    bar = read_attributes(find_one(browser.get(LIST), "progress"))
    assert (bar["max"], bar["value"]) == ("10", "3")
    assert read_rows(persian.get(LIST))[0][5] == "۷۰"
    stop_campaign(campaign.pk, customer.pk)
    assert read_rows(browser.get(LIST))[0][2:8] == ["Stopped", "3 of 10 likes", "100 likes", "0", "70", ""]


def test_each_state_has_its_word_and_a_reason_is_told(browser, customer, liking):
    shown, rejected, pending = (make_campaign(liking, owner=customer, shown=n < 1) for n in range(3))
    reject_campaign(rejected.pk, "not a picture of yours")
    ended = make_campaign(liking, likes=1, owner=customer)
    pay(ended)
    gone = make_campaign(liking, owner=customer)
    Campaign.objects.filter(pk=gone.pk).update(state="unavailable", likes_left=0)
    assert [row[2] for row in read_rows(browser.get(LIST))] == [
        "Picture gone",
        "Ended",
        "Waiting for review",
        "Rejected not a picture of yours",
        "Shown",
    ]
    forms = [read_attributes(form) for form in find_all(browser.get(LIST), "form")]
    buttons = [form["id"] for form in forms if "id" in form]
    assert buttons == [f"stop-{pending.pk}", f"stop-{shown.pk}"]


def test_the_balances_are_on_top(browser, rich):
    assert read_balances(browser.get(LIST)) == ["Balance in likes 1,000", "Balance in coins 500"]


def test_without_campaigns_the_page_says_what_to_do(browser):
    page = browser.get(LIST)
    assert read_text(find_one(page, "div", class_="empty")).startswith("You have no campaigns yet.")
    assert "/campaigns/new/" in {read_attributes(one)["href"] for one in find_all(page, "a", class_="button")}


def test_the_picture_is_ours_and_nothing_is_loaded_from_elsewhere(browser, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(cover=make_cover())
    for path in (LIST, f"/campaigns/{campaign.pk}/"):
        assert (
            read_attributes(find_one(browser.get(path), "img", class_="cover"))["src"]
            == f"/covers/{'a' * 64}"
        )


def test_campaigns_of_orders_and_of_others_are_not_there(browser, stranger, campaign, customer, liking):
    of_order = make_campaign(liking, owner=customer)
    Campaign.objects.filter(pk=of_order.pk).update(order_key="order-1")
    assert [row[1].split()[0] for row in read_rows(browser.get(LIST))] == [f"#{campaign.pk}"]
    assert read_rows(stranger.get(LIST)) == []
    for one, pk in ((browser, of_order.pk), (stranger, campaign.pk), (browser, 10**17), (browser, 10**30)):
        assert one.get(f"/campaigns/{pk}/").status_code == 404
        assert one.post(f"/campaigns/{pk}/stop/").status_code == 404
    assert set(Campaign.objects.values_list("state", flat=True)) == {"available"}


def test_open_campaigns_are_asked_about_again_and_closed_ones_are_not(browser, customer, campaign):
    path = f"/campaigns/{campaign.pk}/"
    for address, name, part in ((LIST, "div", "campaigns"), (path, "section", "campaign-detail")):
        assert read_attributes(find_one(browser.get(address), name, id=part))["hx-get"] == address
    pay(campaign, 2)
    fragment = browser.get(path, headers=HTMX)
    assert (find_all(fragment, "h1"), read_facts(fragment)["Spent"]) == ([], "20 likes")
    assert find_all(browser.get(LIST, headers=HTMX), "h1") == []
    stop_campaign(campaign.pk, customer.pk)
    assert "hx-get" not in read_attributes(find_one(browser.get(path), "section", id="campaign-detail"))
    assert "hx-get" not in read_attributes(find_one(browser.get(LIST), "div", id="campaigns"))


def test_a_like_that_was_taken_back_counts_no_more(browser, campaign):
    take_back_like(pay(campaign, 3).pk)
    page = browser.get(f"/campaigns/{campaign.pk}/")
    assert read_text(find_one(page, "div", class_="advance")) == "2 of 10 likes"
    assert [read_facts(page)[name] for name in ("Spent", "Left")] == ["20 likes", "80 likes"]


def test_the_likes_are_drawn_by_day_with_the_numbers_beside_them(browser, campaign):
    path = f"/campaigns/{campaign.pk}/"
    assert find_all(browser.get(path), "rect") == []
    Campaign.objects.filter(pk=campaign.pk).update(created=timezone.now() - timedelta(days=3))
    yesterday = pay(campaign, 2)
    Like.objects.update(created=timezone.now() - timedelta(days=1))
    take_back_like(yesterday.pk)
    pay(campaign, 4)
    page = browser.get(path)
    assert read_days(page) == ["4", "1", "0", "0"]
    assert len(find_all(page, "rect")) == 2


def read_days(page):
    """The numbers beside the chart, the newest day first."""
    rows = [row for row in read_rows(page) if len(row) == 2]
    return [likes for _day, likes in rows]


def test_old_campaigns_show_their_last_thirty_days(browser, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(created=timezone.now() - timedelta(days=90))
    pay(campaign)
    page = browser.get(f"/campaigns/{campaign.pk}/")
    assert read_days(page) == ["1"] + ["0"] * 29


def test_the_budget_s_statement_tells_where_it_went(browser, customer, campaign):
    take_back_like(pay(campaign, 2).pk)
    stop_campaign(campaign.pk, customer.pk)
    page = browser.get(f"/campaigns/{campaign.pk}/")
    assert [row[1:] for row in read_rows(page) if len(row) == 4] == [
        ["Rest of a campaign", "-90", "0"],
        ["Like taken back", "5", "90"],
        ["Like taken back", "5", "85"],
        ["House's share of a like", "-5", "80"],
        ["Like", "-5", "85"],
        ["House's share of a like", "-5", "90"],
        ["Like", "-5", "95"],
        ["Campaign", "100", "100"],
    ]
    assert read_facts(page)["Came back"] == "90 likes"


def test_stopping_asks_once_and_gives_the_rest_back(browser, customer, campaign):
    pay(campaign, 3)
    form = read_attributes(find_one(browser.get(LIST), "form", id=f"stop-{campaign.pk}"))
    assert form["data-confirm"].startswith(f"Stop campaign #{campaign.pk}?")
    answer = browser.post(form["action"], {"next": LIST}, follow=True)
    assert read_told(answer) == ["The campaign has ended. What was left of its budget is in your wallet."]
    assert answer.redirect_chain == [(LIST, 302)]
    assert read_credit(customer.pk).like == 70
    again = browser.post(form["action"], follow=True)
    assert (read_told(again), read_credit(customer.pk).like) == (["This campaign has ended already."], 70)
    assert browser.get(form["action"]).status_code == 405


def test_no_other_site_stops_a_campaign(customer, campaign):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(customer)
    assert strict.post(f"/campaigns/{campaign.pk}/stop/").status_code == 403
    campaign.refresh_from_db()
    assert campaign.state == "available"


def test_a_second_page_and_as_many_statements_for_many(browser, customer, liking):
    make_campaign(liking, owner=customer)
    few = count_queries(browser, LIST)
    for _ in range(25):
        make_campaign(liking, owner=customer)
    assert count_queries(browser, LIST) == few
    first = browser.get(LIST)
    older = read_attributes(find_one(first, "a", rel="next"))["href"]
    assert [len(read_rows(page)) for page in (first, browser.get(LIST + older))] == [25, 1]


def test_one_campaign_takes_as_many_statements_for_many_likes(browser, campaign):
    path = f"/campaigns/{campaign.pk}/"
    pay(campaign)
    few = count_queries(browser, path), count_queries(browser, path, headers=HTMX)
    pay(campaign, 8)
    assert (count_queries(browser, path), count_queries(browser, path, headers=HTMX)) == few


def test_texts_are_shown_as_text(browser, customer, wordy):
    campaign = make_campaign(wordy, owner=customer)
    Campaign.objects.filter(pk=campaign.pk).update(description="<b>x</b>", reason="<i>y</i>")
    page = browser.get(f"/campaigns/{campaign.pk}/").content.decode()
    assert ("<b>x</b>" in page, "<i>y</i>" in page) == (False, False)
    assert read_texts(browser.get(f"/campaigns/{campaign.pk}/"), "dd", class_="lines") == ["<b>x</b>"]
