"""Whether codes and news go out by SMS: the gateways, the queue and the newest messages say it."""

from datetime import timedelta

from django.utils import timezone

from panel.lib.standing import Standing, judge_delay, judge_share
from sms.models import Gateway, Message
from sms.routes import has_gateway

TROUBLED_AFTER = timedelta(minutes=2)
FAILING_AFTER = timedelta(minutes=15)
NEWEST = 50
RECENT = timedelta(days=1)
_BAD = (Message.State.FAILED, Message.State.UNCLEAR)
_OPEN = (Message.State.QUEUED, Message.State.SENDING)


def judge_sms():
    """The Standing of sending codes and news; UNKNOWN where nothing can be sent or nothing was of late.

    Undelivered messages aren't held against it: the phone may be off.
    """
    if not has_gateway():
        return Standing.UNKNOWN
    now = timezone.now()
    if _all_paused(now):
        return Standing.FAILING
    return max(_judge_queue(now), _judge_newest(now))


def _all_paused(now):
    active = Gateway.objects.filter(active=True).values_list("paused_until", flat=True)
    pauses = list(active)
    return bool(pauses) and all(until is not None and until > now for until in pauses)


def _judge_queue(now):
    queue = Message.objects.filter(state=Message.State.QUEUED, next_try_at__lt=now)
    dues = [
        queue.filter(priority=priority).order_by("next_try_at").values_list("next_try_at", flat=True)[:1]
        for priority in (Message.Priority.CODE, Message.Priority.EVENT)
    ]
    due = min(dues[0].union(dues[1], all=True), default=None)
    return judge_delay(now - due if due else None, TROUBLED_AFTER, FAILING_AFTER)


def _judge_newest(now):
    newest = Message.objects.order_by("-pk").values_list("state", "created")[:NEWEST]
    states = [state for state, created in newest if created > now - RECENT and state not in _OPEN]
    return judge_share(sum(state in _BAD for state in states), len(states))
