"""Many likes at once: a budget pays what it holds, a person is paid once, and keeps to the pace."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.liking import pay_verified, read_credit
from campaigns.liking_sql import pay_like
from campaigns.models import Campaign, Like, Pace
from campaigns.refusals import CampaignRefused
from campaigns.states import give_back_rest, stop_campaign
from panel.wallet.audit import WALLET_CHECKS, find_drifts, list_added_checks, open_snapshot
from panel.wallet.house import house_balance
from panel.wallet.ledger import open_wallet
from panel.wallet.models import Account, Currency
from tests.factories import make_campaign, make_class, make_customer
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "203.0.113.5"


def list_drifts():
    with open_snapshot():
        return [line for check in (*WALLET_CHECKS, *list_added_checks()) for line in find_drifts(check)]


def try_like(customer, campaign, address=ADDRESS):
    """Whether the engine paid; what was refused leaves nothing behind."""
    try:
        pay_verified(customer.pk, campaign, address)
    except CampaignRefused as refused:
        return refused.code.value
    return "paid"


def test_three_hundred_likes_at_once_on_a_budget_for_a_hundred(settings):
    campaign = make_campaign(likes=100)
    likers = [make_customer() for _ in range(300)]
    for liker in likers:
        open_wallet(liker.pk, Currency.LIKE)
    outcomes = []
    for start in range(0, 300, 30):
        batch = likers[start : start + 30]
        outcomes += run_together(*(lambda liker=liker: try_like(liker, campaign) for liker in batch))
    campaign.refresh_from_db()
    assert (outcomes.count("paid"), outcomes.count("out_of_budget")) == (100, 200)
    assert (campaign.state, campaign.likes, campaign.likes_left) == ("ended", 100, 0)
    assert Account.objects.get(pk=campaign.account_id).balance == 0
    assert sum(read_credit(liker.pk).like for liker in likers) == 500
    assert house_balance(Account.Kind.SALES, Currency.LIKE) == 500
    assert list_drifts() == []


def test_one_person_at_once_is_paid_once():
    campaign, liker = make_campaign(), make_customer()
    outcomes = run_together(*(lambda: try_like(liker, campaign) for _ in range(20)))
    assert set(outcomes) <= {"paid", "soon"}
    assert (Like.objects.count(), read_credit(liker.pk).like) == (1, 5)
    assert list_drifts() == []


def test_the_pace_holds_over_campaigns_at_once():
    kind = make_class(waiting=60)
    campaigns = [make_campaign(kind) for _ in range(10)]
    liker = make_customer()
    outcomes = run_together(*(lambda c=c: try_like(liker, c) for c in campaigns))
    assert sorted(outcomes) == ["paid"] + ["soon"] * 9
    assert read_credit(liker.pk).like == 5
    Pace.objects.update(last_at=timezone.now() - timedelta(seconds=61))
    # The one that was paid is answered as paid once more and takes nobody's turn.
    others = [campaign for campaign, outcome in zip(campaigns, outcomes, strict=True) if outcome != "paid"]
    assert run_together(*(lambda c=c: try_like(liker, c) for c in others)).count("paid") == 1
    assert read_credit(liker.pk).like == 10
    assert list_drifts() == []


def test_the_days_limit_holds_at_once():
    kind = make_class(max_user_likes=3)
    campaigns = [make_campaign(kind) for _ in range(12)]
    liker = make_customer()
    outcomes = run_together(*(lambda c=c: try_like(liker, c) for c in campaigns))
    assert sorted(outcomes) == ["day"] * 9 + ["paid"] * 3


def test_the_addresses_limit_holds_at_once(settings):
    settings.LIKES_PER_ADDRESS = 4
    campaign = make_campaign()
    likers = [make_customer() for _ in range(12)]
    outcomes = run_together(*(lambda who=who: try_like(who, campaign) for who in likers))
    assert sorted(outcomes) == ["address"] * 8 + ["paid"] * 4
    assert try_like(make_customer(), campaign, "203.0.113.6") == "paid"
    campaign.refresh_from_db()
    assert campaign.likes == 5


def test_stopping_against_liking():
    for _ in range(20):
        campaign = make_campaign(likes=3)
        liker = make_customer()
        outcome, _none = run_together(
            lambda c=campaign, who=liker: try_like(who, c),
            lambda c=campaign: stop_campaign(c.pk, c.owner_id),
        )
        campaign.refresh_from_db()
        paid = outcome == "paid"
        assert outcome in ("paid", "ended")
        assert (campaign.state, campaign.likes, campaign.rest_due) == ("ended", int(paid), False)
        assert read_credit(campaign.owner_id).like == 30 - 10 * paid
    assert list_drifts() == []


def test_the_rest_goes_back_once():
    campaign = make_campaign(likes=3)
    Campaign.objects.filter(pk=campaign.pk).update(state="ended", likes_left=0, rest_due=True)
    assert sum(run_together(*(lambda: give_back_rest(campaign.pk) for _ in range(10)))) == 30
    assert read_credit(campaign.owner_id).like == 30
    assert list_drifts() == []


def test_people_who_like_each_others_last_like_do_not_wait_for_each_other():
    for _ in range(10):
        one, two = make_customer(), make_customer()
        first, second = make_campaign(likes=1, owner=one), make_campaign(likes=1, owner=two)
        assert run_together(
            lambda f=first, t=two: try_like(t, f), lambda s=second, o=one: try_like(o, s)
        ) == [
            "paid",
            "paid",
        ]
    assert list_drifts() == []


def test_the_owner_is_not_paid_by_the_statement_either():
    campaign = make_campaign()
    wallet = open_wallet(campaign.owner_id, Currency.LIKE)
    assert pay_like(campaign.owner_id, campaign.pk, wallet.pk, ADDRESS, 100, None).campaign is None
