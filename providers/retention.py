"""Forgetting what upstreams answered, word for word: after a while the outcome is enough."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from providers.models import Dispatch

BATCH = 1_000
BATCHES = 100  # of one run: beat comes again


def wipe_excerpts():
    """Empty the answers of dispatches that are older than settings.RAW_EXCHANGE_DAYS; returns how many.

    Unclear ones keep theirs: a person decides by it. In batches, the oldest first; twice does no harm.
    """
    oldest = timezone.now() - timedelta(days=settings.RAW_EXCHANGE_DAYS)
    rows = Dispatch.objects.exclude(excerpt="").exclude(
        state__in=[Dispatch.State.SENDING, Dispatch.State.UNCLEAR]
    )
    count, last = 0, 0
    for _ in range(BATCHES):
        found = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", "created")[:BATCH])
        old = [pk for pk, created in found if created < oldest]
        count += rows.filter(pk__in=old).update(excerpt="")
        if len(old) < BATCH:  # ids grow with time: what follows is younger
            break
        last = old[-1]
    return count
