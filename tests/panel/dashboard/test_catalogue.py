"""What the order form offers and how it is found."""

import pytest

from orders.models import Category
from orders.service_search import read_index
from panel.dashboard import catalogue
from tests.factories import make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelves():
    return [Category.objects.create(name=name, sort=sort) for sort, name in ((2, "Instagram"), (1, "تلگرام"))]


def names(found):
    return [service.name for service in found]


def test_only_what_can_be_ordered_is_offered(shelves):
    make_service(name="on sale", category=shelves[0])
    make_service(name="off", category=shelves[0], active=False)
    closed = make_service(name="closed shelf")
    Category.objects.filter(pk=closed.category_id).update(active=False)
    assert names(catalogue.search_services(read_index(), None, "")) == ["on sale"]
    assert catalogue.find_service(str(closed.pk)) is None


def test_favourites_come_first_in_their_order(shelves):
    rows = [make_service(name=name, category=shelves[0]) for name in ("one", "two", "three", "four")]
    stars = [rows[3].pk, rows[1].pk, 10**9]
    assert names(catalogue.search_services(read_index(), None, "", stars)) == ["four", "two", "one", "three"]
    assert names(catalogue.search_services(read_index(), None, "", stars, limit=1)) == ["four"]
    assert names(catalogue.search_services(read_index(), None, "o", stars)) == ["four", "two", "one"]


def test_every_word_has_to_be_in_the_name(shelves):
    make_service(name="Fast Likes", category=shelves[0])
    make_service(name="Slow likes", category=shelves[0])
    make_service(name="بازدید پست", category=shelves[1])
    assert names(catalogue.search_services(read_index(), None, "likes")) == ["Fast Likes", "Slow likes"]
    assert names(catalogue.search_services(read_index(), None, "LIKES fast")) == ["Fast Likes"]
    assert names(catalogue.search_services(read_index(), None, "پست")) == ["بازدید پست"]
    assert names(catalogue.search_services(read_index(), None, "li%es")) == []
    assert names(catalogue.search_services(read_index(), shelves[1].pk, "likes")) == []


def test_a_number_finds_the_service_in_both_scripts(shelves):
    service = make_service(name="plain", category=shelves[0])
    persian = str(service.pk).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    for text in (str(service.pk), f" {persian} "):
        assert names(catalogue.search_services(read_index(), None, text)) == ["plain"]
        assert catalogue.find_service(text) == service


@pytest.mark.parametrize("text", [None, "", "x", "-1", "1.5", "9" * 19, "²"])
def test_no_service_by_what_is_no_number(text):
    assert catalogue.find_service(text) is None


def test_a_search_lists_twenty_at_most(shelves):
    for _ in range(22):
        make_service(category=shelves[0])
    assert len(catalogue.search_services(read_index(), None, "")) == 20


@pytest.mark.parametrize(
    ("description", "plain"),
    [
        ("<p>First</p><p>Second<br>line</p>", "First\nSecond\nline"),
        ("<ul><li>a</li>\n\n<li>b</li></ul>", "a\nb"),
        ("Tom &amp; Jerry &lt;3", "Tom & Jerry <3"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("", ""),
    ],
)
def test_descriptions_become_plain_lines(description, plain):
    assert catalogue.describe_service(make_service(description=description)) == plain


def test_the_page_escapes_what_a_description_says(browser):
    service = make_service(description="&lt;img src=x onerror=alert(1)&gt;<b>bold</b>")
    page = browser.get(f"/orders/new/?service={service.pk}").content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt;bold" in page
    assert "<img src=x" not in page
