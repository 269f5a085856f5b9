"""Subscriptions: an order for each of the next posts of a username.

Posts are fetched (orders/parts/fetching.py) into SubscriptionPost rows, each once; when one is due it becomes a part
of a random number of units between the least and the most. It ends when all its posts are done, when it expires, or
when it is canceled; units that were paid for and not delivered come back.
"""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from orders.models import Order, Subscription, SubscriptionPost
from orders.parts.making import make_part
from orders.parts.progress import IDLE_SECONDS, end_parent, sum_parts, tell_parent
from orders.parts.stopping import stop_parts
from orders.refusals import OrderRefused, Refusal
from panel.lib.wakeups import wake

State = Subscription.State
LOOK_TASK = "orders.tasks.look_at_plans"


class NotNow(Exception):
    """The subscription has ended, or is what it was asked to be already."""


def look_at(plan, parent):
    """One look at a locked Subscription and its open parent: posts that are due, its progress or its end."""
    now = timezone.now()
    if plan.stopped_at is None and plan.expires_at is not None and plan.expires_at <= now:
        stop_parts(parent, asked_for=False)
        plan.refresh_from_db()
    if plan.state == State.ACTIVE:
        _order_due_posts(plan, parent, now)
    parts = sum_parts(parent)
    is_complete = plan.made >= plan.posts
    if not parent.is_final and not parts.open and (plan.stopped_at is not None or is_complete):
        end_parent(parent, parts, is_complete=is_complete and not parts.cut_short)
        if is_complete:
            plan.state = State.COMPLETED
    if parent.is_final:
        plan.next_look_at = plan.next_fetch_at = None
        return
    tell_parent(parent, parts)
    plan.next_look_at = _find_next_look(plan, now)


def pause_subscription(customer_id, order_id):
    """Order no more posts until `resume_subscription`. Raises OrderRefused (ORDER_UNKNOWN), NotNow."""
    with transaction.atomic():
        plan = _lock_own(customer_id, order_id, State.ACTIVE)
        plan.state, plan.next_fetch_at = State.PAUSED, None
        plan.save(update_fields=["state", "next_fetch_at"])


def resume_subscription(customer_id, order_id):
    """Order posts again; those that came while it was paused are left out. Raises as `pause_subscription` does."""
    with transaction.atomic():
        plan = _lock_own(customer_id, order_id, State.PAUSED)
        now = timezone.now()
        plan.state, plan.next_fetch_at, plan.since, plan.next_look_at = State.ACTIVE, now, now, now
        plan.failures, plan.reason = 0, ""
        plan.save()
    wake(LOOK_TASK)


def _lock_own(customer_id, order_id, state):
    own = Order.objects.select_for_update(of=("self",)).filter(pk=order_id, customer_id=customer_id)
    parent = own.first()
    plan = parent and Subscription.objects.select_for_update().filter(pk=parent.pk).first()
    if plan is None:
        raise OrderRefused(Refusal.ORDER_UNKNOWN)
    if parent.is_final or plan.state != state:
        raise NotNow
    return plan


def _order_due_posts(plan, parent, now):
    due = (
        SubscriptionPost.objects.select_for_update()
        .filter(subscription=plan, part=None, due_at__lte=now)
        .order_by("due_at", "id")
    )
    for post in due[: max(plan.posts - plan.made, 0)]:
        units = plan.min + secrets.randbelow(plan.max - plan.min + 1)
        post.part = make_part(parent, post.link, units)
        post.save(update_fields=["part"])
        plan.made += 1
    if plan.made >= plan.posts:
        plan.next_fetch_at = None


def _find_next_look(plan, now):
    """When something can be due though nobody says so: a post after its delay, or the end of the time."""
    moments = [now + timedelta(seconds=IDLE_SECONDS)]
    if plan.state == State.ACTIVE and plan.made < plan.posts:
        waiting = SubscriptionPost.objects.filter(subscription=plan, part=None).order_by("due_at")
        moments += list(waiting.values_list("due_at", flat=True)[:1])
    if plan.stopped_at is None and plan.expires_at is not None:
        moments.append(plan.expires_at)
    return max(min(moments), now)
