"""The wheel of fortune: a gift drawn by weight, on the server (contracts: panel-app-v1, user/wof)."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from orders.gifting import GIFT_TYPES
from orders.pricing import charge_of
from panel.rewards.caps import lock_receiver, take_from_cap
from panel.rewards.limits import check_limits
from panel.rewards.models import Gift, GiftGrant
from panel.rewards.refusals import Refusal, RewardRefused
from panel.rewards.rules import gives_gifts, read_rules


@dataclass(frozen=True, slots=True)
class Odds:
    """How likely a gift is, in percent with two places; `weight` of `total` is the exact number."""

    gift: Gift
    weight: int
    total: int
    percent: Decimal


def list_drawable():
    """The gifts that can be won now: active, with a weight, and a service on sale that is not drip-feed."""
    return list(
        Gift.objects.filter(
            active=True,
            weight__gt=0,
            service__active=True,
            service__category__active=True,
            service__dripfeed=False,
            service__type__in=GIFT_TYPES,
        )
        .select_related("service")
        .order_by("id")
    )


def describe_odds():
    """The Odds of all gifts that can be won now, for the published fairness note."""
    gifts = list_drawable()
    total = sum(gift.weight for gift in gifts)
    return [
        Odds(gift, gift.weight, total, (Decimal(100 * gift.weight) / total).quantize(Decimal("0.01")))
        for gift in gifts
    ]


def spin_wheel(customer_id):
    """Draw a gift for the customer; returns its GiftGrant.

    Grant and the house's cap (by the list price of what was won) commit together. A draw that doesn't fit into
    the cap gives nothing and doesn't count. Raises RewardRefused (OFF, MONTHLY, SOON, CAP) and OrderRefused for
    who may not order.
    """
    rules = read_rules()
    gifts = list_drawable() if gives_gifts(rules) else []
    if not gifts:
        raise RewardRefused(Refusal.OFF)
    with transaction.atomic():
        lock_receiver(customer_id)
        now = timezone.now()  # after the lock: whoever had it has written an earlier moment
        check_limits(
            GiftGrant.objects.filter(customer_id=customer_id),
            monthly=rules.wheel_monthly,
            wait_seconds=rules.wheel_wait_hours * 3600,
            now=now,
        )
        gift = draw_gift(gifts)
        grant = GiftGrant.objects.create(
            customer_id=customer_id,
            gift=gift,
            quantity=gift.min + secrets.randbelow(gift.max - gift.min + 1),
            created=now,
            changed=now,
            expires_at=now + timedelta(hours=rules.gift_hours),
        )
        take_from_cap(charge_of(gift.service, grant.quantity), rules, now)
    return grant


def draw_gift(gifts):
    """One of `gifts`, each as likely as its weight says, by the system's secure random numbers."""
    drawn = secrets.randbelow(sum(gift.weight for gift in gifts))
    for gift in gifts:
        drawn -= gift.weight
        if drawn < 0:
            return gift
    raise AssertionError("a number below the sum of all weights is below one of the running sums")
