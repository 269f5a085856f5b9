"""A campaign's way: each step is one conditional update of its row, and what is left at the end goes back once.

Giving the rest back is a transaction of its own (`give_back_rest`): it locks the campaign, then its two accounts in
id order, as every transfer does. A process that dies before it leaves `rest_due`, which beat looks for.
"""

from django.db import transaction
from django.utils import timezone

from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused, Refusal
from panel.wallet.ledger import transfer
from panel.wallet.models import Account, Transfer, WalletEvent

State = Campaign.State
REST_BATCH = 100


def list_own(customer_id):
    """The customer's own Campaigns, as a queryset; those that stand behind orders are the house's."""
    return Campaign.objects.filter(owner_id=customer_id, order_key=None)


def approve_campaign(campaign_id):
    """Show a campaign that waits for review. Raises CampaignRefused(CLOSED) when it is in another state."""
    with transaction.atomic():
        now = timezone.now()
        # To the end of the rotation: after all that wait for being shown.
        _step(campaign_id, (State.PENDING,), state=State.AVAILABLE, turn=tell_turn(now), reason="")
        tell_owner(campaign_id)


def reject_campaign(campaign_id, reason):
    """Reject one that waits for review or is shown; its budget goes back. Raises CampaignRefused(CLOSED)."""
    _close(campaign_id, (State.PENDING, State.AVAILABLE), State.REJECTED, reason)


def stop_campaign(campaign_id, owner_id):
    """End one's own campaign; what is left goes back. Raises CampaignRefused (UNKNOWN, CLOSED)."""
    if not list_own(owner_id).filter(pk=campaign_id).exists():
        raise CampaignRefused(Refusal.UNKNOWN)
    end_campaign(campaign_id)


def end_campaign(campaign_id, reason=""):
    """End a campaign before its budget is spent. Raises CampaignRefused(CLOSED)."""
    _close(campaign_id, (State.PENDING, State.AVAILABLE), State.ENDED, reason, stopped=True)


def mark_gone(campaign_id):
    """The target is gone: what is left goes back. Returns whether this call closed it."""
    try:
        _close(campaign_id, (State.PENDING, State.AVAILABLE), State.UNAVAILABLE, "")
    except CampaignRefused:
        return False
    return True


def pause_for_review(campaign_id):
    """Let a shown campaign wait for a person again; returns whether it was shown."""
    with transaction.atomic():
        shown = Campaign.objects.filter(pk=campaign_id, state=State.AVAILABLE)
        paused = bool(shown.update(state=State.PENDING))
        if paused:
            tell_owner(campaign_id)
    return paused


def tell_turn(moment):
    """A moment's number in the rotation: microseconds since 1970."""
    return int(moment.timestamp() * 1_000_000)


def give_back_rest(campaign_id):
    """Give what is left of a closed campaign's budget back to where it came from; returns how much.

    Safe to call at any time, by many at once. Likes taken back later fill the account again: each rest has the key
    `campaign:ID:rest:N`.
    """
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign_id)
        if not campaign.rest_due or campaign.state not in Campaign.CLOSED:
            return 0
        rest = Account.objects.values_list("balance", flat=True).get(pk=campaign.account_id)
        if rest:
            given = Transfer.objects.filter(
                debit_id=campaign.account_id, kind=Transfer.Kind.CAMPAIGN_REST
            ).count()
            transfer(
                debit_id=campaign.account_id,
                credit_id=campaign.source_id,
                amount=rest,
                kind=Transfer.Kind.CAMPAIGN_REST,
                key=f"campaign:{campaign.pk}:rest:{given + 1}",
                reference=str(campaign.pk),
            )
        Campaign.objects.filter(pk=campaign.pk).update(rest_due=False)
    return rest


def give_back_rests():
    """Give back what processes that died left; returns how many campaigns it looked at."""
    due = list(
        Campaign.objects.filter(rest_due=True).order_by("id").values_list("pk", flat=True)[:REST_BATCH]
    )
    for campaign_id in due:
        give_back_rest(campaign_id)
    return len(due)


def _close(campaign_id, states, state, reason, **values):
    with transaction.atomic():
        values |= {"likes_left": 0, "rest_due": True, "closed_at": timezone.now(), "look_at": None}
        _step(campaign_id, states, state=state, reason=reason[:300], **values)
        tell_owner(campaign_id)
    give_back_rest(campaign_id)


def _step(campaign_id, states, **values):
    values.setdefault("reviewed_at", timezone.now())
    if not Campaign.objects.filter(pk=campaign_id, state__in=states).update(**values):
        raise CampaignRefused(Refusal.CLOSED)


def tell_owner(campaign_id):
    """The event about where a campaign of a customer's own stands now; orders tell of themselves."""
    campaign = Campaign.objects.get(pk=campaign_id)
    if campaign.order_key is None:
        told = {"campaign": campaign.pk, "state": campaign.state, "likes": campaign.likes}
        WalletEvent.objects.create(customer_id=campaign.owner_id, kind="campaign", data=told)
