"""The paying statement waits for others and goes on, whichever way PostgreSQL chooses to run it."""

import pytest
from django.db import connection

from campaigns.liking import pay_verified, read_credit
from campaigns.models import Like
from panel.wallet.ledger import open_wallet
from panel.wallet.models import Currency
from tests.factories import make_campaign, make_class, make_customer
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 15


@pytest.fixture
def many_accounts():
    """So many accounts that they are looked up by index, and statistics that say so."""
    for _ in range(300):
        open_wallet(make_customer().pk, Currency.LIKE)

    def analyse():
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    return analyse


def like(customer, campaign):
    return pay_verified(customer.pk, campaign, "203.0.113.5")


def test_one_persons_likes_of_many_campaigns_at_once_are_all_paid(many_accounts):
    campaign_class, liker = make_class(waiting=0), make_customer()
    campaigns = [make_campaign(campaign_class) for _ in range(AT_ONCE)]
    many_accounts()
    outcomes = run_together(*(lambda campaign=campaign: like(liker, campaign) for campaign in campaigns))
    assert outcomes == [None] * AT_ONCE
    assert (Like.objects.count(), read_credit(liker.pk).like) == (AT_ONCE, AT_ONCE * 5)


def test_one_like_sent_many_times_at_once_is_paid_once_and_never_refused(many_accounts):
    campaign, liker = make_campaign(make_class(waiting=0)), make_customer()
    many_accounts()
    outcomes = run_together(*[lambda: like(liker, campaign)] * AT_ONCE)
    assert outcomes == [None] * AT_ONCE
    assert (Like.objects.count(), read_credit(liker.pk).like) == (1, 5)


def test_many_people_at_once_are_all_paid(many_accounts):
    campaign = make_campaign(make_class(waiting=0))
    likers = [make_customer() for _ in range(AT_ONCE)]
    many_accounts()
    outcomes = run_together(*(lambda liker=liker: like(liker, campaign) for liker in likers))
    assert outcomes == [None] * AT_ONCE
    assert [read_credit(liker.pk).like for liker in likers] == [5] * AT_ONCE
