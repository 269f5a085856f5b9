"""Celery's work on orders: telling of their events, sending webhooks, and forgetting what is old."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from orders import days, speeds, stats, trials
from orders.models import IdempotencyKey, OrderEvent, ServiceEvent
from orders.parts import fetching, looking
from orders.signals import order_event, service_event
from orders.webhooks import announcing, sending, upkeep
from panel.lib.events import handle_events as handle_event_rows
from panel.lib.single import single_run


@shared_task(name="orders.tasks.handle_events")
@single_run
def handle_events():
    """Tell the listeners what happened to orders and services, until there is nothing left to tell."""
    while handle_event_rows(OrderEvent, order_event) + handle_event_rows(ServiceEvent, service_event):
        pass


@shared_task(name="orders.tasks.look_at_plans")
@single_run
def look_at_plans():
    """Make the parts of drip-feeds and subscriptions that are due, and follow the others."""
    looking.look_at_plans()


@shared_task(name="orders.tasks.fetch_posts")
@single_run
def fetch_posts():
    """Look for new posts of subscriptions."""
    fetching.fetch_posts()


@shared_task(name="orders.tasks.purge_idempotency_keys")
def purge_idempotency_keys():
    """Forget clients' idempotency keys that are older than settings.IDEMPOTENCY_HOURS."""
    oldest = timezone.now() - timedelta(hours=settings.IDEMPOTENCY_HOURS)
    IdempotencyKey.objects.filter(created__lt=oldest).delete()


@shared_task(name="orders.tasks.sum_days")
def sum_days():
    """Add up what customers ordered, for the statistics and the price levels."""
    stats.sum_days()


@shared_task(name="orders.tasks.measure_speeds")
def measure_speeds():
    """Measure how fast services were in the last day."""
    speeds.measure_speeds()


@shared_task(name="orders.tasks.measure_days")
@single_run
def measure_days():
    """Measure the orders of today and yesterday."""
    days.measure_orders()


@shared_task(name="orders.tasks.purge_trials")
def purge_trials():
    """Forget the sandboxes' old orders."""
    trials.purge_trials()


@shared_task(name="orders.tasks.send_webhooks")
@single_run
def send_webhooks():
    """Announce the catalogue's changes, and send the deliveries that are due."""
    announcing.announce_changes()
    sending.send_deliveries()


@shared_task(name="orders.tasks.tidy_webhooks")
def tidy_webhooks():
    """Give up deliveries that waited too long, and forget old ones."""
    upkeep.give_up_waiting()
    upkeep.purge_deliveries()
