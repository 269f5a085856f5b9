"""The review queue: campaigns that wait for a person, and deciding about one just as it was seen.

Two people may have the same campaign before them. The second decision finds it decided and changes nothing, even if
it was shown meanwhile, reported and waits again: that is another round, with complaints that the second has not seen.
"""

from django.db import transaction

from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused, Refusal
from campaigns.states import approve_campaign, reject_campaign


def list_waiting():
    """The Campaigns that wait for review, the oldest first, as a queryset."""
    return Campaign.objects.filter(state=Campaign.State.PENDING).order_by("id")


def find_waiting(after=0):
    """The next Campaign after that id, or the first of all when there is none behind; None when nobody waits."""
    rows = list_waiting().select_related("campaign_class", "owner", "account")
    return rows.filter(pk__gt=after).first() or rows.first()


def name_round(campaign):
    """The round of review that the campaign is in, as text for a form; "" is the first."""
    return campaign.reviewed_at.isoformat() if campaign.reviewed_at else ""


def approve_waiting(campaign_id, seen_round):
    """Show a campaign that waits, if it is still in that round. Raises CampaignRefused (UNKNOWN, CLOSED)."""
    with transaction.atomic():
        _hold(campaign_id, seen_round)
        approve_campaign(campaign_id)


def reject_waiting(campaign_id, seen_round, reason):
    """Reject one that waits, if it is still in that round. Raises CampaignRefused (UNKNOWN, CLOSED)."""
    with transaction.atomic():
        _hold(campaign_id, seen_round)
        reject_campaign(campaign_id, reason)


def _hold(campaign_id, seen_round):
    campaign = Campaign.objects.select_for_update(of=("self",)).filter(pk=campaign_id).first()
    if campaign is None:
        raise CampaignRefused(Refusal.UNKNOWN)
    if campaign.state != Campaign.State.PENDING or name_round(campaign) != seen_round:
        raise CampaignRefused(Refusal.CLOSED)
