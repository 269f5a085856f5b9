"""Looking at likes again: what is gone goes back, once, as far as the liker still has it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Like
from campaigns.rechecking import GIVE_UP, recheck_likes, take_back_like
from campaigns.states import approve_campaign, end_campaign, pause_for_review
from panel.wallet.house import house_balance
from panel.wallet.ledger import InsufficientFunds
from panel.wallet.models import Account, Currency, Transfer
from tests.campaigns.steps import (
    budget_of,
    list_drifts,
    make_liker,
    pay_likes,
    purse_of,
    refusal_of,
)
from tests.campaigns.test_liking import like as like_it
from tests.factories import give, make_campaign, make_customer
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)
SARA = "46569725"
DROPPED = "dropped1"  # liked when it was paid, on nobody's list any more


def pay_one(code=DROPPED, likes=10, liker=None):
    """(campaign, liker, like that is due to be looked at)."""
    campaign, liker = make_campaign(likes=likes, code=code), liker or make_liker(SARA)
    like_it(liker, campaign, "like-token")
    row = Like.objects.get(campaign=campaign)
    make_due()
    return campaign, liker, row


def make_due():
    Like.objects.update(recheck_at=timezone.now() - timedelta(minutes=1))


def look(row):
    """(what the look found, whether another one comes)."""
    row.refresh_from_db()
    return row.check_state, row.recheck_at is not None


def house_share():
    return house_balance(Account.Kind.SALES, Currency.LIKE)


def test_a_like_that_is_still_there_is_kept(instagram):
    campaign, liker, row = pay_one("CA2-Sn-n9YX")
    assert (recheck_likes(), recheck_likes()) == (1, 0)
    assert (look(row), purse_of(liker), budget_of(campaign)) == (("kept", False), 5, 90)


def test_only_what_is_due_is_looked_at(instagram):
    row = pay_one()[2]
    Like.objects.update(recheck_at=timezone.now() + timedelta(hours=1))
    assert (recheck_likes(), look(row)) == (0, ("", True))


def test_a_like_that_is_gone_is_taken_back_from_liker_and_house_into_the_campaign(instagram):
    campaign, liker, row = pay_one()
    assert recheck_likes() == 1
    campaign.refresh_from_db()
    assert (look(row), purse_of(liker), house_share()) == (("back", False), 0, 0)
    assert (budget_of(campaign), campaign.likes, campaign.likes_left) == (100, 0, 10)
    assert list(Transfer.objects.filter(kind="like_back").values_list("key", "amount")) == [
        (f"like:{row.pk}:back:user", 5),
        (f"like:{row.pk}:back:house", 5),
    ]
    assert list_drifts() == []


def test_a_like_taken_back_is_never_paid_again(instagram):
    campaign, liker, _row = pay_one()
    recheck_likes()
    assert like_it(liker, campaign, "like-token").like == 0
    assert (Like.objects.count(), purse_of(liker), budget_of(campaign)) == (1, 0, 100)


def test_many_who_take_it_back_at_once_take_it_once():
    campaign = make_campaign(likes=10)
    liker = pay_likes(campaign, 1)[0]
    give(liker, 100)
    row = Like.objects.get()
    assert sorted(run_together(*(lambda: take_back_like(row.pk) for _ in range(8)))) == [False] * 7 + [True]
    assert (purse_of(liker), budget_of(campaign), house_share()) == (100, 100, 0)
    assert list_drifts() == []


def test_many_workers_at_once_look_at_each_once(instagram):
    rows = [pay_one(liker=make_liker(str(number)))[2] for number in range(1, 7)]
    assert sum(run_together(*(recheck_likes for _ in range(3)))) == 6
    assert [look(row) for row in rows] == [("back", False)] * 6
    assert list_drifts() == []


def test_what_the_liker_has_spent_is_taken_later(instagram):
    campaign, liker, row = pay_one()
    give(liker, -3)
    recheck_likes()
    assert (look(row), purse_of(liker), budget_of(campaign), house_share()) == (("gone", True), 2, 90, 5)
    assert list_drifts() == []
    give(liker, 10)
    instagram.stop()  # the provider is not asked again
    make_due()
    recheck_likes()
    assert (look(row), purse_of(liker), budget_of(campaign)) == (("back", False), 7, 100)
    assert list_drifts() == []


def test_a_debt_is_given_up_after_its_days(instagram, settings):
    campaign, liker, row = pay_one()
    give(liker, -5)
    recheck_likes()
    Like.objects.update(created=timezone.now() - timedelta(days=settings.LIKE_DEBT_DAYS, hours=1))
    make_due()
    recheck_likes()
    assert (look(row), budget_of(campaign)) == (("gone", False), 90)
    with pytest.raises(InsufficientFunds):
        take_back_like(row.pk)
    assert list_drifts() == []


def test_a_spent_campaign_goes_on_with_what_came_back(instagram):
    campaign, liker, _row = pay_one(likes=1)
    campaign.refresh_from_db()
    assert campaign.state == "ended"
    recheck_likes()
    campaign.refresh_from_db()
    assert (campaign.state, campaign.likes_left, campaign.closed_at) == ("available", 1, None)
    assert list_drifts() == []
    pay_likes(campaign, 1)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.likes, budget_of(campaign)) == ("ended", 1, 0)
    assert list_drifts() == []


def test_a_stopped_campaign_gives_back_to_its_source_as_often_as_likes_come_back():
    campaign = make_campaign(likes=3)
    pay_likes(campaign, 2)
    end_campaign(campaign.pk)
    for row in Like.objects.all():
        take_back_like(row.pk)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.likes, campaign.likes_left) == ("ended", 0, 0)
    assert (budget_of(campaign), purse_of(campaign.owner), campaign.rest_due) == (0, 30, False)
    assert list(Transfer.objects.filter(kind="campaign_rest").values_list("key", "amount")) == [
        (f"campaign:{campaign.pk}:rest:{number}", 10) for number in (1, 2, 3)
    ]
    assert list_drifts() == []


def test_a_campaign_under_review_holds_what_came_back():
    campaign = make_campaign(likes=3)
    pay_likes(campaign, 1)
    pause_for_review(campaign.pk)
    take_back_like(Like.objects.get().pk)
    approve_campaign(campaign.pk)
    campaign.refresh_from_db()
    assert (campaign.likes_left, budget_of(campaign)) == (3, 30)


def test_taking_back_while_the_last_likes_are_paid():
    for _ in range(5):
        campaign = make_campaign(likes=2)
        pay_likes(campaign, 1)
        row = Like.objects.get(campaign=campaign)
        run_together(lambda pk=row.pk: take_back_like(pk), lambda c=campaign: pay_likes(c, 1))
        campaign.refresh_from_db()
        assert (campaign.likes, campaign.likes_left, campaign.state) == (1, 1, "available")
    assert list_drifts() == []


def test_without_a_linked_account_nobody_is_asked(instagram):
    row = pay_one(liker=make_customer())[2]
    recheck_likes()
    assert look(row) == ("", False)


def test_an_unclear_answer_is_asked_again_and_given_up_after_a_day(instagram):
    campaign, liker, row = pay_one()
    instagram.set_fault("instagram/likes", "500")
    assert (recheck_likes(), look(row)) == (1, ("", True))
    assert row.recheck_at > timezone.now() + timedelta(minutes=30)
    Like.objects.update(created=timezone.now() - GIVE_UP - timedelta(hours=1))
    make_due()
    instagram.set_fault("instagram/likes", "500")
    recheck_likes()
    assert (look(row), purse_of(liker), budget_of(campaign)) == (("", False), 5, 90)


def test_a_picture_that_went_takes_no_like_back_but_closes_its_campaign(instagram):
    campaign, liker, row = pay_one("CA2-Sn-n9YX")
    type(campaign).objects.update(target_code="gone1")
    recheck_likes()
    campaign.refresh_from_db()
    assert (look(row), purse_of(liker), campaign.state) == (("kept", False), 5, "unavailable")
    assert (purse_of(campaign.owner), refusal_of(like_it, make_customer(), campaign)) == (90, "gone")
    assert list_drifts() == []
