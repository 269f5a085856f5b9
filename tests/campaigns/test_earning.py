"""The campaign that somebody saw before, and how long they wait."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.classes import replace_class
from campaigns.earning import count_wait, find_shown
from campaigns.liking import pay_verified
from campaigns.models import Campaign, Pace
from campaigns.refusals import CampaignRefused, Refusal
from campaigns.reporting import report_campaign
from campaigns.showing import find_next
from campaigns.states import end_campaign, pause_for_review
from tests.factories import make_campaign, make_class, make_customer

pytestmark = pytest.mark.django_db


def test_it_is_what_was_shown_and_keeps_its_turn():
    campaign, liker = make_campaign(), make_customer()
    Campaign.objects.filter(pk=campaign.pk).update(
        description="Sweets", phone="1", website="https://a.b", address="x"
    )
    shown = find_next(liker.pk)
    turn = Campaign.objects.values_list("turn", flat=True).get()
    assert find_shown(liker.pk, campaign.pk) == shown
    assert Campaign.objects.values_list("turn", flat=True).get() == turn


@pytest.mark.parametrize(
    "change",
    [
        lambda campaign, liker: pay_verified(liker.pk, campaign, "203.0.113.5"),
        lambda campaign, liker: report_campaign(liker.pk, campaign.pk),
        lambda campaign, liker: end_campaign(campaign.pk),
        lambda campaign, liker: pause_for_review(campaign.pk),
        lambda campaign, liker: Campaign.objects.update(owner=liker),
    ],
)
def test_what_would_not_be_shown_any_more_is_not(change):
    campaign, liker = make_campaign(), make_customer()
    change(campaign, liker)
    with pytest.raises(CampaignRefused) as refused:
        find_shown(liker.pk, campaign.pk)
    assert refused.value.code is Refusal.UNKNOWN


def test_the_wait_is_of_the_campaign_s_class_in_all_its_versions():
    kind = make_class(waiting=60)
    campaign, liker = make_campaign(kind), make_customer()
    assert count_wait(liker.pk, campaign.pk) == 0
    pay_verified(liker.pk, campaign, "203.0.113.5")
    slower = make_campaign(replace_class(kind, waiting=600))
    assert 50 < count_wait(liker.pk, campaign.pk) <= 60
    assert 590 < count_wait(liker.pk, slower.pk) <= 600
    assert count_wait(liker.pk, make_campaign(make_class(waiting=60)).pk) == 0
    assert count_wait(make_customer().pk, campaign.pk) == 0
    Pace.objects.update(last_at=timezone.now() - timedelta(seconds=61))
    assert count_wait(liker.pk, campaign.pk) == 0
