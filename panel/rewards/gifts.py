"""Using gifts that were won: a free order for a link (contracts: panel-app-v1, user/gifts).

A gift is used once, whatever becomes of its order: a canceled or failed one gives no new gift, or canceling would
let a gift be tried on one link after the other.
"""

from django.db import transaction
from django.utils import timezone

from orders.gifting import check_gift_order, place_gift_order
from orders.refusals import OrderRefused
from orders.refusals import Refusal as OrderRefusal
from panel.rewards.caps import lock_receiver
from panel.rewards.models import GiftGrant
from panel.rewards.refusals import Refusal, RewardRefused

SHOWN = 200  # the newest ones; a customer wins a few a month


def list_gifts(customer_id):
    """The customer's newest gifts with what they are of, newest first."""
    own = GiftGrant.objects.filter(customer_id=customer_id).select_related("gift__service")
    return list(own.order_by("-created", "-id")[:SHOWN])


def use_gift(customer_id, gift_id, link):
    """Order the customer's oldest unused, unexpired win of the gift `gift_id` for `link`; returns the order's id.

    The order and the mark that the gift is used commit together, so however many ask at once, each win is one
    order. Raises RewardRefused (GIFT_UNKNOWN, GIFT_ENDED, GIFT_UNSOLD) and OrderRefused.
    """
    values = {"link": link}
    grants = GiftGrant.objects.filter(customer_id=customer_id, gift_id=gift_id).select_related("gift")
    if not grants.exists():
        raise RewardRefused(Refusal.GIFT_UNKNOWN)
    try:
        grant = _find_usable(grants)
        check_gift_order(customer_id, grant.gift.service_id, grant.quantity, values)
        with transaction.atomic():
            lock_receiver(customer_id)
            return _use(_find_usable(grants.select_for_update(of=("self",), no_key=True)), values)
    except OrderRefused as refused:
        if refused.code is OrderRefusal.SERVICE_UNKNOWN:
            raise RewardRefused(Refusal.GIFT_UNSOLD) from refused
        raise


def _find_usable(grants):
    grant = grants.filter(used_at=None, expires_at__gt=timezone.now()).order_by("created", "id").first()
    if grant is None:
        raise RewardRefused(Refusal.GIFT_ENDED)
    return grant


def _use(grant, values):
    order_id = place_gift_order(grant.customer_id, grant.gift.service_id, grant.quantity, values)
    now = timezone.now()
    link = values["link"].strip()
    GiftGrant.objects.filter(pk=grant.pk).update(order=order_id, link=link, used_at=now, changed=now)
    return order_id
