"""Sending deliveries: each until a receiver takes it, for 24 hours, at least once.

Claim (SKIP LOCKED; `next_try_at` moved ahead is the lease, committed) → HTTP from a pool of threads, without any
transaction and without the ORM → the outcome recorded. Where a worker dies meanwhile the lease runs out and the
delivery is sent again under its old id: receivers tell doubles by that.
"""

import json
import logging
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic, time

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from orders.models import WebhookDelivery, WebhookEndpoint
from orders.webhooks.outcomes import record_outcomes
from orders.webhooks.payloads import read_payload
from orders.webhooks.signatures import sign_delivery
from panel.lib.http import Answer, HttpError, NotSent
from panel.lib.outbound import check_address, outbound_client
from panel.lib.tracing import carry

log = logging.getLogger(__name__)
POOL_SIZE = 20
PER_ENDPOINT = 4  # calls at once to one endpoint, so that a slow one takes no other's place
PER_FAILING_ENDPOINT = 1
CALL_SECONDS = 10.0
ANSWER_BYTES = 65_536  # only the beginning of an answer is kept
LEASE_SECONDS = 60
IDLE_SECONDS = 0.2  # between two looks for what is due while answers are awaited
RUN_SECONDS = 50  # then the task ends and the next wake-up goes on: a deploy never waits long


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery on its way to a pool thread, this process's until `lease`."""

    delivery_id: int
    endpoint_id: int
    event_id: str
    url: str
    body: bytes
    lease: datetime
    retry_until: datetime
    tries: int
    share: int  # how many calls at once its endpoint may have
    secret: str = field(repr=False)


def send_deliveries():
    """Send what is due until nothing is left; returns how many tries were made. Any number of workers may do so."""
    started, look_again, tried, flying = monotonic(), 0, 0, {}
    with ThreadPoolExecutor(POOL_SIZE, thread_name_prefix="webhooks") as pool:
        while True:
            if look_again <= monotonic() < started + RUN_SECONDS and len(flying) < POOL_SIZE:
                claims = claim_deliveries(POOL_SIZE - len(flying), flying.values())
                look_again = monotonic() + (0 if claims else IDLE_SECONDS)
                flying |= {pool.submit(carry(post_delivery, claim)): claim for claim in claims}
            if not flying:
                return tried
            done, _ = wait(flying, timeout=IDLE_SECONDS, return_when=FIRST_COMPLETED)
            record_outcomes([(flying.pop(future), _read_outcome(future)) for future in done])
            tried += len(done)
            look_again = 0 if done else look_again  # an endpoint has a free place again


def claim_deliveries(limit, flying=()):
    """Take up to `limit` due deliveries for this process, committed: first of the endpoint that waits longest.

    `flying` are the Claims under way; no endpoint gets more than its share of calls at once.
    """
    now, claims = timezone.now(), []
    busy = Counter(claim.endpoint_id for claim in flying)
    full = {claim.endpoint_id for claim in flying if busy[claim.endpoint_id] >= claim.share}
    waiting = WebhookDelivery.objects.filter(endpoint=OuterRef("pk"), state=WebhookDelivery.State.PENDING)
    since = Subquery(waiting.order_by("next_try_at").values("next_try_at")[:1])
    endpoints = WebhookEndpoint.objects.filter(active=True).exclude(pk__in=full).annotate(since=since)
    for endpoint in endpoints.filter(since__lte=now).order_by("since")[:limit]:
        share = PER_FAILING_ENDPOINT if endpoint.is_failing else PER_ENDPOINT
        room = min(share - busy[endpoint.pk], limit - len(claims))
        claims += _claim_of(endpoint, room, share) if room > 0 else []
    return claims


def _claim_of(endpoint, room, share):
    with transaction.atomic():
        now = timezone.now()
        rows = list(
            WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("announcement")
            .filter(endpoint=endpoint, state=WebhookDelivery.State.PENDING, next_try_at__lte=now)
            .order_by("next_try_at")[:room]
        )
        lease = now + timedelta(seconds=LEASE_SECONDS)
        WebhookDelivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            next_try_at=lease, tries=F("tries") + 1
        )
        return [_make_claim(endpoint, row, lease, share) for row in rows]


def _make_claim(endpoint, row, lease, share):
    return Claim(
        delivery_id=row.pk,
        endpoint_id=endpoint.pk,
        event_id=row.event_id,
        url=endpoint.url,
        body=json.dumps(read_payload(row), ensure_ascii=False, separators=(",", ":")).encode(),
        lease=lease,
        retry_until=row.retry_until,
        tries=row.tries + 1,
        share=share,
        secret=endpoint.secret,
    )


def post_delivery(claim):
    """POST the claim, signed now; returns the Answer. Raises HttpError. Runs in a pool thread."""
    timestamp = int(time())
    headers = {
        "Content-Type": "application/json",
        "Webhook-Id": claim.event_id,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": sign_delivery(claim.secret, claim.event_id, timestamp, claim.body),
    }
    if not claim.url.lower().startswith("https://"):
        check_address(claim.url)  # was inside settings.EGRESS_ALLOW when it was registered
    return outbound_client().send(
        "POST",
        claim.url,
        headers=headers,
        body=claim.body,
        total_seconds=CALL_SECONDS,
        body_bytes=ANSWER_BYTES,
    )


def _read_outcome(future) -> Answer | HttpError:
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, HttpError):
        return error
    log.error("a webhook could not be sent: %s", type(error).__name__)  # its text may quote the address
    return NotSent("the request or its answer is malformed")
