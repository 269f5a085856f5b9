"""The figures by day: what was paid, earned and given, in days of Tehran and by currency."""

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from campaigns.admin.figures import _BUDGETS, _LIKES, read_days, sum_days
from campaigns.liking import pay_verified
from campaigns.models import Campaign, Like
from campaigns.rechecking import take_back_like
from panel.accounts.models import Customer
from panel.lib.dates import TEHRAN
from panel.wallet.models import Account
from tests.factories import make_campaign, make_class, make_customer
from tests.panel.admin_visits import count_queries, read
from tests.panel.admin_visits import superuser as superuser

pytestmark = pytest.mark.django_db
PATH = "/admin/campaigns/campaign/figures/"
MANY = 2_000


def like(campaign, moment=None):
    liker = make_customer()
    pay_verified(liker.pk, campaign, "203.0.113.9")
    row = Like.objects.get(customer=liker)
    if moment:
        Like.objects.filter(pk=row.pk).update(created=moment)
    return row


def start_of(day):
    return datetime.combine(day, time(), TEHRAN)


def tell(day):
    return (day.likes, day.likers, day.house, day.campaigns, day.given, day.spent)


def test_days_are_tehrans_and_currencies_stay_apart():
    today = timezone.now().astimezone(TEHRAN).date()
    likes, coins = make_campaign(), make_campaign(make_class("coin", campaign_value=7, user_share=7), likes=3)
    yesterday, oldest = today - timedelta(days=1), today - timedelta(days=29)
    like(likes)
    like(likes, start_of(today) - timedelta(microseconds=1))
    like(likes, start_of(oldest))
    like(likes, start_of(oldest) - timedelta(microseconds=1))
    like(coins)
    take_back_like(like(coins).pk)
    Campaign.objects.filter(pk=likes.pk).update(created=start_of(yesterday))
    days = read_days()
    assert {currency: (rows[0].date, rows[-1].date, len(rows)) for currency, rows in days.items()} == {
        "like": (oldest, today, 30),
        "coin": (oldest, today, 30),
    }
    told = [tell(days["like"][place]) for place in (-1, -2, 0)]
    assert told == [(1, 5, 5, 0, 0, 10), (1, 5, 5, 1, 1000, 10), (1, 5, 5, 0, 0, 10)]
    assert tell(days["coin"][-1]) == (1, 7, 0, 1, 21, 7)
    assert tell(sum_days(days["like"])) == (3, 15, 15, 1, 1000, 30)


def test_the_page_draws_them_and_says_them_in_a_table(superuser):
    campaign = make_campaign()
    for _ in range(3):
        like(campaign)
    answer = superuser.get(PATH)
    likes = answer.context["blocks"][0]
    tops = [one["chart"].top for one in likes["charts"]]
    tones = [[part.tone for part in one["chart"].parts] for one in likes["charts"]]
    assert (tops, tones) == ([3, 30, 1000], [["success"], ["success", "info"], ["warning"]])
    html = answer.content.decode()
    assert "<dd><bdi>15</bdi></dd>" in html
    assert html.count('<th scope="row"><bdi') == 2 * 30
    assert f'href="{PATH}"' in read(superuser, reverse("admin:campaigns_campaign_changelist"))


def test_more_likes_take_no_more_statements(superuser):
    campaign = make_campaign()
    read(superuser, PATH)
    few = count_queries(superuser, PATH)
    for _ in range(5):
        like(campaign)
    assert count_queries(superuser, PATH) == few


def fill_days():
    """Many campaigns and likes of years ago, a few of today; the planner knows."""
    campaign, long_ago = make_campaign(), timezone.now() - timedelta(days=900)
    Customer.objects.bulk_create(Customer(username=f"many-{n}") for n in range(MANY))
    ids = Customer.objects.filter(username__startswith="many-").values_list("pk", flat=True)
    shares = {"user_share": 5, "house_share": 5}
    Like.objects.bulk_create(
        Like(campaign=campaign, customer_id=pk, created=long_ago, **shares) for pk in ids
    )
    owned = Account.objects.bulk_create(
        Account(owner_id=campaign.owner_id, currency="like", kind="budget", balance=0) for _ in range(MANY)
    )
    values = {"owner_id": campaign.owner_id, "campaign_class_id": campaign.campaign_class_id, "budget": 10}
    values |= {"source_id": campaign.source_id, "state": "ended", "likes_left": 0, "created": long_ago}
    Campaign.objects.bulk_create(Campaign(account=account, **values) for account in owned)
    like(campaign)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE campaigns_like, campaigns_campaign")


def test_each_statement_reads_its_days_by_an_index():
    fill_days()
    plans = []
    with connection.cursor() as cursor:
        for statement in (_LIKES, _BUDGETS):
            cursor.execute(f"EXPLAIN {statement}", [timezone.now() - timedelta(days=30)])
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    assert ["like_created" in plans[0], "campaign_created" in plans[1]] == [True, True], plans
