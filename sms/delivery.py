"""Asking the gateway how far sent messages got."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from panel.lib.update_many import update_many
from sms.gateway.codes import DeliveryState
from sms.gateway.errors import GatewayError
from sms.models import Message
from sms.sending import open_gateway

log = logging.getLogger(__name__)
BATCH = 100
GIVE_UP = timedelta(days=3)
ENDS = {
    DeliveryState.DELIVERED: Message.State.DELIVERED,
    DeliveryState.NOT_AT_OPERATOR: Message.State.UNDELIVERED,
    DeliveryState.NOT_DELIVERED: Message.State.UNDELIVERED,
    DeliveryState.RETURNED: Message.State.UNDELIVERED,
}


def poll_deliveries():
    """Ask about sent messages that are due, 100 ids a call; returns how many calls were made."""
    if not settings.SMS_GATEWAY_URL:
        return 0
    gateway, calls = open_gateway(), 0
    while batch := _claim():
        try:
            told = gateway.status([message.gateway_id for message in batch])
        except GatewayError as error:
            log.warning("no delivery states: %s", error.reason)
            return calls
        calls += 1
        for message in batch:
            _record(message, told.get(message.gateway_id))
    return calls


def _claim():
    """Messages that are due, their next question moved ahead before this one is asked."""
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Message.objects.select_for_update(skip_locked=True)
            .filter(next_status_at__lte=now)
            .order_by("next_status_at")[:BATCH]
        )
        for row in rows:
            wait = max((now - row.sent_at) / 4, timedelta(seconds=settings.SMS_PENDING_STATUS_SECONDS))
            row.next_status_at = now + wait if now - row.sent_at < GIVE_UP else None
        update_many(rows, ["next_status_at"])
    return rows


def _record(message, state):
    if state is None or (state == message.delivery_code and state not in ENDS):
        return
    values = {"delivery_code": int(state)}
    if state in ENDS:
        values |= {"state": ENDS[state], "next_status_at": None}
    Message.objects.filter(pk=message.pk, state=Message.State.SENT).update(**values)
