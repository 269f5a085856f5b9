"""Fetching the posts of subscriptions: leased and committed before the call, no transaction during it.

A post is kept once (`subscription_post_once`), however often it is seen; the plan is then looked at.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orders.blocking import check_blocked
from orders.models import Subscription, SubscriptionPost
from orders.parts.posts import PostsUnknown, UsernameUnknown, open_post_source
from orders.refusals import OrderRefused
from orders.validation import fits_link_rule, read_link
from panel.lib.tracing import carry
from panel.lib.wakeups import wake

log = logging.getLogger(__name__)
LOOK_TASK = "orders.tasks.look_at_plans"
BATCH = 50
POOL_SIZE = 8
LEASE_SECONDS = 300
MAX_DELAY_SECONDS = 3600
UNKNOWN_LIMIT = 5  # looks in a row that say "no such username" before the subscription pauses


def fetch_posts(source=None):
    """Look for the posts of every subscription that is due; returns how many were asked for."""
    source = source or open_post_source()
    if source is None:
        return 0
    asked = 0
    with ThreadPoolExecutor(POOL_SIZE, thread_name_prefix="posts") as pool:
        while plans := _lease(BATCH):
            told = [pool.submit(carry(_ask, source, plan.username)) for plan in plans]
            for plan, answer in zip(plans, told, strict=True):
                _record(plan.pk, answer.result())
            asked += len(plans)
    return asked


def _lease(limit):
    now = timezone.now()
    with transaction.atomic():
        plans = list(
            Subscription.objects.select_for_update(skip_locked=True)
            .filter(next_fetch_at__lte=now)
            .order_by("next_fetch_at")[:limit]
        )
        Subscription.objects.filter(pk__in=[plan.pk for plan in plans]).update(
            next_fetch_at=now + timedelta(seconds=LEASE_SECONDS)
        )
    return plans


def _ask(source, username):
    """Runs in a pool thread, without the ORM: the posts, or the exception that asking for them raised."""
    try:
        return source.list_posts(username)
    except (PostsUnknown, UsernameUnknown) as error:
        return error


def _record(pk, answer):
    with transaction.atomic():
        plan = (
            Subscription.objects.select_for_update(of=("self",)).select_related("order__service").get(pk=pk)
        )
        if plan.next_fetch_at is None or plan.state != Subscription.State.ACTIVE:
            return  # it was paused, stopped or ended meanwhile
        now = timezone.now()
        if isinstance(answer, list):
            if _keep_posts(plan, answer, now):
                plan.next_look_at = now
            plan.failures, plan.reason = 0, ""
            plan.next_fetch_at = now + timedelta(seconds=settings.POSTS_SECONDS)
        else:
            _note_failure(plan, answer, now)
        plan.save()
    wake(LOOK_TASK)


def _note_failure(plan, error, now):
    plan.failures += 1
    unknown = isinstance(error, UsernameUnknown)
    plan.reason = "no such username, or it is private" if unknown else "its posts can't be read at the moment"
    delay = min(settings.POSTS_SECONDS * 2 ** min(plan.failures, 10), MAX_DELAY_SECONDS)
    plan.next_fetch_at = now + timedelta(seconds=delay)
    if unknown and plan.failures >= UNKNOWN_LIMIT:
        plan.state, plan.next_fetch_at = Subscription.State.PAUSED, None
    log.warning("posts of subscription %s: %s", plan.pk, plan.reason)


def _keep_posts(plan, posts, now):
    """Store the posts that count and are new, the oldest first, as many as were paid for; returns how many."""
    counted = _find_counted(plan, posts, now)
    began = plan.since = plan.since or plan.order.created
    known = set(SubscriptionPost.objects.filter(subscription=plan).values_list("post_id", flat=True))
    unknown = {post.id: post for post in counted if post.id not in known}
    fresh = filter(lambda post: _is_orderable(plan, post), unknown.values())
    rows = [
        SubscriptionPost(
            subscription=plan,
            post_id=post.id,
            link=post.link,
            due_at=max(post.created, began) + timedelta(minutes=plan.delay),
        )
        for post in islice(fresh, max(plan.posts - len(known), 0))
    ]
    SubscriptionPost.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _find_counted(plan, posts, now):
    """The posts since the plan began, and at its first look the newest of those before; the oldest first.

    A post of the future is none yet: it is there at a later look.
    """
    # To the second, as sources tell it: a post of the second in which the order was placed is a new one.
    first = (plan.since or plan.order.created).replace(microsecond=0)
    told = sorted((post for post in posts if post.created <= now), key=lambda post: post.created)
    new = [post for post in told if post.created >= first]
    old = [post for post in told if post.created < first] if plan.since is None else []
    return old[len(old) - min(plan.old_posts, len(old)) :] + new


def _is_orderable(plan, post):
    """Whether an order for this post would be taken: a source may say what it likes."""
    try:
        link = read_link(post.link, "url")
        check_blocked(link, {})
    except OrderRefused as refused:
        log.warning("a post of subscription %s was left out: %s", plan.pk, refused.code.value)
        return False
    return fits_link_rule(plan.order.service, link)
