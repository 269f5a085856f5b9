"""Reading what a customer was told (contracts: panel-app-v1, user/notifications)."""

from django.utils import timezone
from psycopg.types.numeric import Int8

from panel.lib.prepared import run_prepared
from panel.support.models import Notification

LISTED = 100  # the contract has no pages: the newest ones are told
_UNREAD = b"""
SELECT count(*) FROM (
    SELECT FROM support_notification WHERE customer_id = $1 AND read_at IS NULL LIMIT $2
) unread
"""


def list_notifications(customer_id, *, unread=False):
    """The newest LISTED notifications, newest first; with `unread` only those not read yet."""
    rows = Notification.objects.filter(customer_id=customer_id)
    if unread:
        rows = rows.filter(read_at=None)
    return list(rows.order_by("-created", "-id")[:LISTED])


def count_unread(customer_id, most):
    """How many notifications the customer has not read, counted no further than `most`; every page shows it."""
    return run_prepared(_UNREAD, (Int8(customer_id), Int8(most)), savepoint=False)[0][0]


def mark_all_read(customer_id):
    """Everything that is there now counts as read; what was read before keeps its time."""
    Notification.objects.filter(customer_id=customer_id, read_at=None).update(read_at=timezone.now())
