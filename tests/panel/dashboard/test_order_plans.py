"""The list of drip-feeds and subscriptions, and what stopping one gives back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.lifecycle import settle_order
from orders.models import DripFeed, Order, Subscription, SubscriptionPost
from orders.parts.making import make_part
from orders.services import place_order
from panel.wallet.ledger import read_balance
from tests.factories import make_service
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts

LINK = "https://instagram.com/p/abc"


@pytest.fixture
def feed(customer):
    """A drip-feed of 10 runs at 100 units, 2,000 toman."""
    service = make_service(dripfeed=True, name="Drops")
    values = {"link": LINK, "quantity": 100, "runs": 10, "interval": 30}
    return Order.objects.get(pk=place_order(customer.pk, "dashboard", service.pk, values).order_id)


@pytest.fixture
def subscription(customer):
    """A subscription of 5 posts, 50 to 100 units each, 1,000 toman."""
    service = make_service(type="subscriptions", name="Posts")
    values = {"username": "someone", "min": 50, "max": 100, "posts": 5}
    return Order.objects.get(pk=place_order(customer.pk, "dashboard", service.pk, values).order_id)


def test_both_kinds_are_listed_with_their_progress_and_what_is_next(browser, feed, subscription, customer):
    place_order(customer.pk, "dashboard", make_service().pk, {"link": LINK, "quantity": 100})
    DripFeed.objects.update(made=3, next_run_at="2099-11-23T05:30:00Z")
    Subscription.objects.update(state="paused", next_fetch_at=None)
    assert read_rows(browser.get("/orders/plans/")) == [
        [f"#{subscription.pk}", "Posts someone", "Paused", "0 of 5 posts", "—", "1,000", "Resume"],
        [f"#{feed.pk}", f"Drops {LINK}", "Active", "3 of 10 runs", "2099/11/23 09:00", "2,000", ""],
    ]
    bars = [read_attributes(bar) for bar in find_all(browser.get("/orders/plans/"), "progress")]
    assert [(bar["value"], bar["max"]) for bar in bars] == [("0", "5"), ("3", "10")]


def test_they_are_chosen_by_kind_and_by_whether_they_have_ended(browser, stranger, feed, subscription):
    settle_order(feed, Order.Status.COMPLETED)

    def listed(query):
        return [row[0] for row in read_rows(browser.get(f"/orders/plans/?{query}"))]

    assert listed("kind=drip_feed") == [f"#{feed.pk}"]
    assert listed("kind=subscription") == [f"#{subscription.pk}"]
    assert listed("status=open") == [f"#{subscription.pk}"]
    assert listed("status=open&kind=drip_feed") == []
    assert listed("kind=x&status=y") == [f"#{subscription.pk}", f"#{feed.pk}"]
    assert read_rows(stranger.get("/orders/plans/")) == []


def test_nothing_yet_and_nothing_found_differ(browser):
    words = read_texts(browser.get("/orders/plans/"), "div", class_="empty")
    assert words[0].startswith("You have no drip-feed and no subscription yet.")
    words = read_texts(browser.get("/orders/plans/?status=open"), "div", class_="empty")
    assert words == ["There is none like that. Show all"]


def test_pausing_from_the_list_stays_in_the_list(browser, subscription):
    page = browser.get("/orders/plans/?status=open")
    form = find_one(page, "form", action=f"/orders/{subscription.pk}/pause/")
    sent = {
        read_attributes(one)["name"]: read_attributes(one)["value"]
        for one in form.children
        if one.name == "input"
    }
    answer = browser.post(f"/orders/{subscription.pk}/pause/", sent)
    assert answer.headers["Location"] == "/orders/plans/?status=open"
    assert Subscription.objects.get().state == "paused"


def test_it_asks_for_news_while_one_is_open(browser, feed):
    table = find_one(browser.get("/orders/plans/"), "div", id="plans")
    assert read_attributes(table)["hx-get"] == "/orders/plans/"
    fragment = browser.get("/orders/plans/", headers={"HX-Request": "true"})
    assert (len(read_rows(fragment)), find_all(fragment, "html")) == (1, [])
    settle_order(feed, Order.Status.COMPLETED)
    assert "hx-get" not in read_attributes(find_one(browser.get("/orders/plans/"), "div", id="plans"))


def test_a_longer_list_asks_no_more_queries(browser, feed, customer):
    browser.get("/orders/plans/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/orders/plans/")
    values = {"link": LINK, "quantity": 100, "runs": 2, "interval": 30}
    for _ in range(25):
        place_order(customer.pk, "dashboard", feed.service_id, values)
    with CaptureQueriesContext(connection) as many:
        page = browser.get("/orders/plans/")
    assert (len(read_rows(page)), len(many)) == (25, len(few))
    assert len(many) <= 12
    older = browser.get("/orders/plans/" + read_attributes(find_one(page, "a", rel="next"))["href"])
    assert [row[0] for row in read_rows(older)] == [f"#{feed.pk}"]


def test_what_comes_back_is_told_before_it_is_stopped_and_then_comes_back(browser, feed, customer):
    make_part(feed, LINK, 100)
    running = make_part(feed, LINK, 100)
    Order.objects.filter(pk=running.pk).update(forwarding="accepted", status="in_progress", next_try_at=None)
    page = browser.get(f"/orders/{feed.pk}/")
    facts = dict(zip(read_texts(page, "dt"), read_texts(page, "dd"), strict=True))
    assert facts["Comes back at once if stopped now"] == "1,800 toman"
    question = read_attributes(find_one(page, "form", id=f"cancel-{feed.pk}"))["data-confirm"]
    assert question.startswith(f"Stop order #{feed.pk}? About 1,800 toman come back at once")
    browser.post(f"/orders/{feed.pk}/cancel/")
    assert read_balance(customer.pk) == 98_000 + 1_800
    page = browser.get(f"/orders/{feed.pk}/")
    story = [read_text(step) for step in find_one(page, "ol", class_="timeline").children]
    assert "No more parts begin: 1,800 toman" in " ".join(story)
    assert "Comes back at once if stopped now" not in read_texts(page, "dt")


def test_posts_that_wait_for_their_time_are_listed(browser, subscription, django_assert_max_num_queries):
    plan = Subscription.objects.get()
    for number in range(12):
        due = f"2099-11-{number + 10}T05:30:00Z"
        SubscriptionPost.objects.create(
            subscription=plan, post_id=number, link=f"https://example.com/{number}", due_at=due
        )
    for _ in range(3):
        make_part(subscription, LINK, 60)
    browser.get("/")
    with django_assert_max_num_queries(12):
        page = browser.get(f"/orders/{subscription.pk}/")
    notices = find_one(page, "ul", class_="notices")
    assert [read_text(one) for one in notices.children][:2] == [
        "https://example.com/0 2099/11/10 09:00",
        "https://example.com/1 2099/11/11 09:00",
    ]
    assert len(notices.children) == 10
