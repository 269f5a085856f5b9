"""The customer's orders: the list, one order's page, and the cancel button."""

from datetime import UTC, datetime

import pytest

from orders.lifecycle import settle_order
from orders.models import Order
from orders.services import place_order
from panel.lib.tracking import make_tracking_id
from panel.wallet.ledger import read_balance
from tests.factories import make_service
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import (
    find_all,
    find_one,
    read_attributes,
    read_rows,
    read_text,
    read_texts,
)

PLACED = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)


@pytest.fixture
def place(customer, service):
    """Place an order of the customer, change its row as given, and return it."""

    def make(link="https://instagram.com/p/abc", quantity=1000, by=None, **state):
        values = {"link": link, "quantity": str(quantity)}
        placed = place_order((by or customer).pk, "dashboard", service.pk, values)
        Order.objects.filter(pk=placed.order_id).update(created=PLACED, **state)
        return Order.objects.get(pk=placed.order_id)

    return make


def numbers(response):
    """Of all rows; before it stands the label of the row's box."""
    return [row[0].split()[-1] for row in read_rows(response)]


def read_story(response):
    return [read_text(step) for step in find_one(response, "ol", class_="timeline").children]


def test_a_row_tells_all_of_an_order_in_the_page_s_language(browser, persian, place):
    order = place(status="in_progress", start_count=1200, remains=300, refunded=100)
    link = "https://instagram.com/p/abc"
    assert read_rows(browser.get("/orders/")) == [
        [
            f"Select order #{order.pk} #{order.pk}",
            f"Likes {link}",
            "In progress 70 %",
            "1,000",
            "1,200",
            "300",
            "2,000 Refunded 100",
            "2026/11/23 09:00",
            "Cancel",
        ]
    ]
    assert read_rows(persian.get("/orders/"))[0][3:8] == [
        "۱٬۰۰۰",
        "۱٬۲۰۰",
        "۳۰۰",
        "۲٬۰۰۰ برگشت مبلغ ۱۰۰",
        "۱۴۰۵/۰۹/۰۲ ۰۹:۰۰",
    ]


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ({"status": "in_progress", "remains": 1000}, ["0"]),
        ({"status": "in_progress", "remains": 1}, ["99"]),
        ({"status": "processing", "remains": -5}, ["100"]),
        ({"status": "in_progress", "remains": 2000}, ["0"]),
        ({"status": "in_progress"}, []),
        ({"status": "pending", "remains": 500}, []),
        ({"status": "completed", "remains": 0}, []),
    ],
)
def test_a_running_order_shows_how_much_is_delivered(browser, place, state, shown):
    order = place(**state)
    for address in ("/orders/", f"/orders/{order.pk}/"):
        bars = find_all(browser.get(address), "progress")
        assert [read_attributes(bar)["value"] for bar in bars] == shown


def test_only_the_customer_s_own_orders_are_there(browser, stranger, place):
    order = place()
    assert numbers(browser.get("/orders/")) == [f"#{order.pk}"]
    assert numbers(stranger.get("/orders/")) == []
    for query in (f"q={order.pk}", f"q=%23{order.pk}", "q=instagram", "status=pending", "status=open"):
        assert numbers(stranger.get(f"/orders/?{query}")) == []


def test_orders_are_found_by_status_link_and_number(browser, place):
    done, waiting = place("https://instagram.com/p/one", status="completed"), place("https://t.me/two")
    persian_number = str(done.pk).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    for query, found in {
        "status=completed": [done],
        "status=nonsense": [waiting, done],
        "q=T.ME": [waiting],
        f"q=%23{done.pk}": [done],
        f"q={persian_number}": [done],
        "q=one&status=pending": [],
        "q=%25": [],
        "q=%00": [waiting, done],
    }.items():
        page = browser.get(f"/orders/?{query}")
        assert (query, numbers(page)) == (query, [f"#{order.pk}" for order in found])


def test_nothing_found_and_nothing_yet_differ(browser):
    assert read_texts(browser.get("/orders/"), "div", class_="empty") == [
        "You have no orders yet. Place the first one"
    ]
    assert read_texts(browser.get("/orders/?q=x"), "div", class_="empty") == [
        "No order matches. Show all orders"
    ]


def test_pages_follow_each_other_without_gap_or_repetition(browser, place):
    orders = [place(quantity=10, status="completed" if n % 2 else "pending") for n in range(54)]
    wanted = [f"#{order.pk}" for order in reversed(orders) if order.status == "completed"]
    address, seen = "/orders/?status=completed", []
    while address:
        page = browser.get(address)
        seen.append(numbers(page))
        following = find_all(page, "a", rel="next")
        address = "/orders/" + read_attributes(following[0])["href"] if following else ""
    assert [len(rows) for rows in seen] == [25, 2]
    assert sum(seen, []) == wanted


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 30, ""])
def test_a_cursor_that_is_none_shows_the_newest(browser, place, cursor):
    order = place()
    assert numbers(browser.get("/orders/", {"before": cursor})) == [f"#{order.pk}"]


def test_rows_ask_for_news_while_an_order_is_open_and_then_stop(browser, place):
    order = place()
    table = read_attributes(find_one(browser.get("/orders/?status="), "div", id="orders"))
    assert (table["hx-get"], table["hx-trigger"]) == ("/orders/?status=", "every 5s")
    fragment = browser.get("/orders/", headers={"HX-Request": "true"})
    assert (numbers(fragment), find_all(fragment, "html")) == ([f"#{order.pk}"], [])
    settle_order(order, Order.Status.COMPLETED)
    fragment = browser.get("/orders/", headers={"HX-Request": "true"})
    assert "hx-get" not in read_attributes(find_one(fragment, "div", id="orders"))


def test_a_long_list_costs_as_many_queries_as_a_short_one(browser, place, django_assert_max_num_queries):
    for _ in range(25):
        place()
    with django_assert_max_num_queries(7):
        assert len(read_rows(browser.get("/orders/"))) == 25


def test_the_order_s_page_tells_its_story(browser, persian, place, customer):
    order = place()
    settle_order(order, Order.Status.PARTIAL, start_count=10, remains=250)
    page = browser.get(f"/orders/{order.pk}/")
    facts = dict(zip(read_texts(page, "dt"), read_texts(page, "dd"), strict=True))
    assert facts == {
        "Service": "Likes",
        "Link": "https://instagram.com/p/abc",
        "Tracking id": make_tracking_id(order.pk),
        "Quantity": "1,000",
        "Start count": "10",
        "Remains": "250",
        "Charge": "2,000 toman",
        "Refunded": "500 toman",
        "Ordered through": "Dashboard",
    }
    assert [text.split(" 20")[0] for text in read_story(page)] == [
        "Order placed and paid",
        "Partly done, the rest refunded: 500 toman",
    ]
    assert read_texts(persian.get(f"/orders/{order.pk}/"), "dd")[7] == "۵۰۰ تومان"
    assert find_all(page, "button", id=f"cancel-button-{order.pk}") == []
    assert read_balance(customer.pk) == 100_000 - 2_000 + 500


def test_fields_of_the_type_are_shown_with_their_names(browser, customer):
    service = make_service(type="custom_comments", min=1)
    values = {"link": "https://instagram.com/p/abc", "comments": "nice\n<b>great</b>"}
    order_id = place_order(customer.pk, "dashboard", service.pk, values).order_id
    page = browser.get(f"/orders/{order_id}/")
    assert (read_texts(page, "dt")[-1], read_texts(page, "dd")[-1]) == ("Comments", "nice <b>great</b>")
    assert "&lt;b&gt;great" in page.content.decode()


def test_another_s_order_is_not_found(stranger, place):
    order = place()
    for answer in (
        stranger.get(f"/orders/{order.pk}/"),
        stranger.get("/orders/999999/"),
        stranger.post(f"/orders/{order.pk}/cancel/"),
        stranger.post("/orders/999999/cancel/"),
    ):
        assert (answer.status_code, read_texts(answer, "h1")) == (404, ["Page not found"])
    order.refresh_from_db()
    assert (order.status, order.cancel_requested_at) == ("pending", None)


def test_an_order_that_was_not_sent_is_canceled_and_refunded_at_once(browser, place, customer):
    order = place()
    answer = browser.post(f"/orders/{order.pk}/cancel/", {"next": "/orders/?status=pending"})
    assert answer.headers["Location"] == "/orders/?status=pending"
    page = browser.get("/orders/")
    assert read_texts(page, "p", role="status") == [f"Order #{order.pk} is canceled and refunded."]
    order.refresh_from_db()
    assert (order.status, order.refunded, read_balance(customer.pk)) == ("canceled", 2000, 100_000)
    assert find_all(page, "form", action=f"/orders/{order.pk}/cancel/") == []


def test_a_sent_order_keeps_the_wish(browser, persian, place, customer):
    order = place(status="in_progress", forwarding="accepted", next_try_at=None)
    browser.post(f"/orders/{order.pk}/cancel/")
    page = browser.get("/orders/")
    assert read_texts(page, "p", role="status") == [
        f"Canceling order #{order.pk} is requested; money comes back when it is confirmed."
    ]
    assert read_rows(page)[0][-1] == "Cancel requested"
    assert read_rows(persian.get("/orders/"))[0][-1] == "درخواست لغو ثبت شد"
    order.refresh_from_db()
    assert (order.status, order.cancel_requested_at is None) == ("in_progress", False)
    assert read_balance(customer.pk) == 98_000


def test_an_order_that_has_ended_is_not_canceled(browser, persian, place, customer):
    order = place()
    settle_order(order, Order.Status.COMPLETED)
    browser.post(f"/orders/{order.pk}/cancel/")
    assert read_texts(browser.get("/orders/"), "p", role="alert") == [
        "This order can't be canceled any more."
    ]
    persian.post(f"/orders/{order.pk}/cancel/")
    assert read_texts(persian.get("/orders/"), "p", role="alert") == ["این سفارش دیگر قابل لغو نیست."]
    assert read_balance(customer.pk) == 98_000


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ({}, True),
        ({"forwarding": "accepted", "status": "in_progress"}, True),
        ({"status": "completed"}, False),
        ({"forwarding": "accepted", "cancel_requested_at": PLACED}, False),
    ],
)
def test_the_button_is_there_where_it_helps(browser, place, state, shown):
    order = place(**state)
    for address in ("/", "/orders/", f"/orders/{order.pk}/"):
        page = browser.get(address)
        assert bool(find_all(page, "button", id=f"cancel-button-{order.pk}")) == shown


def test_no_button_for_a_sent_order_whose_service_cannot_be_canceled(browser, place, service):
    type(service).objects.filter(pk=service.pk).update(cancel=False)
    queued, sent = place(), place(forwarding="accepted", status="in_progress")
    page = browser.get("/orders/")
    shown = [bool(find_all(page, "button", id=f"cancel-button-{order.pk}")) for order in (queued, sent)]
    assert shown == [True, False]


def test_canceling_is_a_post_and_goes_back_to_no_other_site(browser, place):
    order = place()
    assert browser.get(f"/orders/{order.pk}/cancel/").status_code == 405
    answer = browser.post(f"/orders/{order.pk}/cancel/", {"next": "//example.org/"})
    assert answer.headers["Location"] == "/orders/"


def test_home_counts_the_orders_and_lists_the_latest(customer, place):
    for status in ("pending", "in_progress", "completed", "partial", "canceled", "error", "completed"):
        last = place(status=status)
    browser = open_browser(customer)
    figures = read_texts(browser.get("/"), "span", class_="figure-value")
    assert figures == [f"{100_000 - 7 * 2000:,} toman", "2", "0 toman", "2"]
    page = browser.get("/", headers={"HX-Request": "true"})
    assert numbers(page) == [f"#{last.pk - back}" for back in range(5)]
