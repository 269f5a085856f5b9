"""Beat's work on personal data."""

from celery import shared_task

from panel.lib.single import single_run
from panel.personal import erasing


@shared_task(name="panel.personal.tasks.erase_due")
@single_run
def erase_due():
    """Erase the customers whose waiting time is over."""
    erasing.erase_due()
