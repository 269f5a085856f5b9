"""The steps of a message's way, for tests that walk it."""

from datetime import timedelta

from django.utils import timezone

from sms.models import Message
from sms.outbox import queue_message


def queue(ending="1111", key="one", text="hello"):
    """Queue a text for the mobile with those last four digits; returns its row."""
    queue_message(key=key, kind="test", to=f"+98912000{ending}", text=text)
    return Message.objects.get(key=key)


def make_all_due():
    """Let every wait be over: next tries, next questions, leases."""
    past = timezone.now() - timedelta(hours=2)
    Message.objects.filter(next_try_at__isnull=False).update(next_try_at=past)
    Message.objects.filter(next_status_at__isnull=False).update(next_status_at=past)
    Message.objects.filter(claimed_at__isnull=False).update(claimed_at=past)


def state_of(message):
    """The state of the message as it is now."""
    return Message.objects.get(pk=message.pk).state
