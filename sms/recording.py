"""Writing down what became of messages, many at a time; what no gateway took is paid back in the same transaction.

Each statement looks for messages that are still being sent: what was settled meanwhile stays as it is. A message
that expires (a code) loses its text when it was sent or has failed, and digits are masked in what is said of it.
"""

import re
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from sms.gateway.errors import NotSent, Refused
from sms.handover import Sent
from sms.refunding import refund_messages

MAX_TRIES = 12
FIRST_DELAY_SECONDS, MAX_DELAY_SECONDS = 5 * settings.WAIT_SCALE, 900 * settings.WAIT_SCALE
COST_LIMIT = 10**10 - 1  # toman; what is more is no price, and has no room in the column
EXPIRED = "expired"
CODE = re.compile(r"\d{4,}")
ERROR_LENGTH = 300
_WIPED = """text = CASE WHEN message.expires_at IS NULL THEN message.text ELSE '' END,
    values = CASE WHEN message.expires_at IS NULL THEN message.values ELSE '' END, expires_at = NULL"""
_SENT = f"""
UPDATE sms_message message
SET state = 'sent', via_id = %s::bigint, gateway_id = told.gateway_id, parts = coalesce(%s::smallint, message.parts),
    cost = coalesce(%s::numeric, %s::numeric * coalesce(%s::smallint, message.parts)), sent_at = %s,
    next_status_at = %s, next_try_at = NULL, error = '', {_WIPED}
FROM unnest(%s::bigint[], %s::text[]) told(id, gateway_id)
WHERE message.id = told.id AND message.state = 'sending'
"""  # noqa: S608 - constants
_UNCLEAR = """
UPDATE sms_message message SET state = 'unclear', next_try_at = NULL, error = told.error
FROM unnest(%s::bigint[], %s::text[]) told(id, error) WHERE message.id = told.id AND message.state = 'sending'
"""
_PUT_OFF = """
UPDATE sms_message message SET state = 'queued', next_try_at = told.later, error = told.error
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[]) told(id, error, later)
WHERE message.id = told.id AND message.state = 'sending'
"""
_FAILED = f"""
UPDATE sms_message message SET state = 'failed', next_try_at = NULL, error = told.error, {_WIPED}
FROM unnest(%s::bigint[], %s::text[]) told(id, error) WHERE message.id = told.id AND message.state = 'sending'
RETURNING message.id
"""  # noqa: S608 - constants


def record_outcomes(outcomes):
    """Record all Outcomes. What an error keeps from being recorded is unclear in the end, and never sent twice."""
    sent, unclear, failed, later = [], [], [], []
    for outcome in outcomes:
        result = outcome.result
        if isinstance(result, Sent):
            sent.append(outcome)
        elif isinstance(result, Refused):
            failed.append((outcome.message, _word(outcome)))
        elif isinstance(result, NotSent):
            moment, error = _find_next_try(outcome)
            (later if moment else failed).append((outcome.message, error, moment)[: 3 if moment else 2])
        else:
            unclear.append((outcome.message, _word(outcome)))
    if sent:
        _record_sent(sent)
    if unclear:
        _run(_UNCLEAR, [message.id for message, _ in unclear], [error for _, error in unclear])
    if later:
        ids, errors, moments = zip(
            *((message.id, error, moment) for message, error, moment in later), strict=True
        )
        _run(_PUT_OFF, list(ids), list(errors), list(moments))
    _record_failed(failed)


def _record_sent(outcomes):
    now = timezone.now()
    later = now + timedelta(seconds=settings.SMS_PENDING_STATUS_SECONDS)
    # Most came from one gateway at one price: long arrays are slow to write, so only what differs is in them.
    groups = {}
    for outcome in outcomes:
        route, taken = outcome.result.route, outcome.result.taken
        cost = taken.cost if taken.cost is not None and taken.cost < COST_LIMIT else None
        group = groups.setdefault((route.gateway_id, taken.parts, cost, route.part_cost), ([], []))
        group[0].append(outcome.message.id)
        group[1].append(taken.id[:64])
    for (via, parts, cost, part_cost), (ids, gateway_ids) in groups.items():
        _run(_SENT, via, parts, cost, part_cost, parts, now, later, ids, gateway_ids)


def _record_failed(pairs):
    """Those of one send at a time, so that no transaction waits for two customers' wallets."""
    groups = {}
    for message, error in pairs:
        groups.setdefault(message.send_id, []).append((message.id, error))
    for send_id, rows in sorted(groups.items(), key=lambda item: item[0] or 0):
        with transaction.atomic():
            ids = _run(_FAILED, [pk for pk, _ in rows], [error for _, error in rows])
            if send_id and ids:
                refund_messages(send_id, ids)


def _find_next_try(outcome):
    """`(moment, error)` of a message that surely was not sent; without a moment it has failed."""
    message, now = outcome.message, timezone.now()
    if message.tries >= MAX_TRIES:
        return None, _word(outcome)
    # A gateway that names a second each time would use up all tries in a few of them.
    wished = outcome.result.retry_after_seconds or FIRST_DELAY_SECONDS
    grown = min(wished * 2 ** (message.tries - 1), MAX_DELAY_SECONDS)
    later = now + timedelta(seconds=max(wished, grown))
    if message.expires_at is not None and message.expires_at <= later:
        return None, EXPIRED
    return later, _word(outcome)


def _word(outcome):
    reason = outcome.result.reason
    if outcome.message.expires_at is not None:
        reason = CODE.sub("…", reason)  # a gateway's words may repeat the text
    return reason[:ERROR_LENGTH]


def _run(statement, *values):
    """The ids it returns, if it returns any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [pk for (pk,) in cursor.fetchall()] if cursor.description else []
