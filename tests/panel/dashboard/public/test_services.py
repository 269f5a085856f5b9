"""The price list and the page of one service: for everybody, at the reader's own price."""

import pytest

from orders.models import Category, Service
from panel.dashboard.public import offers
from tests.factories import make_customer, make_service
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_texts
from tests.panel.dashboard.public.speeds import measure


def read_names(page):
    return [row[0].split(" #")[0] for row in read_rows(page)]


def find_links(page, text):
    return [
        read_attributes(one)["href"]
        for one in find_all(page, "a")
        if text in " ".join(map(str, one.children))
    ]


@pytest.fixture
def shelves(db):
    """Two categories with three services; the second category comes first."""
    likes, views = (
        Category.objects.create(name=name, sort=sort) for name, sort in (("Likes", 2), ("Views", 1))
    )
    make_service(name="fast like", category=likes)
    make_service(name="slow like", category=likes)
    make_service(name="view", category=views)
    return likes, views


def test_everything_on_sale_by_category(visitor, shelves):
    make_service(name="off", category=shelves[0], active=False)
    page = visitor.get("/services/")
    assert (page.status_code, read_texts(page, "h1")) == (200, ["Services and prices"])
    assert (read_texts(page, "h2"), read_names(page)) == (
        ["Views", "Likes"],
        ["view", "fast like", "slow like"],
    )


def test_a_row_tells_price_bounds_and_time(visitor, service):
    measure(service)
    assert read_rows(visitor.get("/services/")) == [
        [
            f"Likes #{service.pk} · By quantity",
            "2,000 toman per 1,000",
            "10 to 10,000",
            "2 hours",
            "Order Likes",
        ]
    ]


@pytest.mark.parametrize(
    ("fields", "cells"),
    [
        ({"type": "package"}, ["2,000 toman a piece", "one piece"]),
        ({"type": "subscriptions"}, ["2,000 toman per 1,000", "10 to 10,000 for a post"]),
        ({"original_price": 2500}, ["Price before: 2,500 2,000 toman per 1,000", "10 to 10,000"]),
        ({"original_price": 1500}, ["2,000 toman per 1,000", "10 to 10,000"]),
    ],
)
def test_prices_are_of_what_is_counted(visitor, fields, cells):
    make_service(**fields)
    assert read_rows(visitor.get("/services/"))[0][1:4] == [*cells, "not measured lately"]


@pytest.mark.parametrize(
    ("price", "discount", "shown"),
    [(2000, 10, "1,800"), (1999, 15, "1,699.15"), (2001, 50, "1,000.5"), (700, 100, "0"), (2000, 0, "2,000")],
)
def test_customers_see_their_own_price(db, price, discount, shown):
    make_service(price=price)
    page = open_browser(make_customer(discount=discount)).get("/services/")
    before = f"Price before: {price:,} " if discount else ""
    assert read_rows(page)[0][1] == f"{before}{shown} toman per 1,000"


def test_category_and_words_find_services(visitor, shelves):
    likes, views = shelves
    assert read_names(visitor.get("/services/", {"q": "LIKE slow"})) == ["slow like"]
    assert read_names(visitor.get("/services/", {"category": likes.pk})) == ["fast like", "slow like"]
    assert read_names(visitor.get("/services/", {"category": views.pk, "q": "slow"})) == []
    page = visitor.get("/services/", {"q": "nothing"})
    assert find_links(page, "All services") == ["/services/"]


@pytest.mark.parametrize("asked", [{"category": "x", "after": "y"}, {"category": "9" * 30}, {"q": "\x00"}])
def test_what_makes_no_sense_is_ignored(visitor, shelves, asked):
    assert len(read_rows(visitor.get("/services/", asked))) == 3


def test_a_fragment_is_the_list_alone(visitor, shelves):
    page = visitor.get("/services/", {"q": "view"}, headers={"HX-Request": "true"})
    assert (find_all(page, "html"), read_names(page)) == ([], ["view"])
    restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert len(find_all(visitor.get("/services/", headers=restored), "html")) == 1


def test_the_pages_together_show_every_service_once(visitor, monkeypatch, shelves):
    monkeypatch.setattr(offers, "PAGE_SIZE", 2)
    first = visitor.get("/services/?q=")
    (following,) = find_links(first, "Next page")
    second = visitor.get(following)
    assert (read_names(first), read_names(second)) == (["view", "fast like"], ["slow like"])
    assert (find_links(first, "First page"), find_links(second, "Next page")) == ([], [])
    assert read_names(visitor.get(find_links(second, "First page")[0])) == ["view", "fast like"]
    Service.objects.filter(name="fast like").update(active=False)
    assert read_names(visitor.get(following)) == ["view", "slow like"]  # the cursor's service is gone


@pytest.mark.parametrize("address", ["/services/", "/services/{}/"])
def test_order_leads_to_the_form_and_visitors_through_the_login(visitor, browser, service, address):
    page = visitor.get(address.format(service.pk))
    (link,) = find_links(page, "Order")
    assert visitor.get(link).headers["Location"] == f"/login/?next=/orders/new/%3Fservice%3D{service.pk}"
    assert browser.get(link).status_code == 200


def test_the_page_of_a_service(visitor):
    service = make_service(
        name="Views",
        refill=True,
        dripfeed=True,
        description="<p>Fast</p><script>x</script>",
        link_example="https://a.example/p/1",
    )
    measure(service, finished=2, failed=1)
    page = visitor.get(f"/services/{service.pk}/")
    assert read_texts(page, "li", class_="badge") == [
        f"#{service.pk}",
        "By quantity",
        "Refill",
        "Can be canceled",
        "Drip-feed",
    ]
    assert read_texts(page, "p", class_="lines") == ["Fast x"]
    assert read_texts(page, "bdi", class_="break") == ["https://a.example/p/1"]
    assert read_texts(page, "dd") == [
        "2,000 toman per 1,000",
        "10 to 10,000",
        "5 minutes",
        "2 hours",
        "66 percent of the orders that ended",
    ]


def test_a_service_without_speed_says_so(visitor, service):
    words = "No order of this service moved in the last day, so nothing was measured."
    assert words in read_texts(visitor.get(f"/services/{service.pk}/"), "p", class_="hint")


def test_a_service_that_is_not_on_sale_is_not_there(visitor):
    off = make_service(active=False)
    addresses = [f"/services/{off.pk}/", "/services/999999999/", f"/services/{'9' * 25}/"]
    assert [visitor.get(address).status_code for address in addresses] == [404] * 3


@pytest.mark.parametrize("count", [3, 60])
def test_queries_do_not_grow(visitor, browser, count, django_assert_num_queries):
    services = [measure(make_service()).service for _ in range(count)]
    visitor.get("/services/")  # the names are remembered
    with django_assert_num_queries(4):
        visitor.get("/services/")
    with django_assert_num_queries(6):  # session and customer
        browser.get("/services/")
    with django_assert_num_queries(2):
        visitor.get(f"/services/{services[0].pk}/")


def test_the_page_says_where_one_is(visitor, service):
    for address in ("/services/", f"/services/{service.pk}/"):
        assert (
            read_attributes(find_one(visitor.get(address), "a", aria_current="page"))["href"] == "/services/"
        )
