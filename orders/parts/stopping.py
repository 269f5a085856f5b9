"""Stopping an order in parts: no more parts are made, and what they would have cost comes back at once."""

from django.utils import timezone

from orders.lifecycle import refund_undone, settle_order
from orders.links import free_link
from orders.models import DripFeed, Order, Subscription
from orders.parts.progress import end_parent, sum_parts
from panel.lib.money import compute_partial_refund
from panel.lib.wakeups import wake

CANCEL_TASK = "providers.tasks.send_cancels"


def stop_parts(parent, *, asked_for):
    """Make no more parts of an open, locked parent. True when it ended with that.

    `asked_for`: the customer cancels it. Parts that weren't sent end now, also those that are back in the queue when
    it is asked again; those under way are canceled upstream where the service can be, and the parent ends with
    them. What none of its parts can deliver any more comes back at once, in one transaction with all this.
    """
    now = timezone.now()
    plan = lock_plan(parent)
    canceled = []
    if asked_for:
        parent.cancel_requested_at = parent.cancel_requested_at or now
        parent.save(update_fields=["cancel_requested_at"])
        canceled = _cancel_open_parts(parent, now)
    if plan.stopped_at is None:
        plan.stopped_at = now
        if isinstance(plan, Subscription):
            plan.next_fetch_at = None
            plan.state = Subscription.State.CANCELED if asked_for else Subscription.State.EXPIRED
        else:
            plan.next_run_at = None
    parts = sum_parts(parent)
    if parts.open:
        refund_undone(parent, parent.quantity - parts.delivered - parts.running)
        parent.save(update_fields=["refunded"])
    else:
        end_parent(parent, parts)
        plan.next_look_at = None
    plan.save()
    for part in canceled:  # after all refunds, see settle_order
        free_link(part.pk)
    return parent.is_final


def preview_stop(parent):
    """The toman that come back at once if the customer cancels the open order in parts now; more may follow.

    A guess for people: a part may be sent or end meanwhile.
    """
    parts = sum_parts(parent)
    undone = parent.quantity - parts.delivered - parts.running + parts.unsent
    return max(compute_partial_refund(parent.charge, undone, parent.quantity) - parent.refunded, 0)


def lock_plan(parent):
    """The DripFeed or Subscription of a locked parent, locked. Raises Order.DoesNotExist for an order without."""
    for model in (DripFeed, Subscription):
        plan = model.objects.select_for_update().filter(pk=parent.pk).first()
        if plan is not None:
            return plan
    raise Order.DoesNotExist(f"order {parent.pk} has no plan")


def _cancel_open_parts(parent, now):
    """End the parts that weren't sent, wish the others canceled; returns those that ended."""
    ended = []
    open_parts = Order.objects.select_for_update().filter(parent=parent, settled_at=None).order_by("id")
    for part in open_parts:
        if part.forwarding == Order.Forwarding.QUEUED:
            settle_order(part, Order.Status.CANCELED, reason="canceled before it was sent", frees_link=False)
            ended.append(part)
        elif parent.service.cancel and part.cancel_requested_at is None:
            part.cancel_requested_at = now
            part.save(update_fields=["cancel_requested_at"])
            wake(CANCEL_TASK)
    return ended
