"""Texts in a restored database: whatever waited then may have been sent since, so nothing of it is sent again."""

from panel.lib.after_restore import REASON
from sms.models import Message
from sms.schedules import run_due_sends

State = Message.State


def mark_maybe_sent(gap):
    """Make scheduled sends that came due messages, and every message that was not final unclear.

    It comes after the steps that handle old events: what they write was written and sent in the time that was lost.
    """
    sends = run_due_sends()
    waiting = Message.objects.filter(state__in=[State.QUEUED, State.SENDING])
    marked = waiting.filter(gap.rows).update(state=State.UNCLEAR, next_try_at=None, error=REASON)
    yield f"{sends} scheduled sends came due in that time: they are made, and not sent"
    yield f"{marked} messages were waiting: they may have been sent, and are unclear"
