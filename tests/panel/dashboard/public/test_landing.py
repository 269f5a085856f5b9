"""The first page: a landing for visitors, home for customers, and only numbers that were measured."""

import pytest

from orders.models import ServiceTotal
from tests.factories import make_service
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts
from tests.panel.dashboard.public.speeds import measure


def read_measured(page):
    figures = find_all(page, "dl", class_="measured")
    return [read_text(one) for figure in figures for one in figure.children]


def test_visitors_see_what_this_is_and_customers_their_home(visitor, browser):
    assert read_texts(visitor.get("/"), "h1") == ["Order for your pages in a minute, and watch it happen"]
    assert read_texts(browser.get("/"), "h1") == ["Home"]


def test_a_fragment_of_home_reloads_the_page_of_who_was_logged_out(visitor):
    page = visitor.get("/", headers={"HX-Request": "true"})
    assert (page.headers["HX-Refresh"], page.content) == ("true", b"")


def test_nothing_is_shown_that_was_not_measured(visitor, service):
    assert read_measured(visitor.get("/")) == ["Services on sale 1"]
    measure(service, started=0, start_seconds=None)
    assert read_measured(visitor.get("/")) == ["Services on sale 1", "Orders completed in the last day 5"]


def test_the_average_counts_every_order_once(visitor, service):
    measure(service, start_seconds=60, started=3)
    measure(make_service(), start_seconds=660, started=1, finished=2)
    make_service(active=False)
    assert read_measured(visitor.get("/")) == [
        "Services on sale 2",
        "Orders completed in the last day 7",
        "Average time to the start, last day 4 minutes",
    ]


def test_the_most_ordered_services_come_first(visitor):
    names = ["first", "second", "most", "off"]
    made = {name: make_service(name=name, active=name != "off") for name in names}
    ServiceTotal.objects.create(service=made["most"], orders=7)
    ServiceTotal.objects.create(service=made["off"], orders=9)
    rows = read_rows(visitor.get("/"))
    assert [row[0].split()[0] for row in rows] == ["most", "first", "second"]


def test_an_empty_catalogue_says_so(visitor):
    page = visitor.get("/")
    assert (read_measured(page), read_texts(page, "table")) == ([], [])
    assert read_texts(page, "div", class_="empty") == ["Nothing is on sale yet. Come back soon."]


def test_the_search_leads_to_the_price_list_without_a_script(visitor, service):
    form = read_attributes(find_one(visitor.get("/"), "form", role="search"))
    assert (form["method"], form["action"]) == ("get", "/services/")


@pytest.mark.parametrize("count", [3, 40])
def test_queries_stay_few(visitor, count, django_assert_max_num_queries):
    for number in range(count):
        service = make_service()
        measure(service)
        ServiceTotal.objects.create(service=service, orders=number)
    with django_assert_max_num_queries(6):
        visitor.get("/")
