"""Putting messages into the outbox: a row, in the same transaction as what caused it."""

from panel.lib.wakeups import wake
from sms.models import Message

SEND_TASK = "sms.tasks.send_messages"


def queue_message(*, key, kind, to, text, customer_id=None, expires_at=None):
    """Queue one SMS (`to` as E.164) and wake the sender; the same `key` again changes nothing.

    With `expires_at` it is not sent after that moment, and its text is kept no longer than it is needed.
    """
    row = Message(key=key, kind=kind, to=to, text=text, customer_id=customer_id, expires_at=expires_at)
    Message.objects.bulk_create([row], ignore_conflicts=True)
    wake(SEND_TASK)
