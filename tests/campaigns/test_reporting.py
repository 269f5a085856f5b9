"""Reports: the first of a person counts, enough of them pause a campaign, and a review begins anew."""

import pytest

from campaigns.models import Report
from campaigns.reporting import count_new_reports, report_campaign
from campaigns.states import approve_campaign, stop_campaign
from tests.campaigns.steps import refusal_of
from tests.factories import make_campaign, make_customer
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _three_reports(settings):
    settings.REPORTS_TO_REVIEW = 3


def report(campaign, count):
    """The state after reports of `count` new people."""
    for _ in range(count):
        assert report_campaign(make_customer().pk, campaign.pk)
    campaign.refresh_from_db()
    return campaign.state


def test_only_the_first_report_of_a_person_is_one():
    campaign, person = make_campaign(), make_customer()
    assert [report_campaign(person.pk, campaign.pk) for _ in range(4)] == [True, False, False, False]
    campaign.refresh_from_db()
    assert (campaign.state, count_new_reports(campaign)) == ("available", 1)


def test_enough_reports_pause_it_and_only_later_ones_count_after_its_approval():
    campaign = make_campaign()
    assert [report(campaign, 2), report(campaign, 1)] == ["available", "pending"]
    assert report(campaign, 1) == "pending"
    approve_campaign(campaign.pk)
    campaign.refresh_from_db()
    assert (campaign.state, count_new_reports(campaign)) == ("available", 0)
    assert [report(campaign, 2), report(campaign, 1)] == ["available", "pending"]
    assert Report.objects.count() == 7


def test_old_reporters_count_no_more_after_a_review():
    campaign, people = make_campaign(), [make_customer() for _ in range(3)]
    for person in people:
        report_campaign(person.pk, campaign.pk)
    approve_campaign(campaign.pk)
    assert [report_campaign(person.pk, campaign.pk) for person in people] == [False, False, False]
    campaign.refresh_from_db()
    assert campaign.state == "available"


def test_unknown_unseen_and_own_campaigns_are_not_reported():
    shown, unseen, person = make_campaign(), make_campaign(shown=False), make_customer()
    assert refusal_of(report_campaign, person.pk, unseen.pk) == "unknown"
    assert refusal_of(report_campaign, person.pk, unseen.pk + 1) == "unknown"
    assert refusal_of(report_campaign, shown.owner_id, shown.pk) == "unknown"
    assert Report.objects.count() == 0


def test_reports_leave_a_closed_campaign_closed():
    campaign = make_campaign()
    stop_campaign(campaign.pk, campaign.owner_id)
    assert report(campaign, 4) == "ended"


def test_reports_at_once_count_each_person_once_and_pause_it():
    campaign, people = make_campaign(), [make_customer() for _ in range(3)]
    works = [lambda who=who: report_campaign(who.pk, campaign.pk) for who in people for _ in range(4)]
    assert sorted(run_together(*works)) == [False] * 9 + [True] * 3
    campaign.refresh_from_db()
    assert (Report.objects.count(), campaign.state) == (3, "pending")
