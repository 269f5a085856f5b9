"""Looking again at a sample of likes within a day: one that is gone is taken back, at most once.

The provider is asked outside of any transaction; then one transaction takes the liker's share and the house's back
into the campaign's account, which goes on with it when it had ended by being spent. What the liker has spent
meanwhile can't be taken; it is tried again until settings.LIKE_DEBT_DAYS are over.
"""

import logging
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campaigns.models import Campaign, Like
from campaigns.states import give_back_rest, mark_gone, tell_turn
from campaigns.verifiers.base import TargetGone, VerifierError
from campaigns.verifiers.opening import open_verifier
from panel.accounts.identities import find_identity
from panel.wallet.house import house_id
from panel.wallet.ledger import InsufficientFunds, open_wallet, transfer
from panel.wallet.models import Account, Transfer

log = logging.getLogger(__name__)
CLAIM_SIZE = 20
LEASE = timedelta(minutes=5)
RUN_SECONDS = 50
AGAIN = timedelta(hours=1)
GIVE_UP = timedelta(hours=24)
Check = Like.Check
State = Campaign.State


def recheck_likes():
    """Look at every like of the sample that is due; returns how many. Safe to run many times at once."""
    stop, looked = monotonic() + RUN_SECONDS, 0
    while monotonic() < stop and (likes := _claim_likes()):
        for like in likes:
            _recheck(like)
        looked += len(likes)
    return looked


def recheck_like(like_id):
    """Look at one like now, in the sample or not; returns the Like as it is then."""
    like = Like.objects.select_related("campaign", "campaign__campaign_class").get(pk=like_id)
    if like.check_state != Check.BACK:
        _recheck(like)
        like.refresh_from_db(fields=["check_state", "recheck_at"])
    return like


def _claim_likes():
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Like.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("campaign", "campaign__campaign_class")
            .filter(recheck_at__lte=now)
            .order_by("recheck_at")[:CLAIM_SIZE]
        )
        Like.objects.filter(pk__in=[row.pk for row in rows]).update(recheck_at=now + LEASE)
    return rows


def _recheck(like):
    if like.check_state == Check.GONE:
        _take_back(like)
        return
    identity = find_identity(like.customer_id)
    if identity is None:
        _set(like, Check.NONE)  # nobody to ask about
        return
    try:
        there = open_verifier().check_like_of(like.campaign.target_code, identity.uid)
    except TargetGone:
        mark_gone(like.campaign_id)
        _set(like, Check.KEPT)  # the picture went, not the like
    except VerifierError as error:
        log.info("like %s was not checked: %s", like.pk, error.reason)
        late = timezone.now() - like.created > GIVE_UP
        _set(like, Check.NONE, None if late else timezone.now() + AGAIN)
    else:
        if there:
            _set(like, Check.KEPT)
        else:
            _set(like, Check.GONE, timezone.now() + LEASE)
            _take_back(like)


def _set(like, state, recheck_at=None):
    Like.objects.filter(pk=like.pk).exclude(check_state=Check.BACK).update(
        check_state=state, recheck_at=recheck_at
    )


def _take_back(like):
    try:
        take_back_like(like.pk)
    except InsufficientFunds:
        over = timezone.now() - like.created > timedelta(days=settings.LIKE_DEBT_DAYS)
        _set(like, Check.GONE, None if over else timezone.now() + AGAIN)


def take_back_like(like_id):
    """Take a like that is gone back from liker and house, into its campaign; returns whether this call did.

    At most once. A campaign that was spent goes on; what comes to a closed one goes back to where its budget came
    from. Raises InsufficientFunds when the liker holds less than the share; then nothing is taken.
    """
    campaign_id = Like.objects.values_list("campaign_id", flat=True).get(pk=like_id)
    with transaction.atomic():
        campaign = (
            Campaign.objects.select_for_update(of=("self",))
            .select_related("campaign_class")
            .get(pk=campaign_id)
        )
        like = Like.objects.select_for_update(of=("self",)).get(pk=like_id)
        if like.check_state == Check.BACK:
            return False
        currency = campaign.campaign_class.payment_type
        _move_back(like, campaign, open_wallet(like.customer_id, currency).pk, like.user_share, "user")
        if like.house_share:
            _move_back(like, campaign, house_id(Account.Kind.SALES, currency), like.house_share, "house")
        Like.objects.filter(pk=like.pk).update(check_state=Check.BACK, recheck_at=None)
        _fill(campaign)
    give_back_rest(campaign_id)
    return True


def _move_back(like, campaign, debit_id, amount, side):
    transfer(
        debit_id=debit_id,
        credit_id=campaign.account_id,
        amount=amount,
        kind=Transfer.Kind.LIKE_BACK,
        key=f"like:{like.pk}:back:{side}",
        reference=str(like.pk),
    )


def _fill(campaign):
    """Let the campaign have one like more to pay; the caller holds its lock."""
    campaign.likes -= 1
    spent = campaign.state == State.ENDED and not campaign.stopped
    if campaign.state in (State.AVAILABLE, State.PENDING) or spent:
        campaign.likes_left += 1
    if spent:
        campaign.state, campaign.closed_at, campaign.rest_due = State.AVAILABLE, None, False
        campaign.turn = tell_turn(timezone.now())
    elif campaign.state in Campaign.CLOSED:
        campaign.rest_due = True
    campaign.save(update_fields=["likes", "likes_left", "state", "closed_at", "rest_due", "turn"])
