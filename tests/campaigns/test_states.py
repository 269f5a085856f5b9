"""A campaign's way: which step each state allows, what goes back at the end, and what its owner is told."""

import pytest

from campaigns.creating import create_campaign
from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused
from campaigns.states import (
    approve_campaign,
    end_campaign,
    give_back_rest,
    give_back_rests,
    mark_gone,
    pause_for_review,
    reject_campaign,
    stop_campaign,
)
from campaigns.tasks import give_back_rests as give_back_task
from panel.wallet.models import Transfer, WalletEvent
from tests.campaigns.steps import NAMED, budget_of, list_drifts, pay_likes, purse_of, refusal_of
from tests.factories import give, make_campaign, make_class, make_customer
from tests.together import run_together

pytestmark = pytest.mark.django_db
STATES = ("pending", "available", "rejected", "ended", "unavailable")
STEPS = {
    "approve": approve_campaign,
    "reject": lambda pk: reject_campaign(pk, "not a picture"),
    "stop": lambda pk: stop_campaign(pk, Campaign.objects.get(pk=pk).owner_id),
    "end": end_campaign,
    "gone": mark_gone,
    "pause": pause_for_review,
}
LEADS_TO = {
    "approve": {"pending": "available"},
    "reject": {"pending": "rejected", "available": "rejected"},
    "stop": {"pending": "ended", "available": "ended"},
    "end": {"pending": "ended", "available": "ended"},
    "gone": {"pending": "unavailable", "available": "unavailable"},
    "pause": {"available": "pending"},
}
INTO = {
    "pending": lambda pk: None,
    "available": approve_campaign,
    "rejected": STEPS["reject"],
    "ended": end_campaign,
    "unavailable": mark_gone,
}


def make_in(state):
    """A campaign of 10 likes that came into that state by its steps."""
    campaign = make_campaign(likes=10, shown=False)
    INTO[state](campaign.pk)
    return campaign


def list_told(campaign):
    """The states its owner was told of, oldest first."""
    rows = WalletEvent.objects.filter(customer=campaign.owner_id, kind="campaign").order_by("id")
    return [row.data["state"] for row in rows]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_leads_where_it_may_and_else_changes_nothing(step, state):
    campaign = make_in(state)
    told, before = list_told(campaign), Campaign.objects.filter(pk=campaign.pk).values().get()
    wanted = LEADS_TO[step].get(state)
    try:
        outcome = STEPS[step](campaign.pk)
    except CampaignRefused as refused:
        outcome = refused.code.value
    after = Campaign.objects.filter(pk=campaign.pk).values().get()
    if wanted is None:
        assert outcome in ("closed", False)
        assert (after, list_told(campaign)) == (before, told)
        return
    assert outcome in (None, True)
    assert after["state"] == wanted
    assert list_told(campaign) == [*told, wanted]
    closed = wanted in Campaign.CLOSED
    assert (after["likes_left"], after["closed_at"] is not None, after["rest_due"]) == (
        *(0 if closed else 10, closed),
        False,
    )
    assert (purse_of(campaign.owner), budget_of(campaign)) == ((100, 0) if closed else (0, 100))
    assert (after["stopped"], after["look_at"] is None) == (step in ("stop", "end"), closed)


def test_what_was_liked_stays_paid_and_the_rest_goes_back_once():
    campaign = make_campaign(likes=10)
    pay_likes(campaign, 3)
    reject_campaign(campaign.pk, "x" * 400)
    campaign.refresh_from_db()
    assert (purse_of(campaign.owner), budget_of(campaign), campaign.likes) == (70, 0, 3)
    assert campaign.reason == "x" * 300
    assert (give_back_rest(campaign.pk), give_back_rests()) == (0, 0)
    assert list(Transfer.objects.filter(kind="campaign_rest").values_list("key", "amount")) == [
        (f"campaign:{campaign.pk}:rest:1", 70)
    ]


def test_the_last_like_ends_it_tells_the_owner_and_gives_the_remainder_back():
    owner = make_customer()
    give(owner, 29)
    campaign = create_campaign(owner.pk, make_class().pk, NAMED, 29, {})
    approve_campaign(campaign.pk)
    pay_likes(campaign, 1)
    assert (purse_of(owner), list_told(campaign)) == (0, ["available"])
    pay_likes(campaign, 1)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.stopped, campaign.closed_at is None) == ("ended", False, False)
    assert (purse_of(owner), budget_of(campaign), campaign.rest_due) == (9, 0, False)
    assert list_told(campaign) == ["available", "ended"]


def test_only_the_owner_stops_a_campaign():
    campaign, other = make_campaign(), make_customer()
    assert refusal_of(stop_campaign, campaign.pk, other.pk) == "unknown"
    assert refusal_of(stop_campaign, campaign.pk + 1, campaign.owner_id) == "unknown"
    campaign.refresh_from_db()
    assert campaign.state == "available"


def test_an_approved_campaign_goes_to_the_end_of_the_rotation():
    first = make_campaign()
    second = make_campaign()
    assert 0 < first.turn < second.turn
    pause_for_review(first.pk)
    approve_campaign(first.pk)
    first.refresh_from_db()
    assert first.turn > second.turn


def test_beat_gives_back_what_a_dead_process_left():
    campaigns = [make_campaign(likes=3) for _ in range(3)]
    Campaign.objects.update(state="ended", likes_left=0, rest_due=True)
    give_back_task()
    assert [purse_of(campaign.owner) for campaign in campaigns] == [30, 30, 30]
    assert Campaign.objects.filter(rest_due=True).count() == 0


def test_nothing_goes_back_from_an_open_campaign():
    campaign = make_campaign()
    Campaign.objects.update(rest_due=True)
    assert (give_back_rest(campaign.pk), budget_of(campaign)) == (0, 1000)


def test_the_rest_of_an_orders_campaign_goes_back_to_its_source_and_its_owner_is_told_nothing():
    campaign = make_campaign(likes=3)
    payer = make_campaign().source
    Campaign.objects.filter(pk=campaign.pk).update(order_key="k", source=payer)
    told = list_told(campaign)
    end_campaign(campaign.pk)
    payer.refresh_from_db()
    assert (payer.balance, purse_of(campaign.owner), list_told(campaign)) == (30, 0, told)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_decide_at_once_make_one_decision():
    for _ in range(5):
        campaign = make_campaign(likes=3, shown=False)
        outcomes = run_together(
            lambda pk=campaign.pk: refusal_of(approve_campaign, pk),
            lambda pk=campaign.pk: refusal_of(reject_campaign, pk, "no"),
            lambda pk=campaign.pk: refusal_of(reject_campaign, pk, "no again"),
        )
        campaign.refresh_from_db()
        assert outcomes.count("closed") in (1, 2)
        assert (campaign.state, purse_of(campaign.owner)) == ("rejected", 30) or (
            outcomes,
            campaign.state,
            purse_of(campaign.owner),
        ) == ([None, "closed", "closed"], "available", 0)
    assert list_drifts() == []
