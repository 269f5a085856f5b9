"""Recording what became of a try: delivered, to be tried again, or failed for good."""

import logging
import random
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from orders.models import WebhookDelivery, WebhookEndpoint
from orders.webhooks.reasons import GONE
from panel.lib.http import HttpError, excerpt

log = logging.getLogger(__name__)
State = WebhookDelivery.State
# Seconds after the first try, the second …; the last for all that follow, until 24 h are over.
DELAYS = (10, 30, 120, 600, 1800, 3600, 10_800)
GONE_STATUS = 410
EXCERPT_LENGTH = 200


def record_outcomes(outcomes):
    """Record `(Claim, Answer or HttpError)`. What another sender has claimed meanwhile stays as it is."""
    for claim, outcome in outcomes:
        if not isinstance(outcome, HttpError) and 200 <= outcome.status < 300:
            _record_success(claim, outcome)
        else:
            _record_failure(claim, outcome)


def _record_success(claim, answer):
    now = timezone.now()
    values = {"state": State.SENT, "next_try_at": None, "delivered_at": now, "error": ""}
    with transaction.atomic():
        if _update(claim, status_code=answer.status, **values):
            WebhookEndpoint.objects.filter(pk=claim.endpoint_id).update(last_success_at=now)


def _record_failure(claim, outcome):
    now = timezone.now()
    status, error = _name_failure(claim, outcome)
    gone = status == GONE_STATUS
    ended = gone or now >= claim.retry_until
    values = {"state": State.FAILED, "next_try_at": None} if ended else {"next_try_at": next_try(claim, now)}
    with transaction.atomic():
        if not _update(claim, status_code=status, error=error, **values):
            return
        noted = {"last_failure_at": now, "last_failure": error or f"HTTP {status}"}
        if gone:
            noted["active"] = False
        WebhookEndpoint.objects.filter(pk=claim.endpoint_id).update(**noted)
    # What the receiver wrote is for its owner's eyes.
    log.info("webhook delivery %s, try %s: %s", claim.delivery_id, claim.tries, status or error)


def _update(claim, **values):
    """Change the delivery while it is still this sender's; returns whether it was."""
    mine = WebhookDelivery.objects.filter(pk=claim.delivery_id, state=State.PENDING, next_try_at=claim.lease)
    return bool(mine.update(**values))


def _name_failure(claim, outcome):
    """(HTTP status or None, what is shown of it)."""
    if isinstance(outcome, HttpError):
        return None, outcome.reason
    if outcome.status == GONE_STATUS:
        return outcome.status, GONE
    return outcome.status, excerpt(outcome.body, [claim.secret], EXCERPT_LENGTH)


def next_try(claim, now):
    """When to try again: ever later, with a fifth of jitter, and for the last time when the 24 h are over."""
    delay = DELAYS[min(claim.tries, len(DELAYS)) - 1] * random.uniform(1, 1.2)  # noqa: S311 - jitter
    return min(now + timedelta(seconds=delay), claim.retry_until)
