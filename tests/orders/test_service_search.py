"""Services by words: any spelling, any order, as the catalogue is at the moment."""

import pytest

from orders.models import Category, Service
from orders.service_search import read_index
from tests.factories import make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelves():
    return [Category.objects.create(name=name, sort=sort) for sort, name in ((2, "Instagram"), (1, "تلگرام"))]


def names(words, category_id=None):
    return [entry.name for entry in read_index().find(words, category_id)]


@pytest.mark.parametrize(
    "words",
    ["لایک ایرانی", "لايك ايراني", "ایرانی لایک", "  لایکِ   ایرانی ", "لایک۲۰۰", "لايك200", "instagram لایک"],
)
def test_spelling_and_order_of_words_make_no_difference(shelves, words):
    make_service(name="لایک ۲۰۰ ایرانی، لایک200", category=shelves[0])
    make_service(name="بازدید ایرانی", category=shelves[0])
    assert names(words) == ["لایک ۲۰۰ ایرانی، لایک200"]


def test_the_category_s_name_counts_and_the_catalogue_s_order_stays(shelves):
    for shelf in shelves:
        make_service(name=f"Likes of {shelf.name}", category=shelf)
    assert names("likes") == ["Likes of تلگرام", "Likes of Instagram"]
    assert names("تلگرام likes") == ["Likes of تلگرام"]
    assert names("likes", shelves[0].pk) == ["Likes of Instagram"]
    assert [(shelf.pk, shelf.name) for shelf in read_index().shelves] == [
        (shelves[1].pk, "تلگرام"),
        (shelves[0].pk, "Instagram"),
    ]


def test_a_number_is_an_id_first_and_a_word_as_well(shelves):
    other = make_service(name="other", category=shelves[0])
    make_service(name=f"with {other.pk} in it", category=shelves[1])
    assert names(str(other.pk)) == ["other", f"with {other.pk} in it"]
    assert names("9" * 30) == []


def test_what_changes_is_found_at_once(shelves, django_assert_num_queries):
    service = make_service(name="old", category=shelves[0])
    assert names("old") == ["old"]
    with django_assert_num_queries(1):
        assert names("old") == ["old"]
    Service.objects.filter(pk=service.pk).update(name="new")
    assert (names("old"), names("new")) == ([], ["new"])
    Category.objects.filter(pk=shelves[0].pk).update(active=False)
    assert (names("new"), read_index().shelves) == ([], ())
