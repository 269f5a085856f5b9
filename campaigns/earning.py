"""What a page for earning needs besides the next campaign: the one it shows still, and how long to wait."""

from datetime import timedelta
from math import ceil

from django.db.models import Exists, OuterRef
from django.utils import timezone

from campaigns.models import Campaign, Like, Pace, Report
from campaigns.refusals import CampaignRefused, Refusal
from campaigns.showing import Shown


def find_shown(customer_id, campaign_id):
    """The Shown campaign that the person saw before, its turn unchanged.

    Raises CampaignRefused(UNKNOWN) when it would not be shown to them any more: ended, their own, liked, reported.
    """
    done = {"customer_id": customer_id, "campaign_id": OuterRef("pk")}
    row = (
        Campaign.objects.select_related("campaign_class")
        .filter(~Exists(Like.objects.filter(**done)), ~Exists(Report.objects.filter(**done)))
        .filter(pk=campaign_id, state=Campaign.State.AVAILABLE)
        .exclude(owner_id=customer_id)
        .first()
    )
    if row is None:
        raise CampaignRefused(Refusal.UNKNOWN)
    terms = row.campaign_class
    return Shown(
        id=row.pk,
        payment_type=terms.payment_type,
        user_share=terms.user_share,
        waiting=terms.waiting,
        cover=row.cover_id,
        target_url=row.target_url,
        description=row.description,
        phone=row.phone,
        website=row.website,
        address=row.address,
    )


def count_wait(customer_id, campaign_id):
    """Whole seconds until a like of this campaign can be paid to the person, by its class's pace; 0 is now."""
    terms = Campaign.objects.filter(pk=campaign_id).values_list(
        "campaign_class__line", "campaign_class__waiting"
    )
    line, waiting = terms.get()
    last_at = (
        Pace.objects.filter(customer_id=customer_id, line=line).values_list("last_at", flat=True).first()
    )
    if last_at is None:
        return 0
    left = last_at + timedelta(seconds=waiting) - timezone.now()
    return max(0, ceil(left.total_seconds()))
