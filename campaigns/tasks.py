"""Beat's work on the like exchange."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from campaigns import bundles, covers, rechecking, states
from campaigns.models import AddressDay
from panel.lib.single import single_run

ADDRESS_DAYS = 7


@shared_task(name="campaigns.tasks.look_for_covers")
@single_run
def look_for_covers():
    """Fetch the pictures of campaigns that have none yet."""
    covers.look_for_covers()


@shared_task(name="campaigns.tasks.forget_covers")
def forget_covers():
    """Forget pictures that no campaign shows any more."""
    covers.forget_covers()


@shared_task(name="campaigns.tasks.recheck_likes")
@single_run
def recheck_likes():
    """Look again at the sampled likes that are due."""
    rechecking.recheck_likes()


@shared_task(name="campaigns.tasks.give_back_rests")
@single_run
def give_back_rests():
    """Give back what is left of closed campaigns."""
    while states.give_back_rests() == states.REST_BATCH:
        pass


@shared_task(name="campaigns.tasks.sweep_purchases")
@single_run
def sweep_purchases():
    """Ask the store about purchases without a clear answer."""
    bundles.sweep_purchases()


@shared_task(name="campaigns.tasks.purge_addresses")
def purge_addresses():
    """Forget how often addresses liked on days long gone."""
    AddressDay.objects.filter(day__lt=timezone.now().date() - timedelta(days=ADDRESS_DAYS)).delete()
