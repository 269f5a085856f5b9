"""Asking the gateways how far sent messages got."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from sms.gateway.codes import DeliveryState
from sms.gateway.errors import GatewayError
from sms.models import Message
from sms.routes import load_all_routes

log = logging.getLogger(__name__)
BATCH = 2_000  # messages; those of one call of the sender may share an id
GIVE_UP = timedelta(days=3)
ENDS = {
    DeliveryState.DELIVERED: Message.State.DELIVERED,
    DeliveryState.NOT_AT_OPERATOR: Message.State.UNDELIVERED,
    DeliveryState.NOT_DELIVERED: Message.State.UNDELIVERED,
    DeliveryState.RETURNED: Message.State.UNDELIVERED,
}
# The next question is moved ahead before this one is asked: later the older the message is, until it is given up.
_CLAIM = """
WITH due AS (
    SELECT id FROM sms_message WHERE next_status_at <= %(now)s
    ORDER BY next_status_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE sms_message message
SET next_status_at = CASE WHEN %(now)s - sent_at < %(give_up)s
    THEN %(now)s + greatest((%(now)s - sent_at) / 4, %(least)s) END
-- An array, not a join: right after a large send the table's statistics still tell of a small one.
WHERE message.id = ANY (ARRAY (SELECT id FROM due))
RETURNING message.id, message.via_id, message.gateway_id
"""
_RECORD = """
UPDATE sms_message message
SET delivery_code = told.code, state = coalesce(told.state, message.state),
    next_status_at = CASE WHEN told.state IS NULL THEN message.next_status_at END
FROM unnest(%s::bigint[], %s::smallint[], %s::text[]) told(id, code, state)
WHERE message.id = told.id AND message.state = 'sent'
    AND (told.state IS NOT NULL OR message.delivery_code IS DISTINCT FROM told.code)
"""


def poll_deliveries():
    """Ask about sent messages that are due, as many ids a call as the gateway takes; returns how many were told."""
    routes, calls = load_all_routes(), 0
    while claimed := _claim():
        by_route = {}
        for pk, via, identifier in claimed:
            by_route.setdefault(via, {}).setdefault(identifier, []).append(pk)
        for via, ids in by_route.items():
            # The gateway of the settings may have taken them before it got a row, and an erased one can't be asked.
            if route := routes.get(via):
                calls += _ask(route, ids)
    return calls


def _ask(route, ids):
    """Ask one gateway about `{its id: [our message ids]}`; returns how many calls were answered."""
    identifiers, calls = list(ids), 0
    for start in range(0, len(identifiers), route.transport.max_ids):
        some = identifiers[start : start + route.transport.max_ids]
        try:
            told = route.transport.states(some)
        except GatewayError as error:
            log.warning("no delivery states from %s: %s", route.name, error.reason)
            return calls
        calls += 1
        _record({pk: state for identifier, state in told.items() for pk in ids[identifier]})
    return calls


def _claim():
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "now": timezone.now(),
                "limit": BATCH,
                "give_up": GIVE_UP,
                "least": timedelta(seconds=settings.SMS_PENDING_STATUS_SECONDS),
            },
        )
        return cursor.fetchall()


def _record(states):
    """`{message id: DeliveryState}`: final ones end the asking, others only move on."""
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            [list(states), [int(state) for state in states.values()], [ENDS.get(s) for s in states.values()]],
        )
