"""Beat's work on rewards."""

from celery import shared_task

from panel.rewards import levels


@shared_task(name="panel.rewards.tasks.apply_levels")
def apply_levels():
    """Bring the discounts of price levels up to date with what customers have spent."""
    levels.apply_levels()
