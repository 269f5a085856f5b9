"""What a referrer sees of those they brought: months of the page's calendar, and the newest one by one."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from panel.lib.dates import TEHRAN
from panel.rewards.models import Referral, ReferralReward
from panel.rewards.referral_figures import NEWEST, list_months, list_newest
from panel.wallet.models import Payment
from panel.wallet.months import find_month
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def referrer():
    return make_customer()


def bring(referrer, created, *shares):
    """Somebody who signed up then, and `(moment, toman)` of the shares that they brought."""
    brought = make_customer()
    row = Referral.objects.create(customer=brought, referrer=referrer, created=created)
    for moment, amount in shares:
        payment = Payment.objects.create(customer=brought, gateway="zarinpal", amount=amount * 10)
        ReferralReward.objects.create(referral=row, payment=payment, amount=amount, created=moment)
    return row


def months(referrer, language):
    return [(row.month, row.came, row.earned) for row in list_months(referrer.pk, language)]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_months_begin_and_end_in_tehran_and_are_those_of_the_language(referrer, language):
    this = find_month(timezone.now(), language)
    last, edge = this.step(-1), this.begin
    second = timedelta(seconds=1)
    bring(referrer, edge - second, (edge - second, 70), (edge, 30))
    bring(referrer, edge, (edge, 5))
    assert months(referrer, language) == [(this, 1, 35), (last, 1, 70)]


def test_only_the_last_twelve_months_are_listed(referrer):
    begin = find_month(timezone.now(), "en").step(-11).begin
    bring(referrer, begin - timedelta(seconds=1))
    assert months(referrer, "en") == []
    bring(referrer, begin, (begin, 8))
    assert months(referrer, "en") == [(find_month(begin, "en"), 1, 8)]


def test_what_others_brought_is_not_counted(referrer):
    bring(make_customer(), timezone.now(), (timezone.now(), 9))
    assert (months(referrer, "en"), list_newest(referrer.pk)) == ([], [])


def test_the_newest_come_first_each_with_what_it_brought_and_nobody_s_name(referrer):
    now = datetime(2026, 5, 4, 9, 30, tzinfo=TEHRAN)
    bring(referrer, now - timedelta(hours=1), (now, 70), (now, 30))
    bring(referrer, now)
    assert list_newest(referrer.pk) == [
        {"created": now, "times": 0, "earned": 0},
        {"created": now - timedelta(hours=1), "times": 2, "earned": 100},
    ]


def test_no_more_than_the_newest_are_listed(referrer):
    now = timezone.now()
    for number in range(NEWEST + 2):
        bring(referrer, now - timedelta(minutes=number))
    assert [row["created"] for row in list_newest(referrer.pk)] == [
        now - timedelta(minutes=number) for number in range(NEWEST)
    ]
