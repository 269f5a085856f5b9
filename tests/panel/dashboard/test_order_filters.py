"""The filters of the list of orders: what they find, how they are told and removed, and what can't be read."""

from datetime import UTC, datetime

import pytest

from orders import searching
from orders.models import Order
from orders.services import place_order
from panel.dashboard import order_lists
from tests.factories import make_customer, make_service
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts

DAYS = (1, 2, 3)  # of November 2026: 10, 11 and 12 Aban 1405


@pytest.fixture
def orders(customer, service):
    """Three orders, placed at noon of the three days."""
    ids = []
    for day in DAYS:
        values = {"link": f"https://t.me/{'abc'[day - 1]}", "quantity": "100"}
        ids.append(place_order(customer.pk, "dashboard", service.pk, values).order_id)
        Order.objects.filter(pk=ids[-1]).update(created=datetime(2026, 11, day, 12, tzinfo=UTC))
    return ids


def listed(browser, **asked):
    return [int(row[0].split("#")[-1]) for row in read_rows(browser.get("/orders/", asked))]


def chips(page):
    return [
        (read_text(chip), read_attributes(chip)["href"]) for chip in find_all(page, "a", class_="filter-chip")
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"since": "1405/08/11"}, [2, 1]),
        ({"since": "۱۴۰۵/۸/۱۱"}, [2, 1]),
        ({"since": "2026/11/02"}, [2, 1]),
        ({"since": "2026-11-2"}, [2, 1]),
        ({"since": "11.8.1405"}, [2, 1]),
        ({"until": "1405/08/11"}, [1, 0]),
        ({"since": "1405/08/11", "until": "1405/08/11"}, [1]),
        ({"since": "1405/08/11", "status": "completed"}, []),
        ({"since": "1405/08/11", "q": "T.ME/c"}, [2]),
    ],
)
def test_days_are_read_in_both_calendars_and_any_digits(browser, orders, asked, found):
    assert listed(browser, **asked) == [orders[place] for place in found]


def test_a_day_is_one_of_tehran(browser, orders):
    Order.objects.filter(pk=orders[0]).update(created="2026-11-01T20:29:59Z")
    Order.objects.filter(pk=orders[1]).update(created="2026-11-01T20:30:00Z")
    assert listed(browser, until="2026/11/01") == [orders[0]]
    assert listed(browser, since="2026/11/02", until="2026/11/02") == [orders[1]]


@pytest.mark.parametrize("text", ["yesterday", "1405/13/01", "31/2/2026", "0001/01/01", "9999/12/31", "٪"])
def test_what_is_no_date_is_said_and_kept(browser, persian, orders, text):
    page = browser.get("/orders/", {"until": text})
    field = read_attributes(find_one(page, "input", id="filter-until"))
    assert (field["value"], field["aria-invalid"], field["aria-describedby"]) == (text, "true", "error-until")
    assert read_texts(page, "p", id="error-until")[0].startswith(f"“{text}” is no date. Write it like 20")
    assert (chips(page), len(read_rows(page))) == ([], 3)
    assert "۱۴" in read_texts(persian.get("/orders/", {"until": text}), "p", id="error-until")[0]


def test_a_last_day_before_the_first_is_said(browser, orders):
    page = browser.get("/orders/", {"since": "2026/11/03", "until": "2026/11/01"})
    assert read_texts(page, "p", id="error-until") == ["The last day is before the first one."]
    assert read_rows(page) == []


def test_every_filter_is_a_chip_that_removes_it_alone(browser, persian, orders, service):
    asked = {"status": "open", "service": service.pk, "q": "t.me", "since": "1405/08/10", "kind": ""}
    page = browser.get("/orders/", asked)
    assert chips(page) == [
        ("Status: Not ended Remove this filter", f"?service={service.pk}&q=t.me&since=1405%2F08%2F10"),
        ("Service: Likes Remove this filter", "?status=open&q=t.me&since=1405%2F08%2F10"),
        (
            "Link or order number: t.me Remove this filter",
            f"?status=open&service={service.pk}&since=1405%2F08%2F10",
        ),
        ("From: 2026/11/01 Remove this filter", f"?status=open&service={service.pk}&q=t.me"),
    ]
    assert "۱۴۰۵/۰۸/۱۰" in chips(persian.get("/orders/", asked))[3][0]
    assert chips(browser.get("/orders/")) == []


def test_older_pages_keep_the_filters(browser, customer, service):
    for _ in range(26):
        place_order(customer.pk, "dashboard", service.pk, {"link": "https://t.me/x", "quantity": "10"})
    page = browser.get("/orders/", {"status": "open", "q": "t.me"})
    older = browser.get("/orders/" + read_attributes(find_one(page, "a", rel="next"))["href"])
    assert (len(read_rows(older)), len(chips(older))) == (1, 2)


def test_services_are_found_among_those_that_were_ordered(browser, orders, service):
    make_service(name="Never ordered likes")
    gone = make_service(name="Views")
    Order.objects.filter(pk=orders[0]).update(service=gone)
    type(gone).objects.filter(pk=gone.pk).update(active=False)

    def options(**asked):
        return read_texts(browser.get("/orders/services/", asked), "option")

    assert options() == ["All", f"{service.pk} · Likes", f"{gone.pk} · Views"]
    assert options(service_q="lik") == ["All", f"{service.pk} · Likes"]
    assert options(service_q=str(gone.pk)) == ["All", f"{gone.pk} · Views"]
    assert options(service_q="x\0y") == ["All"]
    assert options(service_q="none", service=service.pk) == ["All", f"{service.pk} · Likes"]
    assert listed(browser, service=gone.pk) == [orders[0]]


def test_without_scripts_the_same_form_finds_services(browser, orders, service):
    page = browser.get("/orders/", {"service_q": "lik"})
    options = [
        read_attributes(one)["value"] for one in find_one(page, "select", id="filter-service").children
    ]
    assert (options, "open" in read_attributes(find_one(page, "details"))) == (["", str(service.pk)], True)


def test_the_name_of_a_hidden_service_is_told_to_nobody_who_did_not_order_it(browser, orders):
    hidden = make_service(name="Secret", active=False)
    page = browser.get("/orders/", {"service": hidden.pk})
    assert (chips(page), "Secret" in page.content.decode(), len(read_rows(page))) == ([], False, 3)


def test_kinds_are_told_apart(browser, customer, orders):
    values = {"username": "someone", "min": 50, "max": 100, "posts": 5}
    followed = place_order(customer.pk, "dashboard", make_service(type="subscriptions").pk, values).order_id
    drip = make_service(dripfeed=True)
    values = {"link": "https://t.me/x", "quantity": 100, "runs": 3, "interval": 30}
    feed = place_order(customer.pk, "dashboard", drip.pk, values).order_id
    assert listed(browser, kind="plans") == [feed, followed]
    assert listed(browser, kind="drip_feed") == [feed]
    assert listed(browser, kind="subscription") == [followed]
    assert len(listed(browser, kind="nonsense")) == 5


def test_a_search_that_has_not_looked_at_all_says_how_far_it_got(browser, orders, monkeypatch):
    Order.objects.filter(pk=orders[0]).update(status="error")
    search = searching.search_orders
    monkeypatch.setattr(order_lists, "search_orders", lambda *args: search(*args, looked=2))
    page = browser.get("/orders/?status=error")
    assert read_texts(page, "div", class_="empty") == [
        "No order matches so far. Older ones weren't looked at yet."
    ]
    assert read_texts(page, "p", role="status") == ["Looked through your orders back to 2026/11/02 15:30"]
    go_on = find_one(page, "a", rel="next")
    assert read_text(go_on) == "Go on searching older orders"
    page = browser.get("/orders/" + read_attributes(go_on)["href"])
    assert [row[0] for row in read_rows(page)] == [f"#{orders[0]}"]
    assert find_all(page, "a", rel="next") == []


def test_a_number_is_an_order_s_or_else_a_part_of_the_link(browser, customer, orders):
    Order.objects.filter(pk=orders[0]).update(link="https://t.me/990099")
    foreign = make_customer(toman=1_000)
    values = {"link": "https://t.me/x", "quantity": "10"}
    theirs = place_order(foreign.pk, "dashboard", make_service().pk, values).order_id
    assert listed(browser, q=orders[1]) == [orders[1]]
    assert listed(browser, q="۹۹۰۰۹۹") == []
    assert listed(browser, q="990099") == [orders[0]]
    assert listed(browser, q="#990099") == []
    assert listed(browser, q=f"#{theirs}") == []


def test_with_every_filter_a_page_asks_at_most_twelve_queries(
    browser, orders, service, django_assert_max_num_queries
):
    asked = {
        "status": "open",
        "service": service.pk,
        "q": "t.me",
        "since": "1405/08/01",
        "until": "1405/08/30",
    }
    with django_assert_max_num_queries(12):
        assert len(read_rows(browser.get("/orders/", asked))) == 3
