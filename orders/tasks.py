"""Celery's work on orders: telling of their events, and forgetting old idempotency keys."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from orders.models import IdempotencyKey, OrderEvent
from orders.signals import order_event
from panel.lib.events import handle_events as handle_event_rows
from panel.lib.single import single_run


@shared_task(name="orders.tasks.handle_events")
@single_run
def handle_events():
    """Tell the listeners what happened to orders, until there is nothing left to tell."""
    while handle_event_rows(OrderEvent, order_event):
        pass


@shared_task(name="orders.tasks.purge_idempotency_keys")
def purge_idempotency_keys():
    """Forget clients' idempotency keys that are older than settings.IDEMPOTENCY_HOURS."""
    oldest = timezone.now() - timedelta(hours=settings.IDEMPOTENCY_HOURS)
    IdempotencyKey.objects.filter(created__lt=oldest).delete()
