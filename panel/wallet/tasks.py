"""Beat's work on the ledger and on payments."""

from celery import shared_task

from panel.lib.events import handle_events as handle_event_rows
from panel.lib.single import single_run
from panel.wallet import house
from panel.wallet.models import WalletEvent
from panel.wallet.payments import verifying
from panel.wallet.signals import wallet_event


@shared_task(name="panel.wallet.tasks.close_house_days")
def close_house_days():
    """Close the house's days that can't change any more."""
    house.close_house_days()


@shared_task(name="panel.wallet.tasks.handle_events")
@single_run
def handle_events():
    """Tell the listeners what happened to wallets."""
    while handle_event_rows(WalletEvent, wallet_event):
        pass


@shared_task(name="panel.wallet.tasks.sweep_payments")
@single_run
def sweep_payments():
    """Ask the bank about payments that nobody came back from."""
    verifying.sweep_payments()
