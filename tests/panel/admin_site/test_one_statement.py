"""Questions that are asked together are answered as if they were asked alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from panel.accounts.models import Customer
from panel.admin_site import one_statement
from panel.admin_site.one_statement import ask_together, count_capped, find_first
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


def test_answers_come_in_the_order_of_the_questions_from_one_statement():
    people = [make_customer(first_name="100%"), make_customer()]
    questions = [
        count_capped(Customer.objects.filter(first_name="100%")),
        find_first(Customer.objects.order_by("-id"), "username"),
        count_capped(Customer.objects.order_by("username")),
        find_first(Customer.objects.filter(pk=0), "username"),
        count_capped(Customer.objects.none()),
        ("SELECT %s::int + 1", (2,)),
    ]
    with CaptureQueriesContext(connection) as queries:
        answers = ask_together(questions)
    assert (answers, len(queries)) == ([1, people[1].username, 2, None, 0, 3], 1)


def test_no_question_is_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert ask_together([]) == []


def test_counting_ends_at_the_cap(monkeypatch):
    monkeypatch.setattr(one_statement, "COUNTED_ROWS", 2)
    for _ in range(3):
        make_customer()
    assert ask_together([count_capped(Customer.objects.all())]) == [2]
