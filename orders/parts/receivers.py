"""An event of a part makes its plan due.

After the event's transaction: one that holds several plans could wait crosswise for another. Whatever is lost with
a process that dies in between, the plan is looked at anyway within progress.IDLE_SECONDS.
"""

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from orders.lifecycle import PART_EVENT
from orders.models import DripFeed, Order, Subscription
from orders.signals import order_event
from panel.lib.wakeups import wake

LOOK_TASK = "orders.tasks.look_at_plans"


@receiver(order_event, dispatch_uid="parts.order_event")
def look_at_parent(event, **_signal):
    """Let the plan of the part's parent be looked at."""
    if not event.kind.startswith(PART_EVENT):
        return
    parent_id = Order.objects.values_list("parent_id", flat=True).get(pk=event.order_id)
    transaction.on_commit(lambda: make_plan_due(parent_id))


def make_plan_due(parent_id):
    """Have the plan of an order in parts looked at now; a look that is at it ends first, and another follows."""
    for model in (DripFeed, Subscription):
        model.objects.filter(pk=parent_id, next_look_at__isnull=False).update(next_look_at=timezone.now())
    wake(LOOK_TASK)
