"""Counts and durations of this process, added up over all processes in Redis, where /metrics reads them.

An observation pays for a few additions; a thread writes them in parcels. While Redis is away they are kept and
written later; a Redis that lost its memory begins at 0, which Prometheus knows from restarts.
"""

import logging
import os
import threading
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

import redis

from panel.lib.background import Background
from panel.lib.redis_client import connect

log = logging.getLogger(__name__)
KEY = "panel:metrics"
KEPT_SECONDS = 7 * 86_400  # after the last observation of all
PAUSE_SECONDS = 1
MICROSECONDS = 1_000_000
SUM = "sum"
_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class Measure:
    """A counter, or with `bounds` (the upper ends of its buckets, in seconds) a histogram of durations.

    The values of its labels are bounded in number and safe to read for everybody who reads metrics: ids and names of
    ours, never what somebody typed.
    """

    name: str
    help: str
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()

    def count(self, *values, by=1):
        """So many more with these values of the labels."""
        _add(((self.name, values, ""), by))

    def observe(self, seconds, *values):
        """One that took so long."""
        bucket = (self.name, values, bisect_left(self.bounds, seconds))
        _add((bucket, 1), ((self.name, values, SUM), max(int(seconds * MICROSECONDS), 0)))


_lock = threading.Lock()
_writing = threading.Lock()
_added = Counter()  # (measure's name, values of its labels, part) → number


def _add(*numbers):
    with _lock:
        for key, number in numbers:
            _added[key] += number
    _background.ask()


def write_added():
    """Add what was observed so far to what Redis has; raises RedisError, and keeps it then."""
    global _added
    with _writing:
        with _lock:
            numbers, _added = _added, Counter()
        if not numbers:
            return
        pipe = connect().pipeline(transaction=True)
        for (name, values, part), number in numbers.items():
            pipe.hincrby(KEY, _BETWEEN.join(map(str, (name, *values, part))), number)
        pipe.expire(KEY, KEPT_SECONDS)
        try:
            pipe.execute()
        except redis.RedisError:
            with _lock:
                _added += numbers
            raise


def read_added():
    """What all processes observed: `{measure's name: {(values of its labels): {part: number}}}`. Raises RedisError.

    A counter has one part, the empty one; a histogram the numbers of its buckets and SUM (microseconds).
    """
    found = {}
    for field, number in connect().hgetall(KEY).items():
        name, *values, part = field.decode().split(_BETWEEN)
        found.setdefault(name, {}).setdefault(tuple(values), {})[part] = int(number)
    return found


def _write_soon():
    try:
        write_added()
    except redis.RedisError as error:
        log.warning("metrics wait for Redis: %s", type(error).__name__)
        _background.ask()


_background = Background("metrics", _write_soon, PAUSE_SECONDS)


def _start_anew():
    """A forked process has none of the threads, and what was observed is its parent's to write."""
    global _lock, _writing
    _lock, _writing = threading.Lock(), threading.Lock()
    _added.clear()


os.register_at_fork(after_in_child=_start_anew)
