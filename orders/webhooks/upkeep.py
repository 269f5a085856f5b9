"""What happens to deliveries besides being sent: once more by hand, given up, forgotten."""

from datetime import timedelta

from django.utils import timezone

from orders.models import CatalogueAnnouncement, WebhookDelivery
from orders.webhooks.queueing import RETRY_HOURS, SEND_TASK
from orders.webhooks.reasons import SWITCHED_OFF
from orders.webhooks.refusals import Refusal, WebhookRefused
from panel.lib.wakeups import wake

State = WebhookDelivery.State
KEEP_SENT = timedelta(days=30)
KEEP_FAILED = timedelta(days=90)
DELETE_SIZE = 5000


def resend_delivery(delivery):
    """Try a failed delivery again, for 24 h from now on, under its old event id. Raises WebhookRefused."""
    now = timezone.now()
    if not delivery.endpoint.active:
        raise WebhookRefused(Refusal.INACTIVE)
    failed = WebhookDelivery.objects.filter(pk=delivery.pk, state=State.FAILED)
    until = now + timedelta(hours=RETRY_HOURS)
    if not failed.update(state=State.PENDING, tries=0, next_try_at=now, retry_until=until):
        raise WebhookRefused(Refusal.NOT_FAILED)
    wake(SEND_TASK)


def give_up_waiting():
    """Fail what waited for 24 h at endpoints that are switched off; returns how many."""
    waiting = WebhookDelivery.objects.filter(
        state=State.PENDING, endpoint__active=False, retry_until__lt=timezone.now()
    )
    return waiting.update(state=State.FAILED, next_try_at=None, error=SWITCHED_OFF)


def purge_deliveries():
    """Forget deliveries sent 30 days ago, failed ones after 90; returns how many."""
    now = timezone.now()
    old = WebhookDelivery.objects.filter(state=State.SENT, created__lt=now - KEEP_SENT)
    dead = WebhookDelivery.objects.filter(state=State.FAILED, created__lt=now - KEEP_FAILED)
    count = _delete(old) + _delete(dead)
    _delete(CatalogueAnnouncement.objects.filter(created__lt=now - KEEP_SENT, deliveries=None))
    return count


def _delete(rows):
    """In parcels, so that no statement holds many locks for long."""
    count = 0
    while parcel := list(rows.values_list("pk", flat=True)[:DELETE_SIZE]):
        count += rows.filter(pk__in=parcel).delete()[0]
    return count
