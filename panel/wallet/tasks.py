"""Beat's work on the ledger and on payments."""

from celery import shared_task
from django.db import connection, transaction

from panel.lib.events import handle_events as handle_event_rows
from panel.lib.single import single_run
from panel.wallet import days, house
from panel.wallet.models import WalletEvent
from panel.wallet.payments import verifying
from panel.wallet.signals import wallet_event

BATCH_SIZE = 50
_EVENTS_LOCK = 0x3A11E7E4E  # of `handle_batch`, for the whole database


@shared_task(name="panel.wallet.tasks.close_house_days")
def close_house_days():
    """Close the house's days that can't change any more."""
    house.close_house_days()


@shared_task(name="panel.wallet.tasks.measure_days")
@single_run
def measure_days():
    """Measure the money of today and yesterday."""
    days.measure_money()


@shared_task(name="panel.wallet.tasks.handle_events")
@single_run
def handle_events():
    """Tell the listeners what happened to wallets."""
    while handle_batch():
        pass


def handle_batch(limit=BATCH_SIZE):
    """Handle up to `limit` events in one transaction, and return how many; one process at a time.

    What is given to referrers locks their wallets until the batch ends: two batches that give to the same people in
    different orders would wait for each other.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_EVENTS_LOCK])
        return handle_event_rows(WalletEvent, wallet_event, limit)


@shared_task(name="panel.wallet.tasks.sweep_payments")
@single_run
def sweep_payments():
    """Ask the bank about payments that nobody came back from."""
    verifying.sweep_payments()
