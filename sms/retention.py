"""Forgetting the texts of messages that are over, and which lines of an imported file were faulty."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from sms.models import Message, PhonebookImport

BATCH = 1_000
BATCHES = 100  # of one run: beat comes again
State = Message.State
OPEN = (State.QUEUED, State.SENDING, State.UNCLEAR)


def wipe_texts():
    """Empty texts and values of messages, and faults of imports, older than settings.RAW_EXCHANGE_DAYS.

    Returns how many rows there were. What is unclear keeps its text: it may be sent again by a person. In batches,
    the oldest first; twice does no harm.
    """
    messages = Message.objects.exclude(text="").exclude(state__in=OPEN)
    imports = PhonebookImport.objects.exclude(faults=[])
    return _wipe(messages, text="", values="") + _wipe(imports, faults=[])


def _wipe(rows, **values):
    oldest = timezone.now() - timedelta(days=settings.RAW_EXCHANGE_DAYS)
    count, last = 0, 0
    for _ in range(BATCHES):
        found = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", "created")[:BATCH])
        old = [pk for pk, created in found if created < oldest]
        count += rows.filter(pk__in=old).update(**values)
        if len(old) < BATCH:  # ids grow with time: what follows is younger
            break
        last = old[-1]
    return count
