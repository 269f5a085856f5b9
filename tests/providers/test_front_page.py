"""The admin's front page: what each member of staff sees, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.days import measure_orders
from orders.models import Order, OrderDay
from panel.lib.tehran_days import find_today
from panel.wallet.days import measure_money
from panel.wallet.models import MoneyDay
from providers.models import Dispatch, Provider
from tests.factories import make_campaign, make_provider, make_service
from tests.panel.admin_visits import count_queries, enter_admin, read, superuser
from tests.providers.steps import forward, place

__all__ = ["superuser"]
INDEX = reverse("admin:index")
ALL = (
    "wallet.view_transfer",
    "wallet.view_walletevent",
    "wallet.view_payment",
    "orders.view_order",
    "orders.view_orderevent",
    "providers.view_dispatch",
    "providers.view_provider",
    "providers.view_providerevent",
    "campaigns.change_campaign",
    "sms.view_message",
    "support.view_ticket",
)
MOST_QUERIES = 12


def blocks(html):
    """The headings of the page's parts."""
    return re.findall(r'<h2 id="(?:block-\d+|ages-title|work-list-title)">([^<]+)</h2>', html)


def facts(html):
    """`{word: number}` of the figures."""
    pairs = re.findall(r"<dt>(?:<a[^>]*>)?([^<]+)(?:</a>)?</dt><dd><strong>(?:<bdi>)?([^<]+)", html)
    return dict(pairs)


def test_a_superuser_sees_every_part(superuser, way):
    assert blocks(read(superuser, INDEX)) == [
        "Waiting for you",
        "Since when the first in each queue waits",
        "Money today",
        "Unclear orders",
        "Providers",
        "Orders",
    ]


@pytest.mark.parametrize(
    ("permission", "seen"),
    [
        ("wallet.view_transfer", ["Money today"]),
        ("providers.view_provider", ["Waiting for you", "Providers"]),
        ("orders.view_order", ["Since when the first in each queue waits", "Orders"]),
        ("support.view_ticket", ["Waiting for you"]),
        ("orders.view_service", []),
    ],
)
def test_staff_see_what_they_may(db, permission, seen):
    assert blocks(read(enter_admin(permission), INDEX)) == seen


def test_the_days_money_is_there_beside_yesterdays(superuser, way):
    place(way[0], way[1])
    measure_money()
    measure_orders()
    MoneyDay.objects.filter(day=find_today() - timedelta(days=1)).update(sales=7654)
    html = read(superuser, INDEX)
    charged = Order.objects.get().charge
    assert facts(html)["Sales"] == f"{charged:,}"
    assert "yesterday <bdi>7,654</bdi>" in html
    held = MoneyDay.objects.get(day=find_today()).held["toman"]
    assert facts(html)["Owed to customers (toman)"] == f"{held:,}"


def test_nothing_measured_is_said(superuser, db):
    html = read(superuser, INDEX)
    assert "Not measured yet today." in html
    assert "never: is beat running?" in html


def test_figures_that_grew_old_are_marked(superuser, db):
    measure_orders()
    assert 'class="late"' not in read(superuser, INDEX)
    OrderDay.objects.update(measured_at=timezone.now() - timedelta(minutes=10))
    html = read(superuser, INDEX)
    late = re.search(r'<li class="late">\s*<a[^>]*>([^<]+)</a>\s*<strong><time[^>]*><bdi>([^<]+)</bdi>', html)
    assert late.groups() == ("Last measured by beat and worker", "10 minutes")


def test_orders_are_counted_by_what_they_do_now(superuser, way):
    place(way[0], way[1])
    place(way[0], way[1], "error500")
    forward()
    place(way[0], way[1])
    found = facts(read(superuser, INDEX))
    assert {
        word: found[word] for word in ("To be sent", "Unclear", "Pending at the provider", "Being sent")
    } == {
        "To be sent": "1",
        "Unclear": "1",
        "Pending at the provider": "0",
        "Being sent": "0",
    }
    assert found["Processing at the provider"] == "1"


def test_the_newest_unclear_orders_are_listed_with_the_way_to_decide(superuser, way):
    place(way[0], way[1], "error500")
    forward()
    Dispatch.objects.update(created=timezone.now() - timedelta(hours=3))
    html, row = read(superuser, INDEX), Dispatch.objects.get()
    assert reverse("admin:providers_dispatch_settle", args=[row.pk]) in html
    assert "<bdi>3 hours</bdi>" in html


def test_campaigns_that_wait_for_review_are_listed(superuser, db):
    assert "Campaigns to review" not in blocks(read(superuser, INDEX))
    campaign = make_campaign(shown=False)
    html = read(superuser, INDEX)
    assert "Campaigns to review" in blocks(html)
    assert reverse("admin:campaigns_campaign_change", args=[campaign.pk]) in html


def test_a_low_balance_and_a_pause_are_marked(superuser, db):
    make_provider("http://127.0.0.1:1", balance=5, low_balance=10)
    html = read(superuser, INDEX)
    assert (html.count('<span class="mark">low</span>'), html.count('<span class="mark">paused</span>')) == (
        1,
        0,
    )
    Provider.objects.update(balance=10, paused_at=timezone.now(), pause_reason="no funds")
    html = read(superuser, INDEX)
    assert (html.count('<span class="mark">low</span>'), html.count('<span class="mark">paused</span>')) == (
        0,
        1,
    )


def test_it_takes_as_many_queries_with_many_rows_as_with_few(way):
    staff = enter_admin(*ALL)
    read(staff, INDEX)
    measure_money()
    measure_orders()
    counts = []
    for more in (1, 20):
        for _ in range(more):
            place(way[0], way[1], "error500")
            make_provider("http://127.0.0.1:1", balance=5, low_balance=10)
            make_campaign(shown=False)
            make_service()
        forward()
        place(way[0], way[1])
        counts.append(count_queries(staff, INDEX))
    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES


@pytest.mark.parametrize("language", ["fa", "en"])
def test_it_is_there_in_both_languages(superuser, way, language):
    superuser.cookies["language"] = language
    assert f'lang="{language}"' in read(superuser, INDEX)
