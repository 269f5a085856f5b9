"""Sending the outbox through the gateway: each message at most once.

Claimed and committed before any HTTP, like orders: a message whose sender died, or whose answer is unclear, is
not repeated by itself.
"""

import logging
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
State = Message.State


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
    """Take up to `limit` due messages for this process, committed as being sent."""
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Message.objects.select_for_update(skip_locked=True)
            .filter(state=State.QUEUED, next_try_at__lte=now)
            .order_by("next_try_at")[:limit]
        )
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=State.SENDING, claimed_at=now, tries=F("tries") + 1
        )
    return rows


def settle_orphans():
    """Make messages whose sender died unclear; returns how many."""
    oldest = timezone.now() - timedelta(seconds=LEASE_SECONDS)
    orphans = Message.objects.filter(state=State.SENDING, claimed_at__lt=oldest)
    return orphans.update(state=State.UNCLEAR, error="the worker died before it could record an answer")


def _send(gateway, message):
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
    _record(message, state=State.QUEUED, next_try_at=later, error=error.reason[:300])


def _record(message, **values):
    Message.objects.filter(pk=message.pk, state=State.SENDING).update(**values)
