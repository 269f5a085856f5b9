"""How long ago something was, and how long it takes, in words."""

from datetime import timedelta

import pytest
from django.test.html import parse_html
from django.utils import timezone
from django.utils.translation import override

from panel.dashboard.templatetags.panel_elapsed import ago, duration
from panel.lib.dates import format_moment


@pytest.mark.parametrize(
    ("elapsed", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=61), "1 minute ago"),
        (timedelta(minutes=59, seconds=30), "59 minutes ago"),
        (timedelta(hours=1, seconds=1), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1, seconds=1), "1 day ago"),
        (timedelta(days=29, hours=23), "29 days ago"),
    ],
)
def test_the_largest_whole_unit_is_told(elapsed, words):
    with override("en"):
        assert parse_html(ago(timezone.now() - elapsed)).children == [words]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_after_a_month_the_date_says_more_and_the_exact_time_is_always_there(language):
    moment = timezone.now() - timedelta(days=30, minutes=1)
    with override(language):
        element = parse_html(ago(moment))
    exact = format_moment(moment, language)
    assert (element.children, dict(element.attributes)["title"]) == ([exact], exact)


def test_persian_digits_in_persian():
    with override("fa"):
        (words,) = parse_html(ago(timezone.now() - timedelta(minutes=3, seconds=5))).children
    assert words.startswith("۳ ")


def test_what_never_was():
    with override("en"):
        assert ago(None) == "never"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "—"),
        (0, "under a minute"),
        (59, "under a minute"),
        (60, "1 minute"),
        (149, "2 minutes"),
        (7199, "120 minutes"),
        (7200, "2 hours"),
        (2 * 86_400 - 1, "48 hours"),
        (2 * 86_400, "2 days"),
        (86_400 * 1_500, "1,500 days"),
    ],
)
def test_how_long_it_takes(seconds, words):
    with override("en"):
        assert duration(seconds) == words


def test_how_long_it_takes_in_persian_digits():
    with override("fa"):
        assert duration(300).split()[0] == "۵"
