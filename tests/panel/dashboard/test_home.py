"""The home page: figures over a bounded look, what a customer has to know, and a quick order."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from orders.models import CustomerDay, Order, Service
from orders.recent import LOOKED_AT, Recent, count_recent
from orders.services import place_order
from panel.dashboard.spending import read_spending
from panel.wallet.models import Payment
from tests.factories import make_customer, make_service
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_text, read_texts

LINK = "https://instagram.com/p/abc"
TODAY = timezone.now().astimezone(UTC).date()


def make_orders(customer, service, many, **state):
    fields = {"link": LINK, "quantity": 10, "charge": 0, "channel": "dashboard"} | state
    return Order.objects.bulk_create(Order(customer=customer, service=service, **fields) for _ in range(many))


def spend(customer, back, amount):
    CustomerDay.objects.create(customer=customer, day=TODAY - timedelta(days=back), orders=1, amount=amount)


def figures(page):
    return [read_text(one) for one in find_all(page, "span", class_="figure-value")]


def alerts(page):
    return [*read_texts(page, "p", class_="alert-warning"), *read_texts(page, "p", class_="alert-info")]


def test_figures_and_shares_are_counted_by_status(browser, customer, service):
    make_orders(customer, service, 3, status="completed")
    (parent,) = make_orders(customer, service, 1, status="in_progress")
    make_orders(customer, service, 5, status="completed", parent=parent)
    make_orders(make_customer(), service, 4)
    spend(customer, 0, 1500)
    page = browser.get("/")
    assert figures(page) == ["100,000 toman", "1", "1,500 toman", "3"]
    links = find_all(page, "a", href="/orders/?status=in_progress")
    assert [read_text(one) for one in links] == ["In progress"]
    (table,) = find_all(page, "table", class_="statuses")
    assert read_text(table).endswith("In progress 1 25 percent Completed 3 75 percent")


def test_a_customer_with_nothing_is_told_where_to_begin(browser):
    page = browser.get("/")
    assert (figures(page), alerts(page)) == (["100,000 toman", "0", "0 toman", "0"], [])
    assert find_all(page, "section", aria_labelledby="statuses") == []
    (spending,) = find_all(page, "section", aria_labelledby="spending")
    assert "Nothing was spent in the last 30 days." in read_text(spending)
    assert read_texts(page, "a", class_="button", href="/orders/new/") == ["New order", "Place the first one"]


def test_only_the_newest_orders_are_looked_at_and_the_page_says_so(
    browser, customer, service, django_assert_num_queries
):
    make_orders(customer, service, 1, status="in_progress")
    make_orders(customer, service, LOOKED_AT, status="completed")
    with django_assert_num_queries(1) as queries:
        assert count_recent(customer.pk) == Recent({"completed": LOOKED_AT}, LOOKED_AT, 0, False)
    assert f"LIMIT {LOOKED_AT}" in queries[0]["sql"]
    hints = read_texts(browser.get("/"), "p", class_="hint")
    assert "Open and completed orders are counted among your newest 2,000 orders." in hints
    assert "Of your newest 2,000 orders." in hints


def test_thirty_days_are_drawn_and_stand_in_a_table(browser, customer):
    spend(customer, 0, 2000)
    spend(customer, 29, 4000)
    spend(customer, 30, 9000)
    spend(customer, 3, -500)
    page = browser.get("/")
    (section,) = find_all(page, "section", aria_labelledby="spending")
    rows = [read_text(row) for row in find_all(page, "tr") if "/" in read_text(row)]
    assert [row.split()[1:] for row in rows] == [["1", "2,000"], ["1", "-500"], ["1", "4,000"]]
    assert "A day begins at 03:30 in Tehran" in read_text(section)
    assert len(find_all(page, "rect", class_="part-info")) == 2


@pytest.mark.parametrize(("language", "first"), [("en", (2026, 11, 1)), ("fa", (2026, 11, 22))])
def test_a_month_is_one_of_the_language_s_calendar(db, monkeypatch, language, first):
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    customer, begins = make_customer(), datetime(*first, tzinfo=UTC).date()
    for day, amount in ((begins, 10), (begins - timedelta(days=1), 100), (now.date(), 1)):
        CustomerDay.objects.create(customer=customer, day=day, orders=1, amount=amount)
    assert read_spending(customer.pk, language).month == 11


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (100_000 * 7, "At the pace of the last week your balance lasts 1 more day. Add funds"),
        (100_001 * 7, "At the pace of the last week your balance doesn't last a day. Add funds"),
        (33_333 * 7, None),
        (-5, None),
    ],
)
def test_a_balance_that_is_low_for_its_customer_is_told(browser, customer, amount, words):
    spend(customer, 1, amount)
    assert alerts(browser.get("/")) == ([words] if words else [])


def test_what_is_unclear_is_told(browser, customer, service):
    make_orders(customer, service, 1, forwarding="unclear", status="processing")
    ages = {"pending": 5, "mismatch": 5, "paid": 5, "failed": 5}
    for state, minutes in (*ages.items(), ("pending", 0)):
        created = timezone.now() - timedelta(minutes=minutes)
        Payment.objects.create(customer=customer, gateway="x", amount=20_000, state=state, created=created)
    told = alerts(browser.get("/"))
    assert [words.split(".")[0] for words in told] == [
        "For 1 order it isn't known yet whether it was taken",
        "For your payment of 20,000 toman the bank told another amount",
        "The bank hasn't confirmed your payment of 20,000 toman yet",
    ]


def test_the_quick_order_is_the_form_of_the_order_page(browser, service):
    page = browser.get("/")
    form = read_attributes(find_one(page, "form", id="choice"))
    assert (form["action"], form["method"]) == ("/orders/new/", "get")
    select = read_attributes(find_one(page, "select", id="service"))
    assert (select["hx-get"], select["hx-target"]) == ("/orders/new/fields/", "#order")
    assert len(find_all(page, "div", id="order")) == 1
    fields = browser.get(select["hx-get"], {"service": service.pk}, headers={"HX-Request": "true"})
    assert read_attributes(find_one(fields, "form", id="order-form"))["action"] == "/orders/new/"


@pytest.mark.parametrize("many", [3, 300])
def test_the_page_takes_at_most_twelve_queries_however_much_there_is(
    browser, customer, service, many, django_assert_max_num_queries
):
    Service.objects.bulk_create(Service(category=service.category, name="x", price=1) for _ in range(many))
    make_orders(customer, service, many)
    for back in range(min(many, 30)):
        spend(customer, back, 10_000)
    browser.get("/")
    with django_assert_max_num_queries(12):
        assert browser.get("/").status_code == 200


def test_the_latest_orders_alone_are_a_fragment(browser, customer):
    order_id = place_order(
        customer.pk, "dashboard", make_service().pk, {"link": LINK, "quantity": 10}
    ).order_id
    part = browser.get("/", headers={"HX-Request": "true"})
    assert find_all(part, "main") == []
    assert read_texts(part, "a", href=f"/orders/{order_id}/") == [f"#{order_id}"]
