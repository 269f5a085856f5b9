"""Liking: what can be refused is refused first, then the provider is asked, then the like is paid, all or nothing.

| the process dies | what is there afterwards |
|---|---|
| before or while the provider is asked | nothing: the person asks again |
| after its answer, before the statement commits | the same |
| after the commit | the like is paid; the same ask again is answered as the first was and pays nothing |
| before the rest of a spent budget went back | `rest_due`; beat gives it back |
"""

import logging
import random
from dataclasses import dataclass
from datetime import timedelta

import psycopg
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campaigns.liking_sql import pay_like
from campaigns.models import AddressDay, Campaign, Like, Pace
from campaigns.refusals import CampaignRefused, Refusal
from campaigns.states import give_back_rest, mark_gone, tell_owner
from campaigns.verifiers.base import TargetGone, TokenRefused, VerifierError, VerifierUnclear
from campaigns.verifiers.opening import open_verifier
from panel.accounts.identities import find_identity
from panel.accounts.logins import name_address
from panel.wallet.ledger import open_wallet, read_balance
from panel.wallet.models import Currency

log = logging.getLogger(__name__)
State = Campaign.State
_REFUSED_STATES = {
    State.PENDING: Refusal.UNVERIFIED,
    State.REJECTED: Refusal.UNVERIFIED,
    State.UNAVAILABLE: Refusal.GONE,
}


@dataclass(frozen=True, slots=True)
class Credit:
    """What a person holds in the exchange's two currencies."""

    like: int
    coin: int


def read_credit(customer_id):
    """The person's Credit."""
    return Credit(read_balance(customer_id, Currency.LIKE), read_balance(customer_id, Currency.COIN))


def like_campaign(customer_id, campaign_id, address, access_token=None):
    """Pay the person for liking the campaign's target; returns their Credit then.

    `access_token` is the person's at the provider, used for this one question and kept nowhere; without one the
    provider is asked about the account that the person linked. `address` is where the call comes from. A like that
    was paid before is answered alike and pays nothing. Raises CampaignRefused, for what is in Refusal from OWN on.
    """
    campaign = Campaign.objects.select_related("campaign_class").filter(pk=campaign_id).first()
    if campaign is None:
        raise CampaignRefused(Refusal.UNKNOWN)
    if _has_liked(customer_id, campaign_id):
        return read_credit(customer_id)
    _refuse_early(customer_id, campaign, address)
    _verify(customer_id, campaign, access_token)
    pay_verified(customer_id, campaign, address)
    return read_credit(customer_id)


def _has_liked(customer_id, campaign_id):
    return Like.objects.filter(customer_id=customer_id, campaign_id=campaign_id).exists()


def _refuse_early(customer_id, campaign, address):
    """What the statement would refuse anyway, before the provider is troubled with it."""
    if campaign.owner_id == customer_id:
        raise CampaignRefused(Refusal.OWN)
    _check_state(campaign)
    _check_pace(customer_id, campaign.campaign_class)
    _check_address(address)


def _check_state(campaign):
    if campaign.state in _REFUSED_STATES:
        raise CampaignRefused(_REFUSED_STATES[campaign.state])
    if campaign.state == State.ENDED:
        raise CampaignRefused(Refusal.ENDED if campaign.stopped else Refusal.OUT_OF_BUDGET)


def _check_pace(customer_id, campaign_class):
    pace = Pace.objects.filter(customer_id=customer_id, line=campaign_class.line).first()
    if pace is None:
        return
    now = timezone.now()
    if now < pace.last_at + timedelta(seconds=campaign_class.waiting):
        raise CampaignRefused(Refusal.SOON, limit=campaign_class.waiting)
    if pace.day == _today() and pace.likes >= campaign_class.max_user_likes:
        raise CampaignRefused(Refusal.DAY, limit=campaign_class.max_user_likes)


def _check_address(address):
    spent = AddressDay.objects.filter(
        address=name_address(address), day=_today(), likes__gte=settings.LIKES_PER_ADDRESS
    )
    if spent.exists():
        raise CampaignRefused(Refusal.ADDRESS)


def _today():
    return timezone.now().date()  # UTC, as the statement counts


def _verify(customer_id, campaign, access_token):
    """Ask the provider, without a transaction open. Raises CampaignRefused."""
    verifier = open_verifier()
    try:
        if access_token is not None:
            liked = verifier.check_own_like(campaign.target_code, access_token)
        else:
            identity = find_identity(customer_id)
            if identity is None:
                raise CampaignRefused(Refusal.IDENTITY)
            liked = verifier.check_like_of(campaign.target_code, identity.uid)
    except TokenRefused as error:
        raise CampaignRefused(Refusal.TOKEN) from error
    except TargetGone as error:
        if access_token is None or _is_gone(verifier, campaign.target_code):
            mark_gone(campaign.pk)
        raise CampaignRefused(Refusal.GONE) from error
    except VerifierUnclear as error:
        log.warning("a like of campaign %s is unclear: %s", campaign.pk, error.reason)
        raise CampaignRefused(Refusal.UNCLEAR) from error
    if not liked:
        raise CampaignRefused(Refusal.NOT_LIKED)


def _is_gone(verifier, code):
    """Whether the picture is gone for us too: whom its owner has blocked is told the same, and closes nothing."""
    try:
        verifier.find_picture(code)
    except VerifierError as error:
        return isinstance(error, TargetGone)
    return False


def pay_verified(customer_id, campaign, address):
    """Pay a like that the provider has confirmed: nothing where it was paid before. Raises CampaignRefused."""
    wallet = open_wallet(customer_id, campaign.campaign_class.payment_type)
    limits = (name_address(address), settings.LIKES_PER_ADDRESS)
    try:
        with transaction.atomic():
            outcome = pay_like(customer_id, campaign.pk, wallet.pk, *limits, _draw_recheck())
            if outcome.liked is None:
                transaction.set_rollback(True)
            elif outcome.ended:
                tell_owner(campaign.pk)
    except psycopg.errors.UniqueViolation as error:
        if error.diag.constraint_name != "like_once":
            raise
        return  # the same like at the same moment: that one is paid
    if outcome.liked is None:
        raise _name_refusal(customer_id, campaign, outcome)
    if outcome.ended:
        give_back_rest(campaign.pk)


def _draw_recheck():
    """When to look at this like again, for those in the sample; else None."""
    if random.random() * 100 >= settings.LIKE_RECHECK_PERCENT:  # noqa: S311 - a sample
        return None
    hours = random.uniform(*settings.LIKE_RECHECK_HOURS)  # noqa: S311 - nobody should know when to unlike
    return timezone.now() + timedelta(hours=hours)


def _name_refusal(customer_id, campaign, outcome):
    """The CampaignRefused for where the statement stopped."""
    if outcome.campaign is None:
        campaign.refresh_from_db()
        try:
            _check_state(campaign)
        except CampaignRefused as refused:
            return refused
        return CampaignRefused(Refusal.OUT_OF_BUDGET)
    if outcome.pace is None:
        try:
            _check_pace(customer_id, campaign.campaign_class)
        except CampaignRefused as refused:
            return refused
        return CampaignRefused(Refusal.SOON, limit=campaign.campaign_class.waiting)
    return CampaignRefused(Refusal.ADDRESS if outcome.address is None else Refusal.OUT_OF_BUDGET)
