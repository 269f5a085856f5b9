"""Reading what a customer was told (contracts: panel-app-v1, user/notifications)."""

from django.utils import timezone

from panel.support.models import Notification

LISTED = 100  # the contract has no pages: the newest ones are told


def list_notifications(customer_id, *, unread=False):
    """The newest LISTED notifications, newest first; with `unread` only those not read yet."""
    rows = Notification.objects.filter(customer_id=customer_id)
    if unread:
        rows = rows.filter(read_at=None)
    return list(rows.order_by("-created", "-id")[:LISTED])


def mark_all_read(customer_id):
    """Everything that is there now counts as read; what was read before keeps its time."""
    Notification.objects.filter(customer_id=customer_id, read_at=None).update(read_at=timezone.now())
