"""Making campaigns: the budget leaves the wallet in the transaction that makes the campaign."""

from django.db import transaction

from campaigns.classes import find_class
from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused, Refusal
from campaigns.targets import read_target
from campaigns.texts import read_texts
from panel.lib.wakeups import wake
from panel.wallet.ledger import InsufficientFunds, open_wallet, transfer
from panel.wallet.models import Account, Transfer

MOST_BUDGET = 2**62  # far above any wallet; keeps sums within a bigint


def create_campaign(customer_id, class_id, target_url, budget, texts):
    """The new Campaign, waiting for review; `budget` is whole, in the currency of its class.

    `texts` (`{name: text}`) may have more than the class allows. Raises CampaignRefused (UNKNOWN, TARGET,
    BUDGET_BAD, BUDGET_LOW, FUNDS, TEXT_LONG, TEXT_BAD), in that order.
    """
    campaign_class = find_class(class_id)
    target = read_target(target_url)
    _check_budget(campaign_class, budget)
    texts = read_texts(campaign_class, texts)
    source = open_wallet(customer_id, campaign_class.payment_type)
    return fund_campaign(customer_id, campaign_class, target, budget, source.pk, **texts)


def fund_campaign(owner_id, campaign_class, target, budget, source_id, **values):
    """The new Campaign of `owner_id`, its budget taken from account `source_id`. Raises CampaignRefused(FUNDS)."""
    try:
        with transaction.atomic():
            # A version that was replaced meanwhile must not get one more campaign.
            find_class(campaign_class.pk)
            account = Account.objects.create(
                owner_id=owner_id, currency=campaign_class.payment_type, kind=Account.Kind.BUDGET, balance=0
            )
            campaign = Campaign.objects.create(
                owner_id=owner_id,
                campaign_class=campaign_class,
                target_url=target.url,
                target_code=target.code,
                budget=budget,
                account=account,
                source_id=source_id,
                likes_left=budget // campaign_class.campaign_value,
                **values,
            )
            transfer(
                debit_id=source_id,
                credit_id=account.pk,
                amount=budget,
                kind=Transfer.Kind.CAMPAIGN,
                key=f"campaign:{campaign.pk}:budget",
                reference=str(campaign.pk),
            )
            wake("campaigns.tasks.look_for_covers")
    except InsufficientFunds as error:
        raise CampaignRefused(Refusal.FUNDS, field="budget") from error
    return campaign


def _check_budget(campaign_class, budget):
    if type(budget) is not int or budget <= 0:
        raise CampaignRefused(Refusal.BUDGET_BAD, field="budget")
    if budget < campaign_class.campaign_value:
        raise CampaignRefused(Refusal.BUDGET_LOW, field="budget", limit=campaign_class.campaign_value)
    if budget > MOST_BUDGET:
        raise CampaignRefused(Refusal.FUNDS, field="budget")
