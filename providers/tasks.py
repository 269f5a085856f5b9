"""Celery's work with the providers. Every task is safe to run twice, at once or never: beat's sweep follows."""

from celery import shared_task

from panel.lib.events import handle_events as handle_event_rows
from panel.lib.single import single_run
from providers import (
    balances,
    canceling,
    days,
    forwarding,
    health,
    holds,
    polling,
    refilling,
    retention,
    unclear,
)
from providers.models import ProviderEvent
from providers.signals import provider_event
from providers.sync import running


@shared_task(name="providers.tasks.forward_orders")
@single_run
def forward_orders():
    """Forward the queued orders that are due."""
    forwarding.forward_orders()


@shared_task(name="providers.tasks.send_cancels")
@single_run
def send_cancels():
    """Pass wishes to cancel on to the upstreams."""
    canceling.send_cancels()


@shared_task(name="providers.tasks.send_refills")
@single_run
def send_refills():
    """Pass wishes to refill on to the upstreams, and ask how far they are."""
    refilling.send_refills()


@shared_task(name="providers.tasks.report_holds")
@single_run
def report_holds():
    """Tell operators of unclear orders that keep others waiting for their link."""
    holds.report_holds()


@shared_task(name="providers.tasks.measure_routes")
@single_run
def measure_routes():
    """Measure how well each route did in the last days."""
    health.measure_routes()


@shared_task(name="providers.tasks.measure_days")
@single_run
def measure_days():
    """Measure what was spent at providers today and yesterday."""
    days.measure_providers()


@shared_task(name="providers.tasks.poll_orders")
@single_run
def poll_orders():
    """Ask the upstreams for the status of orders that are due."""
    polling.poll_orders()


@shared_task(name="providers.tasks.settle_orphans")
@single_run
def settle_orphans():
    """Make what a dead worker left behind unclear."""
    unclear.settle_orphans()


@shared_task(name="providers.tasks.reconcile_unclear")
@single_run
def reconcile_unclear():
    """Ask the upstreams that can tell for sure about unclear orders."""
    unclear.reconcile_unclear()


@shared_task(name="providers.tasks.read_balances")
@single_run
def read_balances():
    """Refresh our balance at every provider."""
    balances.read_all_balances()


@shared_task(name="providers.tasks.sync_catalogues")
@single_run
def sync_catalogues():
    """Keep what is on sale true to the upstreams' lists that are due to be read."""
    running.sync_due()


@shared_task(name="providers.tasks.handle_events")
@single_run
def handle_events():
    """Tell the listeners what operators should know."""
    while handle_event_rows(ProviderEvent, provider_event):
        pass


@shared_task(name="providers.tasks.wipe_excerpts")
@single_run
def wipe_excerpts():
    """Forget what upstreams answered long ago."""
    retention.wipe_excerpts()
