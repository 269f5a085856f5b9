"""Approving, rejecting, stopping and pausing on a campaign's own page."""

import pytest
from django.contrib.admin.models import LogEntry

from campaigns.models import Campaign
from panel.wallet.ledger import read_balance
from tests.factories import make_campaign
from tests.panel.admin_visits import page_of, read, told
from tests.panel.admin_visits import superuser as superuser

pytestmark = pytest.mark.django_db


def act(browser, campaign, name, **values):
    path = f"{page_of(Campaign)}{campaign.pk}/{name}/"
    return told(browser.post(path, {"act": "1"} | values, follow=True))


def offered(browser, campaign):
    """Which decisions the campaign's page offers."""
    html = read(browser, page_of(Campaign, "change", campaign.pk))
    names = ("approve", "reject", "stop", "pause")
    return [name for name in names if f"{page_of(Campaign)}{campaign.pk}/{name}/" in html]


def test_a_campaign_goes_its_way(superuser):
    campaign = make_campaign(shown=False)
    steps = [(campaign.state, offered(superuser, campaign))]
    for name in ("approve", "pause", "approve"):
        act(superuser, campaign, name)
        campaign.refresh_from_db()
        steps.append((campaign.state, offered(superuser, campaign)))
    act(superuser, campaign, "stop", reason="as you wished")
    campaign.refresh_from_db()
    steps.append((campaign.state, offered(superuser, campaign)))
    waiting = ("pending", ["approve", "reject", "stop"])
    shown = ("available", ["reject", "stop", "pause"])
    assert steps == [waiting, shown, waiting, shown, ("ended", [])]
    assert (campaign.reason, read_balance(campaign.owner_id, "like")) == ("as you wished", 1000)
    assert LogEntry.objects.filter(user=superuser.staff, object_id=str(campaign.pk)).count() == 4


def test_rejecting_gives_the_budget_back_once(superuser):
    campaign = make_campaign()
    assert act(superuser, campaign, "reject", reason="no") == [f"Campaign {campaign.pk} is rejected: no"]
    late = [f"Somebody has decided about campaign {campaign.pk} already: rejected."]
    for name in ("approve", "reject", "stop", "pause"):
        assert act(superuser, campaign, name, reason="again") == late
    campaign.refresh_from_db()
    assert (campaign.state, campaign.reason, read_balance(campaign.owner_id, "like")) == (
        "rejected",
        "no",
        1000,
    )


def test_without_a_reason_nothing_is_ended(superuser):
    campaign = make_campaign()
    for name in ("reject", "stop"):
        answer = superuser.post(f"{page_of(Campaign)}{campaign.pk}/{name}/", {"act": "1", "reason": " "})
        assert (answer.status_code, list(answer.context["blocks"][0]["form"].errors)) == (200, ["reason"])
    campaign.refresh_from_db()
    assert campaign.state == "available"
