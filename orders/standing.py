"""Whether orders are taken and passed on: the queue says it, in one look into its index."""

from datetime import timedelta

from django.utils import timezone

from orders.models import Order
from panel.lib.standing import judge_delay

TROUBLED_AFTER = timedelta(minutes=2)
FAILING_AFTER = timedelta(minutes=15)


def judge_orders():
    """The Standing of passing orders on, by how long ago the order that should have gone first was due.

    Orders that no provider of their service takes are put off, not overdue: ServiceSpeed.waiting tells of those.
    """
    now = timezone.now()
    queue = Order.objects.filter(forwarding=Order.Forwarding.QUEUED, next_try_at__lt=now)
    due = queue.order_by("next_try_at").values_list("next_try_at", flat=True).first()
    return judge_delay(now - due if due else None, TROUBLED_AFTER, FAILING_AFTER)
