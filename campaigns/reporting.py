"""Complaints about campaigns; enough of them let a person look again."""

from django.conf import settings
from django.db import transaction

from campaigns.models import Campaign, Report
from campaigns.refusals import CampaignRefused, Refusal
from campaigns.states import pause_for_review


def report_campaign(customer_id, campaign_id):
    """Write the person's complaint; returns whether it is the first of theirs.

    settings.REPORTS_TO_REVIEW complaints since the last review pause the campaign. Raises
    CampaignRefused(UNKNOWN) for a campaign that nobody was shown yet or that is one's own.
    """
    with transaction.atomic():
        campaign = (
            Campaign.objects.select_for_update(of=("self",), no_key=True).filter(pk=campaign_id).first()
        )
        if campaign is None or campaign.owner_id == customer_id or campaign.reviewed_at is None:
            raise CampaignRefused(Refusal.UNKNOWN)
        _row, first = Report.objects.get_or_create(campaign=campaign, customer_id=customer_id)
        if first and count_new_reports(campaign) >= settings.REPORTS_TO_REVIEW:
            pause_for_review(campaign.pk)
    return first


def count_new_reports(campaign):
    """How many complaints came since the campaign's last review."""
    return Report.objects.filter(campaign=campaign, created__gt=campaign.reviewed_at).count()
