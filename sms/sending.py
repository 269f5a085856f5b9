"""Sending the outbox through the gateway: each message at most once.

Claimed and committed before any HTTP, like orders: a message whose sender died, or whose answer is unclear, is
not repeated by itself. A message that expires (a login code) goes before the others, is not sent when it is too
late, and loses its text when it is sent, has failed or expires; it has no `expires_at` from then on.
"""

import logging
import re
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from panel.lib.mobile import national_mobile
from panel.lib.outbound import outbound_client
from sms.gateway.errors import GatewayError, NotSent, Refused
from sms.gateway.rest import RestGateway
from sms.models import Message

log = logging.getLogger(__name__)
BATCH = 10
CALL_SECONDS = 20.0
LEASE_SECONDS = 300  # more than a whole batch can take, so a message in it is never taken for an orphan
MAX_TRIES = 12
MAX_DELAY_SECONDS = 900
EXPIRED = "expired"
State = Message.State
WIPED = {"text": "", "expires_at": None}
CODE = re.compile(r"\d{4,}")


def open_gateway():
    """The SMS gateway of the settings."""
    return RestGateway(
        settings.SMS_GATEWAY_URL,
        outbound_client(),
        token=settings.SMS_GATEWAY_TOKEN,
        total_seconds=CALL_SECONDS,
    )


def send_messages():
    """Send what is queued and due; returns how many messages were tried. Without a gateway nothing is."""
    settle_orphans()
    if not settings.SMS_GATEWAY_URL:
        return 0
    gateway, tried = open_gateway(), 0
    while batch := claim_messages(BATCH):
        for message in batch:
            _send(gateway, message)
        tried += len(batch)
    return tried


def claim_messages(limit):
    """Take up to `limit` due messages for this process, committed as being sent; those that expire first."""
    now = timezone.now()
    due = Message.objects.select_for_update(skip_locked=True).filter(state=State.QUEUED, next_try_at__lte=now)
    with transaction.atomic():
        rows = list(due.filter(expires_at__gt=now).order_by("expires_at")[:limit])
        if len(rows) < limit:
            rows += due.filter(expires_at=None).order_by("next_try_at")[: limit - len(rows)]
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=State.SENDING, claimed_at=now, tries=F("tries") + 1
        )
    return rows


def settle_orphans():
    """Make messages whose sender died unclear; returns how many."""
    oldest = timezone.now() - timedelta(seconds=LEASE_SECONDS)
    orphans = Message.objects.filter(state=State.SENDING, claimed_at__lt=oldest)
    return orphans.update(state=State.UNCLEAR, error="the worker died before it could record an answer")


def expire_messages():
    """Wipe the texts of messages that expired, whatever became of them; those still queued have failed.

    Returns how many there were.
    """
    expired = Message.objects.filter(expires_at__lte=timezone.now())
    failed = expired.filter(state=State.QUEUED).update(
        state=State.FAILED, error=EXPIRED, next_try_at=None, **WIPED
    )
    return failed + expired.update(**WIPED)


def _send(gateway, message):
    if _has_expired(message, timezone.now()):
        _record(message, state=State.FAILED, error=EXPIRED, next_try_at=None)
        return
    try:
        sent = gateway.send(settings.SMS_FROM, [national_mobile(message.to)], message.text)
    except NotSent as error:
        _put_off(message, error)
    except Refused as error:
        _record(message, state=State.FAILED, error=error.reason[:300], next_try_at=None)
    except GatewayError as error:
        _record(message, state=State.UNCLEAR, error=error.reason[:300], next_try_at=None)
    else:
        now = timezone.now()
        _record(
            message,
            state=State.SENT,
            gateway_id=str(sent.id)[:64],
            sent_at=now,
            next_status_at=now + timedelta(seconds=settings.SMS_PENDING_STATUS_SECONDS),
            next_try_at=None,
            error="",
        )


def _put_off(message, error):
    """It surely was not sent: try again later, up to MAX_TRIES times."""
    if message.tries + 1 >= MAX_TRIES:
        _record(message, state=State.FAILED, error=error.reason[:300], next_try_at=None)
        return
    delay = error.retry_after_seconds or min(5 * 2**message.tries, MAX_DELAY_SECONDS)
    later = timezone.now() + timedelta(seconds=delay)
    if _has_expired(message, later):
        _record(message, state=State.FAILED, error=EXPIRED, next_try_at=None)
        return
    _record(message, state=State.QUEUED, next_try_at=later, error=error.reason[:300])


def _has_expired(message, moment):
    return message.expires_at is not None and message.expires_at <= moment


def _record(message, **values):
    """Write what became of it. The text of an unclear one stays until it expires, as evidence."""
    if message.expires_at is not None:
        values["error"] = CODE.sub("…", values["error"])  # a gateway's words may repeat the text
        if values["state"] in (State.SENT, State.FAILED):
            values |= WIPED
    Message.objects.filter(pk=message.pk, state=State.SENDING).update(**values)
