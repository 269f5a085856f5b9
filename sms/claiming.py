"""Taking messages out of the queue for one process, committed before anything is sent.

Codes come before news, news before what customers send, and advertisements last.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from panel.lib.secrets import decrypt
from sms.models import Message
from sms.quiet import find_midnight, find_next_day, is_quiet

# More than a claimed message can wait and be sent in, so none of them is taken for an orphan.
LEASE_SECONDS = 300 * settings.WAIT_SCALE
CAPS_LOCK = 7_346_001  # advisory: one process at a time counts the advertisements of the day
State, Priority = Message.State, Message.Priority
_CLAIM = """
WITH due AS (
    SELECT id FROM sms_message
    WHERE state = 'queued' AND priority = %(priority)s AND next_try_at <= %(now)s
        AND (expires_at IS NULL OR expires_at > %(now)s)
    ORDER BY {order} LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE sms_message message SET state = 'sending', claimed_at = %(now)s, tries = tries + 1
-- An array, not a join: right after a large send the table's statistics still tell of a small one.
WHERE message.id = ANY (ARRAY (SELECT id FROM due))
RETURNING message.id, message."to", message.text, message.send_id, message.template_id, message.values,
    message.priority, message.tries, message.expires_at, message.parts, message.trace
"""
_CLAIM_FIRST_DUE, _CLAIM_FIRST_EXPIRING = (
    _CLAIM.format(order="next_try_at"),
    _CLAIM.format(order="expires_at"),
)
_PUT_BACK = """
WITH counted AS (
    SELECT "to", count(*) - %(most)s AS surplus FROM sms_message
    WHERE priority = 3 AND claimed_at >= %(since)s AND "to" = ANY (%(numbers)s::text[])
    GROUP BY "to" HAVING count(*) > %(most)s
),
taken AS (
    SELECT id, "to", row_number() OVER (PARTITION BY "to" ORDER BY id DESC) AS place
    FROM sms_message WHERE id = ANY (%(ids)s::bigint[])
)
UPDATE sms_message message
SET state = 'queued', claimed_at = NULL, tries = tries - 1, next_try_at = %(later)s
WHERE message.id = ANY (ARRAY(SELECT taken.id FROM taken JOIN counted USING ("to") WHERE place <= surplus))
RETURNING message.id
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process sends now, or nobody does by itself. Text and values are encrypted still."""

    id: int
    to: str
    secret_text: str
    send_id: int | None
    template_id: int | None
    secret_values: str
    priority: int
    tries: int  # this one included
    expires_at: datetime | None
    parts: int
    trace: UUID | None = None  # of the request that caused it

    @property
    def text(self):
        """The text; those of a send have it there."""
        return decrypt(self.secret_text) if self.secret_text else ""

    @property
    def values(self):
        """The template's values as JSON, or an empty text."""
        return decrypt(self.secret_values) if self.secret_values else ""


def claim_codes(limit):
    """Up to `limit` messages that somebody waits for with a form in front of them, those that expire first."""
    rows = _claim(Priority.CODE, limit, timezone.now(), _CLAIM_FIRST_EXPIRING)
    return sorted(rows, key=lambda row: row.expires_at)  # they are returned in any order


def claim_messages(limit):
    """Up to `limit` other messages that are due, the most urgent first; advertisements within their bounds."""
    now = timezone.now()
    rows = _claim(Priority.EVENT, limit, now)
    if len(rows) < limit:
        rows += _claim(Priority.SEND, limit - len(rows), now)
    if len(rows) < limit and not is_quiet(now):
        rows += _claim_advertising(limit - len(rows), now)
    return rows


def settle_orphans():
    """Make messages whose sender died unclear; returns how many."""
    oldest = timezone.now() - timedelta(seconds=LEASE_SECONDS)
    orphans = Message.objects.filter(state=State.SENDING, claimed_at__lt=oldest)
    return orphans.update(state=State.UNCLEAR, error="the worker died before it could record an answer")


def _claim(priority, limit, now, statement=_CLAIM_FIRST_DUE):
    with connection.cursor() as cursor:
        cursor.execute(statement, {"priority": priority, "limit": limit, "now": now})
        return [Claimed(*row) for row in cursor.fetchall()]


def _claim_advertising(limit, now):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CAPS_LOCK])
        rows = _claim(Priority.ADVERTISING, limit, now)
        if not rows:
            return []
        cursor.execute(
            _PUT_BACK,
            {
                "most": settings.SMS_ADVERTISING_PER_DAY,
                "since": find_midnight(now),
                "later": find_next_day(now),
                "numbers": [row.to for row in rows],
                "ids": [row.id for row in rows],
            },
        )
        back = {pk for (pk,) in cursor.fetchall()}
        return [row for row in rows if row.id not in back]
