"""Wiping the texts of codes that nobody waits for any more."""

from django.utils import timezone

from sms.models import Message
from sms.recording import EXPIRED

WIPED = {"text": "", "values": "", "expires_at": None}


def expire_messages():
    """Wipe the texts of messages that expired, whatever became of them; those still queued have failed.

    Returns how many there were.
    """
    expired = Message.objects.filter(expires_at__lte=timezone.now())
    failed = expired.filter(state=Message.State.QUEUED).update(
        state=Message.State.FAILED, error=EXPIRED, next_try_at=None, **WIPED
    )
    return failed + expired.update(**WIPED)
