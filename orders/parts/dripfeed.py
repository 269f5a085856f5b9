"""Drip-feed: `runs` times the same, a run every `interval` minutes.

A run starts when its time has come and the run before it has ended, but where the service lets orders run beside
each other on one link: there the time alone counts. A run that fails stops no later one.
"""

from datetime import timedelta

from django.utils import timezone

from orders.models import Service
from orders.parts.making import make_part
from orders.parts.progress import IDLE_SECONDS, end_parent, sum_parts, tell_parent


def look_at(plan, parent):
    """One look at a locked DripFeed and its open parent: the next run, the parent's progress or its end."""
    now = timezone.now()
    parts = sum_parts(parent)
    beside = parent.service.same_link == Service.SameLink.ALLOW
    is_due = plan.next_run_at is not None and plan.next_run_at <= now
    if is_due and (beside or not parts.open):
        make_part(parent, parent.link, plan.quantity)
        plan.made += 1
        plan.next_run_at = now + timedelta(minutes=plan.interval) if plan.made < plan.runs else None
        parts = sum_parts(parent)
    if not parts.open and (plan.stopped_at is not None or plan.made >= plan.runs):
        end_parent(parent, parts)
        plan.next_look_at = None
        return
    tell_parent(parent, parts)
    idle = now + timedelta(seconds=IDLE_SECONDS)
    waits_for_time = plan.next_run_at is not None and (beside or not parts.open)
    plan.next_look_at = min(plan.next_run_at, idle) if waits_for_time else idle
