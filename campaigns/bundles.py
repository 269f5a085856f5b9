"""Bundles: the store is asked whether a purchase was paid, then the coins are credited, then it is consumed there.

| the process dies | what is there afterwards |
|---|---|
| before the purchase is written | nothing; the app sends the token again |
| before or while the store is asked | a pending purchase; beat asks again |
| after "paid", before the credit commits | the same: the store says "paid" again |
| after the credit, before the store consumed it | credited with `next_ask_at`: beat consumes it |
"""

import logging
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campaigns.models import Bundle, BundlePurchase
from campaigns.refusals import CampaignRefused, Refusal
from campaigns.stores.base import NotBought, StoreUnclear
from campaigns.stores.opening import has_store, open_store
from panel.lib.secrets import digest_token
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account, Currency, Transfer, WalletEvent

log = logging.getLogger(__name__)
State = BundlePurchase.State
LONGEST_TOKEN = 256
CLAIM_SIZE = 10
LEASE = timedelta(minutes=5) * settings.WAIT_SCALE
RUN_SECONDS = 50
SHORTEST_WAIT = timedelta(minutes=1) * settings.WAIT_SCALE
LONGEST_WAIT = timedelta(hours=1) * settings.WAIT_SCALE
STUCK = timedelta(hours=1)  # then a person should look
GIVE_UP = timedelta(days=3)
FREE_ASKS = 50  # beyond these only beat asks: a person may send a token as often as they like
OPEN_AT_ONCE = 20  # purchases of one person that wait for the store: more are no accident


def list_bundles():
    """The Bundles on sale; none where no store is set up."""
    return list(Bundle.objects.filter(active=True).order_by("id")) if has_store() else []


def list_purchases(customer_id):
    """The customer's purchases, the newest first, as a queryset with bundles."""
    return BundlePurchase.objects.filter(customer_id=customer_id).select_related("bundle").order_by("-id")


def list_stuck():
    """Purchases that the store has not been clear about for longer than STUCK, as a queryset."""
    waiting = BundlePurchase.objects.filter(state=State.PENDING, next_ask_at__isnull=False)
    return waiting.filter(created__lt=timezone.now() - STUCK)


def buy_bundle(customer_id, sku, token):
    """Credit the coins of a bundle bought at the store under `token`, once; returns the credited BundlePurchase.

    The same token of the same person for the same bundle is answered as it was and credits nothing more. A bundle
    that went off sale is credited as well: it was paid. Raises CampaignRefused (STORE_OFF, UNKNOWN, TOKEN_BAD,
    TOO_MANY_WAIT, NOT_PAID, PAYMENT_UNCLEAR); after the last one beat goes on asking.
    """
    if not has_store():
        raise CampaignRefused(Refusal.STORE_OFF)
    bundle = Bundle.objects.filter(bazaar_sku=sku).first()
    if bundle is None:
        raise CampaignRefused(Refusal.UNKNOWN)
    if not _is_token(token):
        raise CampaignRefused(Refusal.TOKEN_BAD)
    purchase = _find_or_write(customer_id, bundle, token)
    if purchase.state == State.PENDING and purchase.asks < FREE_ASKS:
        purchase = settle_purchase(purchase)
    if purchase.state == State.PENDING:
        raise CampaignRefused(Refusal.PAYMENT_UNCLEAR)
    if purchase.state != State.CREDITED:
        raise CampaignRefused(Refusal.NOT_PAID)
    return purchase


def settle_purchase(purchase):
    """Ask the store about a pending purchase and record its answer; returns the purchase as it is then.

    Safe to call at any time, by many at once: one of them credits, and consumes.
    """
    try:
        open_store().validate(purchase.bundle.bazaar_sku, purchase.token)
    except NotBought as error:
        return _refuse(purchase.pk, error.reason)
    except StoreUnclear as error:
        return _put_off(purchase.pk, error.reason)
    purchase, fresh = _credit(purchase.pk)
    if fresh:
        consume_purchase(purchase)
    return purchase


def consume_purchase(purchase):
    """Use a credited purchase up at the store; one that fails is tried again by beat."""
    try:
        open_store().consume(purchase.token)
    except NotBought as error:
        log.warning("purchase %s was credited, but can't be consumed: %s", purchase.pk, error.reason)
        _mark_consumed(purchase, error.reason)
    except StoreUnclear as error:
        _put_off(purchase.pk, error.reason)
    else:
        _mark_consumed(purchase, "")


def sweep_purchases():
    """Ask about pending purchases that are due, consume credited ones; returns how many. Safe to run many times."""
    stop, looked = monotonic() + RUN_SECONDS, 0
    while has_store() and monotonic() < stop and (purchases := _claim()):
        for purchase in purchases:
            _look_again(purchase)
        looked += len(purchases)
    return looked


def _look_again(purchase):
    try:
        (settle_purchase if purchase.state == State.PENDING else consume_purchase)(purchase)
    except Exception:  # one purchase's trouble must not keep the others waiting; its lease runs out
        log.exception("purchase %s was not looked at", purchase.pk)


def _is_token(token):
    """Whether it may be one; dots alone would lead to another path at the store."""
    good = isinstance(token, str) and len(token) <= LONGEST_TOKEN and token.strip(".") != ""
    return good and token.isascii() and token.isprintable() and " " not in token


def _find_or_write(customer_id, bundle, token):
    """This person's purchase of that token, written now if nobody's has it. Raises CampaignRefused(NOT_PAID)."""
    digest = digest_token(token)
    fresh = {"customer_id": customer_id, "bundle": bundle, "token": token, "coins": bundle.coins}
    fresh |= {"free_coins": bundle.free_coins, "next_ask_at": timezone.now() + LEASE}
    known = BundlePurchase.objects.select_related("bundle").filter(digest=digest).first()
    if known is None:
        waiting = BundlePurchase.objects.filter(customer_id=customer_id, state=State.PENDING)
        if waiting.count() >= OPEN_AT_ONCE:
            raise CampaignRefused(Refusal.TOO_MANY_WAIT, limit=OPEN_AT_ONCE)
        known = BundlePurchase.objects.get_or_create(digest=digest, defaults=fresh)[0]
    if (known.customer_id, known.bundle_id) != (customer_id, bundle.pk):
        raise CampaignRefused(Refusal.NOT_PAID)
    return known


def _credit(purchase_id):
    """The credited purchase, and whether it was this call that credited it."""
    with transaction.atomic():
        purchase = _lock(purchase_id)
        if purchase.state == State.CREDITED:
            return purchase, False
        _move(purchase, Account.Kind.GATEWAY, purchase.coins, Transfer.Kind.BUNDLE, "")
        if purchase.free_coins:
            _move(purchase, Account.Kind.PROMOTIONS, purchase.free_coins, Transfer.Kind.BONUS, ":free")
        purchase.state, purchase.reason, purchase.settled_at = State.CREDITED, "", timezone.now()
        purchase.next_ask_at = timezone.now() + LEASE  # to be consumed
        purchase.save()
        told = {"bundle": purchase.bundle.bazaar_sku, "coins": purchase.coins + purchase.free_coins}
        WalletEvent.objects.create(customer_id=purchase.customer_id, kind="bundle", data=told)
    return purchase, True


def _move(purchase, house, amount, kind, suffix):
    transfer(
        debit_id=house_id(house, Currency.COIN),
        credit_id=open_wallet(purchase.customer_id, Currency.COIN).pk,
        amount=amount,
        kind=kind,
        key=f"bundle:{purchase.pk}{suffix}",
        reference=purchase.bundle.bazaar_sku,
    )


def _refuse(purchase_id, reason):
    with transaction.atomic():
        purchase = _lock(purchase_id)
        if purchase.state == State.PENDING:
            purchase.state, purchase.reason = State.REFUSED, reason[:300]
            purchase.next_ask_at, purchase.settled_at = None, timezone.now()
            purchase.save()
    return purchase


def _put_off(purchase_id, reason):
    with transaction.atomic():
        purchase = _lock(purchase_id)
        if purchase.state == State.PENDING or (purchase.state == State.CREDITED and not purchase.consumed_at):
            now = timezone.now()
            age = now - purchase.created
            purchase.asks, purchase.reason = purchase.asks + 1, reason[:300]
            # As long again as it is old: however many asked at once, it is not put off for longer.
            purchase.next_ask_at = now + min(max(age, SHORTEST_WAIT), LONGEST_WAIT)
            if age > GIVE_UP:
                log.warning("purchase %s (%s) is given up: %s", purchase.pk, purchase.state, reason)
                purchase.next_ask_at = None
                if purchase.state == State.PENDING:
                    purchase.state, purchase.settled_at = State.EXPIRED, now
            purchase.save()
    return purchase


def _mark_consumed(purchase, reason):
    values = {"consumed_at": timezone.now(), "next_ask_at": None, "reason": reason[:300]}
    BundlePurchase.objects.filter(pk=purchase.pk, state=State.CREDITED).update(**values)


def _lock(purchase_id):
    rows = BundlePurchase.objects.select_for_update(of=("self",)).select_related("bundle")
    return rows.get(pk=purchase_id)


def _claim():
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            BundlePurchase.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("bundle")
            .filter(next_ask_at__lte=now)
            .order_by("next_ask_at")[:CLAIM_SIZE]
        )
        BundlePurchase.objects.filter(pk__in=[row.pk for row in rows]).update(next_ask_at=now + _find_lease())
    return rows


def _find_lease():
    """Longer than a claim's calls can take, two for a purchase, so that no other process asks meanwhile."""
    return LEASE + timedelta(seconds=2 * settings.BAZAAR_SECONDS * CLAIM_SIZE)
