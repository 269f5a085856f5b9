"""The list of what this contract sells, page by page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Category, Service
from tests.factories import make_service
from tests.panel.api.gray_city.conftest import client

PATH = "/api/v2/categories/"
BASE = "https://panel.example"
BAD_PAGE = (404, {"detail": "صفحه یافت نشد"})


@pytest.fixture(autouse=True)
def _base_url(settings):
    settings.BASE_URL = f"{BASE}/"


@pytest.fixture
def many(db):
    """`many(45)` services on one shelf, in order."""

    def make(number):
        shelf = Category.objects.create(name="Aparat")
        rows = [Service(category=shelf, name=f"like {n}", kind="like", price=10) for n in range(number)]
        return [{"id": row.pk, "title": row.name} for row in Service.objects.bulk_create(rows)]

    return make


def link(page, size=None, path=PATH):
    return f"{BASE}{path}?page={page}" + (f"&page_size={size}" if size else "")


def test_everything_that_is_sold(get, services):
    status, answer = get(PATH)
    expected = {
        "count": 7,
        "next": None,
        "previous": None,
        "results": [{"id": service.pk, "title": service.name} for service in services.values()],
    }
    assert (status, answer) == (200, expected)
    assert list(answer) == list(expected)
    assert [list(row) for row in answer["results"]] == [["id", "title"]] * 7


def test_what_is_not_on_sale_or_not_sayable(get, services):
    make_service(kind="like", active=False)
    make_service(kind="like", category=Category.objects.create(name="closed", active=False))
    make_service()
    for kind, type in [
        ("like", "poll"),
        ("like", "package"),
        ("follower", "poll"),
        ("comment", "default"),
    ]:
        make_service(kind=kind, type=type)
    assert [row["id"] for row in get(PATH)[1]["results"]] == [service.pk for service in services.values()]


def test_nothing_on_sale(get):
    assert get(PATH) == (200, {"count": 0, "next": None, "previous": None, "results": []})


def test_twenty_a_page(get, many):
    rows = many(45)
    assert get(PATH) == (200, {"count": 45, "next": link(2), "previous": None, "results": rows[:20]})
    second = {"count": 45, "next": link(3), "previous": link(1), "results": rows[20:40]}
    assert get(PATH, {"page": 2}) == (200, second)
    assert get(PATH, {"page": "۲"}) == (200, second)
    assert get(PATH, {"page": 3}) == (
        200,
        {"count": 45, "next": None, "previous": link(2), "results": rows[40:]},
    )


@pytest.mark.parametrize(("asked", "size"), [(1, 1), (7, 7), (30, 30), (31, 30), (1000, 30), ("۷", 7)])
def test_page_size(get, many, asked, size):
    rows = many(35)
    answer = get(PATH, {"page_size": asked})[1]
    assert answer == {"count": 35, "next": link(2, size), "previous": None, "results": rows[:size]}


@pytest.mark.parametrize("asked", ["", "0", "-5", "x", "1.5", "9" * 5000])
def test_page_size_that_is_none_is_twenty(get, many, asked):
    rows = many(25)
    assert get(PATH, {"page_size": asked})[1]["results"] == rows[:20]


def test_following_the_links_shows_each_once(get, many):
    rows = many(65)
    seen, path = [], f"{PATH}?page_size=30"
    while path:
        answer = get(path)[1]
        seen += answer["results"]
        path = answer["next"] and answer["next"].removeprefix(BASE)
    assert seen == rows


def test_links_without_a_slash_and_under_a_strange_host(token, many):
    many(21)
    headers = {"Authorization": f"Token {token}", "Host": "evil.example"}
    answer = client.get(PATH.rstrip("/"), headers=headers).json()
    assert answer["next"] == link(2, path=PATH.rstrip("/"))


@pytest.mark.parametrize("page", ["0", "-1", "3", "last", "x", "1.5", "9" * 30, "9" * 5000, "\x00"])
def test_page_that_is_not_there(get, many, page):
    many(25)
    assert get(PATH, {"page": page}) == BAD_PAGE


def test_the_number_of_queries_does_not_grow(get, many):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            get(PATH)
        return len(queries)

    get(PATH)  # notes the key's use, once a minute
    many(1)
    few = count()
    many(60)
    assert count() == few
