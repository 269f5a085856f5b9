"""Orders in parts on the customer's pages: lists leave parts out, the order's own page tells all of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.lifecycle import settle_order
from orders.models import DripFeed, Order, Subscription
from orders.parts.fetching import fetch_posts
from orders.parts.making import make_part
from orders.parts.posts import PostsUnknown, UsernameUnknown
from orders.services import place_order
from panel.wallet.ledger import read_balance
from tests.factories import make_service
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts

LINK = "https://instagram.com/p/abc"


@pytest.fixture
def feed(customer):
    """A drip-feed of 10 runs at 100 units, 2,000 toman; its service has refill and no cancel."""
    service = make_service(dripfeed=True, cancel=False, refill=True)
    values = {"link": LINK, "quantity": 100, "runs": 10, "interval": 30}
    return Order.objects.get(pk=place_order(customer.pk, "dashboard", service.pk, values).order_id)


@pytest.fixture
def subscription(customer):
    """A subscription of 5 posts, 50 to 100 units each, 1,000 toman."""
    service = make_service(type="subscriptions")
    values = {"username": "someone", "min": 50, "max": 100, "posts": 5}
    return Order.objects.get(pk=place_order(customer.pk, "dashboard", service.pk, values).order_id)


def add_part(parent, link=LINK, quantity=100, **state):
    """What the workers make of the plan when its next part is due."""
    part = make_part(parent, link, quantity)
    plan = DripFeed if hasattr(parent, "dripfeed") else Subscription
    plan.objects.filter(pk=parent.pk).update(made=Order.objects.filter(parent=parent).count())
    if state:
        Order.objects.filter(pk=part.pk).update(**state)
    return Order.objects.get(pk=part.pk)


def facts(response):
    """`{label: text}` of all the page's facts."""
    labels, texts = find_all(response, "dt"), find_all(response, "dd")
    return {read_text(label): read_text(text) for label, text in zip(labels, texts, strict=True)}


def numbers(response):
    """Of all rows; before it may stand the label of the row's box."""
    return [row[0].split()[-1] for row in read_rows(response)]


def test_lists_and_counts_leave_parts_out(browser, feed):
    part = add_part(feed, status="in_progress")
    for address in ("/", "/orders/", "/orders/?q=instagram", f"/orders/?q={feed.pk}"):
        assert numbers(browser.get(address, headers={"HX-Request": "true"})) == [f"#{feed.pk}"]
    for address in (f"/orders/?q={part.pk}", "/orders/?status=in_progress"):
        assert numbers(browser.get(address)) == []
    figures = read_texts(browser.get("/"), "span", class_="figure-value")
    assert figures == ["98,000 toman", "1", "0 toman", "0"]


def test_the_list_tells_how_far_each_is(browser, persian, feed, subscription, customer):
    for _ in range(3):
        add_part(feed)
    place_order(customer.pk, "dashboard", make_service().pk, {"link": LINK, "quantity": 100})
    shown = [row[1] for row in read_rows(browser.get("/orders/"))]
    assert shown == [f"Likes {LINK}", "Likes someone 0 of 5 posts", f"Likes {LINK} 3 of 10 runs"]
    home = browser.get("/", headers={"HX-Request": "true"})
    assert [row[1] for row in read_rows(home)] == shown
    badge = read_texts(persian.get("/orders/"), "span", class_="badge-muted")[-2]
    assert ("۳" in badge, "۱۰" in badge) == (True, True)


def test_a_longer_list_asks_no_more_queries(browser, feed, django_assert_num_queries):
    browser.get("/orders/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/orders/")
    for _ in range(5):
        values = {"link": LINK, "quantity": 100, "runs": 2, "interval": 30}
        place_order(feed.customer_id, "dashboard", feed.service_id, values)
    with django_assert_num_queries(len(few)):
        assert len(numbers(browser.get("/orders/"))) == 6


def test_the_page_of_a_drip_feed_tells_its_plan_and_runs(browser, feed):
    DripFeed.objects.update(next_run_at="2099-11-23T05:30:00Z")
    first = add_part(feed, status="completed", start_count=7, remains=0, created="2026-11-23T05:00:00Z")
    second = add_part(feed, status="pending", created="2026-11-23T05:30:00Z")
    page = browser.get(f"/orders/{feed.pk}/")
    told = facts(page)
    assert (told["Quantity"], told["Charge"]) == ("1,000", "2,000 toman")
    assert (told["Quantity of a run"], told["Minutes between runs"]) == ("100", "30")
    assert told["Next run"] == "2099/11/23 09:00"
    assert read_texts(page, "div", class_="bar")[0] == "2 of 10 runs"
    assert read_rows(page) == [
        [f"#{second.pk}", LINK, "Pending", "100", "—", "—", "2026/11/23 09:00"],
        [f"#{first.pk}", LINK, "Completed", "100", "7", "0", "2026/11/23 08:30"],
    ]
    assert len(find_all(page, "a", href=f"/orders/{first.pk}/")) == 1


def test_a_run_that_is_due_waits_for_the_one_before_it(browser, feed):
    add_part(feed)
    DripFeed.objects.update(next_run_at="2026-01-01T00:00:00Z")
    assert facts(browser.get(f"/orders/{feed.pk}/"))["Next run"] == "As soon as the run before it has ended"
    browser.post(f"/orders/{feed.pk}/cancel/")
    assert facts(browser.get(f"/orders/{feed.pk}/"))["Next run"] == "—"


def test_the_parts_of_a_long_order_come_in_pages(browser, feed):
    made = [add_part(feed).pk for _ in range(30)]
    page = browser.get(f"/orders/{feed.pk}/")
    older = browser.get(f"/orders/{feed.pk}/" + read_attributes(find_one(page, "a", rel="next"))["href"])
    assert numbers(page) + numbers(older) == [f"#{pk}" for pk in reversed(made)]
    refreshed = read_attributes(find_one(older, "div", id="order-detail"))["hx-get"]
    assert refreshed == older.request["PATH_INFO"] + "?" + older.request["QUERY_STRING"]


def test_a_plain_order_has_no_plan(browser, customer):
    values = {"link": LINK, "quantity": 100}
    order_id = place_order(customer.pk, "dashboard", make_service(dripfeed=True).pk, values).order_id
    page = browser.get(f"/orders/{order_id}/")
    assert [len(find_all(page, "h2", id=name)) for name in ("facts", "plan", "parts")] == [1, 0, 0]


def test_an_order_in_parts_is_canceled_from_its_page(browser, feed, customer):
    page = browser.get(f"/orders/{feed.pk}/")
    assert len(find_all(page, "form", action=f"/orders/{feed.pk}/cancel/")) == 1
    browser.post(f"/orders/{feed.pk}/cancel/")
    feed.refresh_from_db()
    assert (feed.status, feed.refunded, read_balance(customer.pk)) == ("canceled", 2000, 100_000)
    assert find_all(browser.get(f"/orders/{feed.pk}/"), "form", action=f"/orders/{feed.pk}/cancel/") == []


def test_a_part_says_whose_it_is_and_offers_nothing(browser, stranger, feed):
    part = add_part(feed, forwarding="accepted", status="processing")
    settle_order(part, Order.Status.PARTIAL, remains=40)
    page = browser.get(f"/orders/{part.pk}/")
    told = facts(page)
    assert (told["Part of order"], "Charge" in told, told["Remains"]) == (f"#{feed.pk}", False, "40")
    actions = ("cancel", "refill", "pause", "resume")
    assert [find_all(page, "form", action=f"/orders/{part.pk}/{name}/") for name in actions] == [
        [],
        [],
        [],
        [],
    ]
    story = [read_text(step) for step in find_one(page, "ol", class_="timeline").children]
    assert [step.split(" 20")[0] for step in story] == ["Began as a part of its order", "Partly done"]
    assert stranger.get(f"/orders/{part.pk}/").status_code == 404


def test_an_open_part_that_could_be_canceled_by_itself_has_no_button(browser, feed):
    part = add_part(feed)
    page = browser.get(f"/orders/{part.pk}/")
    assert find_all(page, "form", action=f"/orders/{part.pk}/cancel/") == []


def test_an_end_that_cost_less_than_was_paid_says_so(browser, subscription):
    settle_order(subscription, Order.Status.COMPLETED, undone=100)
    page = browser.get(f"/orders/{subscription.pk}/")
    assert "Completed, and refunded what was not needed: 200 toman" in read_texts(page, "p")


def test_the_page_of_a_subscription_tells_its_plan_and_state(browser, subscription):
    Subscription.objects.update(
        state="paused", reason="no such username, or it is private", expires_at="2027-01-01T20:29:59Z"
    )
    part = add_part(subscription, "https://example.com/p/1", 64, status="in_progress")
    page = browser.get(f"/orders/{subscription.pk}/")
    told = facts(page)
    assert (told["Username"], told["For a post"]) == ("someone", "From 50 to 100")
    assert told["Expires"] == "2027/01/01 23:59"
    assert read_texts(page, "span", class_="badge")[0] == "Paused"
    assert read_texts(page, "div", class_="bar")[0] == "1 of 5 posts"
    assert read_texts(page, "p", class_="alert-warning") == ["There is no such username, or it is private."]
    assert [row[:4] for row in read_rows(page)] == [
        [f"#{part.pk}", "https://example.com/p/1", "In progress", "64"]
    ]


def test_a_subscription_is_paused_and_resumed(browser, subscription):
    address = f"/orders/{subscription.pk}/"

    def offered():
        page = browser.get(address)
        return [name for name in ("pause", "resume") if find_all(page, "form", action=f"{address}{name}/")]

    assert offered() == ["pause"]
    answer = browser.post(f"{address}pause/", follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert read_texts(answer, "p", role="status") == [
        "The subscription is paused: new posts are not ordered."
    ]
    assert (Subscription.objects.get().state, offered()) == ("paused", ["resume"])
    answer = browser.post(f"{address}resume/", follow=True)
    assert read_texts(answer, "p", role="status") == ["The subscription goes on with the posts from now on."]
    assert (Subscription.objects.get().state, offered()) == ("active", ["pause"])


def test_what_was_changed_meanwhile_is_said(browser, subscription):
    address = f"/orders/{subscription.pk}/"
    answer = browser.post(f"{address}resume/", follow=True)
    sentence = "The subscription's state has changed meanwhile. Here is how it is now."
    assert read_texts(answer, "p", role="alert") == [sentence]
    browser.post(f"{address}cancel/")
    answer = browser.post(f"{address}pause/", follow=True)
    assert read_texts(answer, "p", role="alert") == [sentence]
    assert Subscription.objects.get().state == "canceled"
    page = browser.get(address)
    assert find_all(page, "form", action=f"{address}resume/") == []


def test_another_s_subscription_is_not_found(stranger, browser, subscription, feed):
    for action in ("pause", "resume"):
        assert stranger.post(f"/orders/{subscription.pk}/{action}/").status_code == 404
        assert browser.post(f"/orders/{feed.pk}/{action}/").status_code == 404
        assert browser.post(f"/orders/999999/{action}/").status_code == 404
        assert browser.get(f"/orders/{subscription.pk}/{action}/").status_code == 405
    assert Subscription.objects.get().state == "active"


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (UsernameUnknown(), "There is no such username, or it is private."),
        (PostsUnknown(), "Its posts can't be read at the moment."),
    ],
)
def test_what_keeps_a_subscription_from_its_posts_is_said(browser, subscription, trouble, sentence):
    class Source:
        def list_posts(self, username):
            raise trouble

    assert fetch_posts(Source()) == 1
    page = browser.get(f"/orders/{subscription.pk}/")
    assert read_texts(page, "p", class_="alert-warning") == [sentence]
