"""The report of the last 30 days: messages, what became of them, and cost."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from panel.dashboard.sms.reports import Day, read_days
from panel.lib.dates import TEHRAN
from panel.lib.tehran_days import SHOWN_DAYS
from sms.models import Message
from tests.panel.dashboard.pages import find_all, read_attributes, read_rows, read_texts
from tests.panel.dashboard.sms.steps import count_queries, make_send

PAGE = "/sms/reports/"
pytestmark = pytest.mark.usefixtures("clean_redis")


def days_ago(days):
    """Noon in Tehran of that day."""
    day = timezone.now().astimezone(TEHRAN).date() - timedelta(days=days)
    return datetime(day.year, day.month, day.day, 12, tzinfo=TEHRAN)


def test_without_sends_there_is_nothing_to_report(browser):
    assert read_texts(browser.get(PAGE), "div", class_="empty") == [
        "Nothing was sent in the last 30 days: there is nothing to report. Write and send"
    ]


@pytest.mark.parametrize("small", [0, 100])  # how large and how small sends are counted
def test_days_are_summed_by_what_became_of_messages(customer, monkeypatch, small):
    monkeypatch.setattr("panel.dashboard.sms.reports.SMALL", small)
    make_send(
        customer, ["delivered", "delivered", "undelivered", "failed"], queued_at=days_ago(0), refunded=100
    )
    make_send(customer, ["queued", "sent"], queued_at=days_ago(0))
    make_send(customer, ["delivered"], queued_at=days_ago(20))
    make_send(customer, ["delivered"], queued_at=days_ago(SHOWN_DAYS))
    make_send(customer, state="scheduled", queued_at=None)
    days = read_days(customer.pk)
    assert (len(days), days[0].date) == (SHOWN_DAYS, days_ago(SHOWN_DAYS - 1).date())
    assert [day for day in days if day.sent] == [
        Day(days_ago(20).date(), 1, 1, 0, 0, 100),
        Day(days_ago(0).date(), 6, 2, 1, 1, 500),
    ]
    assert days[-1].open == 2


def test_the_page_has_the_days_as_chart_and_table(browser, customer):
    make_send(
        customer, ["delivered", "delivered", "undelivered", "failed"], queued_at=days_ago(0), refunded=100
    )
    page = browser.get(PAGE)
    date = f"{days_ago(0):%Y/%m/%d}"
    assert read_rows(page) == [[date, "4", "2", "0", "1", "1", "300"]]
    figures = [text.split()[-1] for text in read_texts(page, "span", class_="figure-value")]
    assert figures == ["4", "2", "1", "1", "toman"]
    drawn = [(one["class"], one["height"], one["y"]) for one in map(read_attributes, find_all(page, "rect"))]
    assert drawn == [
        ("part-success", "80.00", "80.00"),
        ("part-warning", "40.00", "40.00"),
        ("part-danger", "40.00", "0.00"),
    ]


def test_another_s_sends_are_not_counted(stranger, customer):
    make_send(customer, ["delivered"])
    assert read_rows(stranger.get(PAGE)) == []


def test_a_day_s_count_is_kept_for_a_while(customer, django_assert_num_queries):
    make_send(customer, ["queued"], queued_at=days_ago(0))
    first = read_days(customer.pk)
    Message.objects.update(state="delivered")
    with django_assert_num_queries(0):
        assert read_days(customer.pk) == first


def test_queries_do_not_grow(browser, customer, clean_redis):
    make_send(customer, ["sent"], queued_at=days_ago(1))
    few = count_queries(browser, PAGE)
    for number in range(6):
        make_send(customer, ["sent", "failed"], queued_at=days_ago(number * 3))
    clean_redis.flushdb()
    assert count_queries(browser, PAGE) == few
