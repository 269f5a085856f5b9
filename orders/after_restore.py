"""Orders in parts in a restored database: what they made in the time that was lost is made now, to be marked."""

from datetime import timedelta

from django.db import transaction

from orders.models import DripFeed, Order, OrderEvent, ServiceEvent, Subscription
from orders.parts.looking import look_at_plans
from orders.parts.making import make_part
from orders.signals import order_event, service_event
from panel.lib.events import handle_events


def make_missed_parts(gap):
    """Make every part that may have been made and sent, so that none is made again and sent; handle old events.

    Posts that a subscription may have found in that time are left out: units not delivered come back at its end.
    """
    while handle_events(OrderEvent, order_event) + handle_events(ServiceEvent, service_event):
        pass
    plans = DripFeed.objects.filter(next_run_at__lte=gap.lost, stopped_at=None, order__settled_at=None)
    runs = sum(_make_missed_runs(plan.pk, gap) for plan in plans.order_by("pk"))
    subscriptions = Subscription.objects.filter(state=Subscription.State.ACTIVE, next_fetch_at__lte=gap.lost)
    look_at_plans()
    left_out = subscriptions.update(since=gap.lost)
    yield f"{runs} runs of drip-feeds may have been sent: they are made, and not sent"
    yield f"{left_out} subscriptions leave out posts until {gap.lost.isoformat()}"


def _make_missed_runs(pk, gap):
    with transaction.atomic():
        parent = Order.objects.select_for_update().get(pk=pk)
        plan = DripFeed.objects.select_for_update().get(pk=pk)
        interval = timedelta(minutes=max(plan.interval, 1))
        made = 0
        while plan.next_run_at is not None and plan.next_run_at <= gap.lost:
            make_part(parent, parent.link, plan.quantity)
            made += 1
            plan.made += 1
            plan.next_run_at = plan.next_run_at + interval if plan.made < plan.runs else None
        plan.save()
    return made
