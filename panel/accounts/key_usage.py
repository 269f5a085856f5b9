"""How often each key is used, and when it last was.

Calls are counted in windows of a minute. Each process counts by itself and reports to Redis in parcels of a
twentieth of the limit (1 to MAX_PARCEL calls), and learns from the answer what all processes counted: between
two parcels nothing leaves the process. So a key can exceed its limit by at most one parcel for each process.
Without Redis each process allows the limit alone: losing the cache must not stop an order.
"""

import logging
import math
import threading
import time
from dataclasses import dataclass, field

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from panel.lib.prepared import run_prepared

log = logging.getLogger(__name__)
WINDOW_SECONDS = 60
PARCELS = 20
MAX_PARCEL = 100
MAX_KEYS = 10_000  # remembered by a process
REDIS_SECONDS = 0.1
REDIS_PAUSE_SECONDS = 5
DIGEST_BYTES = 32

# The line leads from a token to who issued it, then to the keys that it replaced one after the other. Its end is
# the bucket, so neither issued tokens nor rotating multiply what a customer may call. An ended token has a bucket
# of its own (minus its id): who found a leaked one must not use up the calls of the key that took its place. The
# token and its issuers were used; a row that is locked is left for another minute, so a call waits for nobody.
_NOTE = b"""
WITH RECURSIVE line AS (
    SELECT id, issued_by_id, customer_id, 0 AS step,
        revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) AS used
    FROM accounts_apitoken WHERE digest = $1::bytea
    UNION ALL
    SELECT t.id, t.issued_by_id, line.customer_id, line.step + 1, line.used AND line.issued_by_id IS NOT NULL
    FROM line JOIN accounts_apitoken t ON t.id = coalesce(
        line.issued_by_id,
        (SELECT old.id FROM accounts_apitoken old WHERE old.replaced_by_id = line.id ORDER BY old.id LIMIT 1)
    )
),
due AS (
    SELECT t.id FROM line JOIN accounts_apitoken t ON t.id = line.id
    WHERE line.used AND (t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute')
    FOR NO KEY UPDATE OF t SKIP LOCKED
),
noted AS (UPDATE accounts_apitoken t SET last_used_at = now() FROM due WHERE t.id = due.id)
SELECT CASE WHEN token.used THEN line.id ELSE -token.id END,
    (SELECT greatest(c.discount, c.level_discount) FROM accounts_customer c WHERE c.id = line.customer_id)
FROM line JOIN line token ON token.step = 0 ORDER BY line.step DESC LIMIT 1
"""


class Throttled(Exception):
    """Too many calls; `retry_after_seconds` (at least 1) says when the next one is taken."""

    def __init__(self, retry_after_seconds):
        super().__init__(f"try again in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


def find_limit(discount):
    """Calls a minute at that discount in percent, by settings.API_CALLS_PER_MINUTE."""
    levels = settings.API_CALLS_PER_MINUTE
    return levels[max((level for level in levels if level <= discount), default=min(levels))]


@dataclass(slots=True)
class _Bucket:
    """The calls of one window: `total` as far as known of all processes, `unreported` ours since."""

    name: int | str
    window: int = -1
    limit: int = 0
    total: int = 0
    unreported: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def parcel(self):
        return max(1, min(self.limit // PARCELS, MAX_PARCEL))

    def open_window(self, window, limit):
        """Begin anew when another window has begun; what was not reported of the last one no longer counts."""
        with self.lock:
            self.limit = limit
            if window != self.window:
                self.window, self.total, self.unreported = window, 0, 0

    def take(self):
        """Count a call if it may pass. Returns whether it did."""
        with self.lock:
            if self.total + self.unreported >= self.limit:
                return False
            self.unreported += 1
            return True

    def take_parcel(self):
        """The calls to report now as `(window, count)`; they count as part of the total from here on."""
        with self.lock:
            count, self.unreported = self.unreported, 0
            self.total += count
            return self.window, count

    def learn_total(self, window, total):
        with self.lock:
            if window == self.window:
                self.total = max(self.total, total)

    def put_back(self, window, count):
        """Keep a parcel that was not reported for the next try."""
        with self.lock:
            if window == self.window:
                self.total -= count
                self.unreported += count


class KeyUsage:
    """What one process knows of the keys in use; `clock` gives unix seconds. Safe for threads."""

    def __init__(self, clock=time.time):
        self._clock = clock
        self._keys = {}  # digest: (window, bucket)
        self._buckets = {}
        self._lock = threading.Lock()  # of changes to both, once a minute for each key
        self._redis = None
        self._redis_paused_until = 0.0

    def note_call(self, digest):
        """Count a call with the token of that digest; raises Throttled. What nobody issued is not counted.

        Once a minute it also notes the last use (unless the token has ended) and reads the customer's limit.
        Raises psycopg's errors.
        """
        now = self._clock()
        window = int(now // WINDOW_SECONDS)
        known = self._keys.get(digest)
        if known is None or known[0] != window:
            known = self._look_up(digest, window)
            if known is None:
                return
        self._take(known[1], now)

    def note_login(self, customer_id, discount):
        """Count a call that a customer's password opened; raises Throttled. Keys of the customer count apart.

        `discount` is in percent.
        """
        now = self._clock()
        name = f"customer:{customer_id}"
        with self._lock:
            bucket = _remember(self._buckets, name, self._buckets.get(name) or _Bucket(name))
        bucket.open_window(int(now // WINDOW_SECONDS), find_limit(discount))
        self._take(bucket, now)

    def _take(self, bucket, now):
        if not bucket.take():
            raise Throttled(max(1, math.ceil((bucket.window + 1) * WINDOW_SECONDS - now)))
        if bucket.unreported >= bucket.parcel and now >= self._redis_paused_until:
            self._report(bucket)

    def _look_up(self, digest, window):
        rows = run_prepared(_NOTE, (digest,)) if len(digest) == DIGEST_BYTES else []
        if not rows:
            return None
        ((root, discount),) = rows
        with self._lock:
            bucket = _remember(self._buckets, root, self._buckets.get(root) or _Bucket(root))
            bucket.open_window(window, find_limit(discount))
            return _remember(self._keys, digest, (window, bucket))

    def _report(self, bucket):
        window, count = bucket.take_parcel()
        if not count:
            return  # another thread was quicker
        name = f"panel:calls:{bucket.name}:{window}"
        try:
            pipeline = self._connect().pipeline(transaction=False)
            total, _ = pipeline.incrby(name, count).expire(name, 2 * WINDOW_SECONDS).execute()
        except redis.RedisError as error:
            self._redis_paused_until = self._clock() + REDIS_PAUSE_SECONDS
            bucket.put_back(window, count)
            log.warning("calls are counted by each process alone: %s", type(error).__name__)
        else:
            bucket.learn_total(window, total)

    def _connect(self):
        if self._redis is None:
            self._redis = redis.Redis.from_url(
                settings.REDIS_URL,
                socket_timeout=REDIS_SECONDS,
                socket_connect_timeout=REDIS_SECONDS,
                retry=Retry(NoBackoff(), 0),  # a call that was counted and not heard must not count twice
            )
        return self._redis


def _remember(rows, name, value):
    """Put it into the bounded dict, from which the oldest goes when it is full."""
    if name not in rows and len(rows) >= MAX_KEYS:
        del rows[next(iter(rows))]
    rows[name] = value
    return value


_usage = KeyUsage()
note_call, note_login = _usage.note_call, _usage.note_login
