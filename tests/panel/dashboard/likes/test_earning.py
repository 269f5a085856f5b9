"""Earning: what is shown, a like that is verified and paid, and each refusal in its words."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.liking import pay_verified, read_credit
from campaigns.models import AddressDay, Campaign, Like, Pace, Report
from campaigns.states import end_campaign, mark_gone, pause_for_review
from panel.accounts.logins import name_address
from tests.factories import make_campaign, make_class, make_customer
from tests.panel.dashboard.likes.steps import count_queries, make_cover, read_balances, read_told
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_text, read_texts

EARN = "/earn/"
HTMX = {"HX-Request": "true"}


def find_shown(page):
    """The id of the campaign that the page shows, None for none."""
    buttons = [form for form in find_all(page, "form") if "/like/" in read_attributes(form).get("action", "")]
    return int(read_attributes(buttons[0])["action"].split("/")[2]) if buttons else None


def act(browser, campaign, what, **headers):
    return browser.post(f"/earn/{campaign.pk}/{what}/", headers=headers)


@pytest.fixture
def campaign(liking):
    return make_campaign(liking, likes=10)


def test_whoever_is_not_linked_is_led_to_instagram(browser, settings, campaign):
    page = browser.get(EARN)
    link = find_one(page, "a", href="/users/auth/instagram")
    assert (read_text(link), find_shown(page)) == ("Connect Instagram", None)
    settings.INSTAGRAM_CLIENT_ID = ""
    page = browser.get(EARN)
    assert find_all(page, "a", href="/users/auth/instagram") == []
    assert read_texts(page, "p", class_="alert-warning") == [
        "Instagram can't be connected here at the moment."
    ]


def test_the_campaign_is_shown_with_what_it_pays_and_the_way_to_it(browser, linked, wordy):
    campaign = make_campaign(wordy)
    texts = {"description": "Sweets", "phone": "0912", "website": "https://shop.example", "address": "Rasht"}
    Campaign.objects.filter(pk=campaign.pk).update(cover=make_cover(), **texts)
    page = browser.get(EARN)
    assert read_text(find_one(page, "h2", id="reward")) == "A like of this picture pays you 2 coins"
    assert read_attributes(find_one(page, "img", class_="cover"))["src"] == f"/covers/{'a' * 64}"
    way = read_attributes(find_one(page, "a", href=campaign.target_url))
    assert (way["target"], way["rel"]) == ("_blank", "noopener noreferrer")
    there = read_attributes(find_one(page, "a", href="https://shop.example"))
    assert (there["target"], there["rel"]) == ("_blank", "noopener noreferrer nofollow")
    assert all(text in read_text(find_one(page, "section", class_="campaign")) for text in texts.values())


def test_a_like_is_verified_paid_and_the_next_campaign_comes_at_once(browser, linked, instagram, liking):
    one, two = make_campaign(liking), make_campaign(liking)
    shown = find_shown(browser.get(EARN))
    liked, other = (one, two) if shown == one.pk else (two, one)
    part = act(browser, liked, "like", **HTMX)
    assert (part.status_code, read_told(part)) == (200, ["Your like is paid."])
    assert read_balances(part) == ["Balance in likes 5", "Balance in coins 0"]
    assert (find_shown(part), find_all(part, "h1")) == (other.pk, [])
    assert list(Like.objects.values_list("customer", "campaign")) == [(linked.pk, liked.pk)]
    part = act(browser, other, "like", **HTMX)
    assert (find_shown(part), read_credit(linked.pk).like) == (None, 10)
    assert read_text(find_one(part, "div", class_="empty")).startswith(
        "You have seen all campaigns there are."
    )


def test_it_works_as_plain_pages_too(browser, linked, instagram, campaign):
    answer = browser.post(f"/earn/{campaign.pk}/like/", follow=True)
    assert (answer.redirect_chain, read_told(answer)) == ([(EARN, 302)], ["Your like is paid."])
    assert browser.get(f"/earn/{campaign.pk}/like/").headers["Location"] == EARN
    again = browser.post(f"/earn/{campaign.pk}/like/", follow=True)
    assert (again.status_code, read_credit(linked.pk).like) == (200, 5)


def test_whoever_comes_back_finds_the_same_campaign(browser, linked, liking):
    for _ in range(5):
        make_campaign(liking)
    assert len({find_shown(browser.get(EARN)) for _ in range(4)}) == 1


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_skipping_shows_another(browser, linked, liking, headers):
    one, two = make_campaign(liking), make_campaign(liking)
    shown = find_shown(browser.get(EARN))
    skipped, other = (one, two) if shown == one.pk else (two, one)
    act(browser, skipped, "skip", **headers)
    assert [find_shown(browser.get(EARN)) for _ in range(2)] == [other.pk] * 2
    assert (Like.objects.count(), Report.objects.count()) == (0, 0)


def test_a_reported_campaign_is_not_shown_again(browser, linked, campaign):
    form = read_attributes(find_one(browser.get(EARN), "form", id=f"report-{campaign.pk}"))
    assert form["data-confirm"] == "Report this campaign? It is not shown to you any more."
    answer = browser.post(form["action"], follow=True)
    assert read_told(answer) == ["Thank you. This campaign is not shown to you any more; we look at it."]
    assert (find_shown(answer), Report.objects.get().customer) == (None, linked)
    assert browser.post(form["action"]).status_code == 302
    assert Report.objects.count() == 1


def test_one_s_own_and_unknown_campaigns_are_not_reported(browser, linked, liking):
    own, hidden = make_campaign(liking, owner=linked), make_campaign(liking, shown=False)
    for pk in (own.pk, hidden.pk, 10**17, 10**30):
        assert browser.post(f"/earn/{pk}/report/").status_code == 404
    assert Report.objects.count() == 0


def spoil_pace(campaign, customer):
    campaign_class = campaign.campaign_class
    type(campaign_class).objects.filter(pk=campaign_class.pk).update(waiting=60)
    Pace.objects.create(
        customer=customer,
        line=campaign_class.line,
        last_at=timezone.now(),
        day=timezone.now().date(),
        likes=1,
    )


def spoil_day(campaign, customer):
    likes, day = campaign.campaign_class.max_user_likes, timezone.now().date()
    last = timezone.now() - timedelta(seconds=1)
    Pace.objects.create(
        customer=customer, line=campaign.campaign_class.line, last_at=last, day=day, likes=likes
    )


def spoil_address(campaign, _customer):
    AddressDay.objects.create(address=name_address("127.0.0.1"), day=timezone.now().date(), likes=5_000)


def spoil_owner(campaign, customer):
    Campaign.objects.filter(pk=campaign.pk).update(owner=customer)


def spend(campaign, _customer):
    for _ in range(10):
        pay_verified(make_customer().pk, campaign, "203.0.113.5")


def rename(code):
    def change(campaign, _customer):
        Campaign.objects.filter(pk=campaign.pk).update(target_code=code)

    return change


@pytest.mark.parametrize("headers", [HTMX, {}])
@pytest.mark.parametrize(
    ("spoil", "sentence", "stays"),
    [
        (spoil_owner, "You can't be paid for liking your own campaign.", False),
        (lambda c, _: pause_for_review(c.pk), "This campaign has not been approved.", False),
        (lambda c, _: mark_gone(c.pk), "The picture of this campaign is gone.", False),
        (spend, "The budget of this campaign is spent.", False),
        (lambda c, _: end_campaign(c.pk), "This campaign has ended.", False),
        (rename("gone1"), "The picture of this campaign is gone.", False),
        (spoil_pace, "Wait 60 seconds between two likes.", True),
        (spoil_day, "You have reached today's 2,000 likes. Go on tomorrow.", True),
        (spoil_address, "Today's likes from your network are used up. Go on tomorrow.", True),
        (rename("dropped1"), "Instagram says that you have not liked this picture yet.", True),
        (
            rename("flaky1"),
            "Instagram gave no clear answer. Try again in a moment; nothing is lost.",
            True,
        ),
    ],
)
def test_each_refusal_has_its_words_and_nothing_is_paid(
    browser, linked, instagram, campaign, headers, spoil, sentence, stays
):
    browser.get(EARN)
    spoil(campaign, linked)
    answer = act(browser, campaign, "like", **headers)
    assert (answer.status_code, read_told(answer)) == (200 if headers else 422, [sentence])
    assert find_shown(answer) == (campaign.pk if stays else None)
    assert Like.objects.filter(customer=linked).count() == 0
    assert (read_credit(linked.pk).like, "no-store" in answer.headers["Cache-Control"]) == (0, True)


def test_without_a_linked_account_nothing_is_asked_or_paid(browser, persian, customer, campaign):
    answer = act(browser, campaign, "like")
    assert read_told(answer) == ["Connect your Instagram account first."]
    assert find_one(answer, "a", href="/users/auth/instagram")
    assert Like.objects.count() == 0


def test_a_campaign_that_is_not_there_is_no_page(browser, linked):
    assert [browser.post(f"/earn/{pk}/like/").status_code for pk in (10**17, 10**30)] == [404] * 2


def test_the_wait_is_told_and_counted_down_on_the_page(browser, linked, instagram, db):
    quick, slow = make_class(), make_class(waiting=600)
    for _ in range(2):
        make_campaign(slow)
    page = browser.get(EARN)
    assert [one for one in find_all(page, "form") if "data-wait" in dict(one.attributes)] == []
    browser.post(f"/earn/{find_shown(page)}/like/")
    page = browser.get(EARN)
    (form,) = [one for one in find_all(page, "form") if "data-wait" in dict(one.attributes)]
    left = int(read_attributes(form)["data-wait"])
    assert 500 < left <= 600
    assert read_text(find_one(page, "span", id="earn-wait")) == f"You can be paid again in {left} seconds."
    assert "disabled" not in read_attributes(find_one(page, "button", id="earn-like"))
    assert find_one(page, "script", src="/static/js/earn.js")
    browser.post(f"/earn/{find_shown(page)}/skip/")
    other = make_campaign(quick)
    Campaign.objects.exclude(pk=other.pk).update(state="ended", likes_left=0)
    page = browser.get(EARN)
    assert (find_shown(page), read_texts(page, "span", id="earn-wait")) == (other.pk, [""])


def test_the_page_is_for_customers_and_a_fragment_reloads(visitor, campaign):
    assert visitor.get(EARN).headers["Location"] == f"/login/?next={EARN}"
    assert act(visitor, campaign, "like", **HTMX).headers["HX-Refresh"] == "true"


def test_no_other_site_likes_skips_or_reports(linked, campaign):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(linked)
    assert [act(strict, campaign, what).status_code for what in ("like", "skip", "report")] == [403] * 3


def test_statements_do_not_grow_with_campaigns(browser, linked, liking):
    make_campaign(liking)
    browser.get(EARN)
    few = count_queries(browser, EARN)
    for _ in range(9):
        make_campaign(liking)
    assert count_queries(browser, EARN) == few
