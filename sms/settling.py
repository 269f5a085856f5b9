"""What a person decides about messages: unclear ones arrived or did not, failed ones go again. Never codes."""

from django.db.models.functions import Coalesce
from django.utils import timezone

from panel.lib.wakeups import wake
from sms.models import Message
from sms.outbox import SEND_TASK

CODE_KINDS = "code"  # login codes and the like: whoever reads one gets in
State = Message.State


def list_unclear():
    """All unclear messages but codes, which nobody waits for any more."""
    return Message.objects.filter(state=State.UNCLEAR).exclude(kind__startswith=CODE_KINDS)


def list_failed():
    """All messages that failed and may be sent again: no codes, and none of a send, whose price came back."""
    failed = Message.objects.filter(state=State.FAILED, send=None)
    return failed.exclude(kind__startswith=CODE_KINDS)


def confirm_sent(ids):
    """Those of these unclear messages arrived; returns how many were still unclear."""
    rows = list_unclear().filter(pk__in=ids)
    return rows.update(state=State.SENT, sent_at=Coalesce("claimed_at", timezone.now()), error="")


def send_unclear_again(ids):
    """Those of these unclear messages did not arrive: queue them; returns how many were still unclear."""
    return _queue(list_unclear().filter(pk__in=ids))


def send_failed_again(ids):
    """Queue those of these messages that surely were not sent; returns how many there were."""
    return _queue(list_failed().filter(pk__in=ids))


def _queue(rows):
    count = rows.update(state=State.QUEUED, tries=0, next_try_at=timezone.now(), claimed_at=None, error="")
    wake(SEND_TASK)
    return count
