"""Noting calls from pool threads: they append to a queue, one thread of the process writes it to Redis.

A call pays for a tuple and nothing else. Describing, masking and counting are done by that thread, of the newest
SHOWN_CALLS of each outcome only. What a process that dies hadn't written yet is lost, and so is all of it with Redis.
"""

import json
import logging
import os
import threading
from collections import Counter, defaultdict, deque
from typing import NamedTuple

import redis

from panel.lib.background import Background
from panel.lib.redis_client import connect
from providers.adapters.base import AdapterError, Balance, Placed, Rejected, Unavailable, UpstreamStatus
from providers.calls.counting import name_class
from providers.calls.masking import mask_text
from providers.calls.store import (
    DAY_KEPT_SECONDS,
    HOUR_KEPT_SECONDS,
    LOG_KEPT_SECONDS,
    SHOWN_CALLS,
    name_hours,
    name_log,
    name_minutes,
)

log = logging.getLogger(__name__)
PAUSE_SECONDS = 0.25
MAX_WAITING = 10_000
_waiting = deque(maxlen=MAX_WAITING)
_writing = threading.Lock()


class Call(NamedTuple):
    """One call that ended: `result` is what it gave or the AdapterError that it raised.

    `seconds` is None for a call that was never sent; `secrets()` gives what must not be shown of its words.
    """

    moment: float
    provider_id: int
    what: str
    seconds: float | None
    result: object
    secrets: object


def note_call(call):
    """Take the Call down for the log; returns at once and never raises."""
    _waiting.append(call)
    _background.ask()


def write_waiting():
    """Write what was noted so far; returns how many calls. Without Redis they are dropped."""
    with _writing:
        calls = []
        while _waiting:
            calls.append(_waiting.popleft())
        if calls:
            try:
                _write(calls)
            except redis.RedisError as error:
                log.warning("%s calls were not noted: %s", len(calls), type(error).__name__)
        return len(calls)


_background = Background("calls", write_waiting, PAUSE_SECONDS)


def _write(calls):
    logs, minutes, hours = (
        defaultdict(lambda: deque(maxlen=SHOWN_CALLS)),
        defaultdict(Counter),
        defaultdict(Counter),
    )
    for call in calls:
        outcome = find_outcome(call.result)
        names = [outcome] if call.seconds is None else [outcome, name_class(call.seconds * 1000)]
        minute = int(call.moment // 60)
        logs[call.provider_id, outcome].append(call)
        for name in names:
            minutes[name_minutes(call.provider_id, minute // 60)][f"{minute % 60}:{name}"] += 1
            hours[name_hours(call.provider_id, minute // 60)][name] += 1
    pipe = connect().pipeline(transaction=False)
    for (provider_id, outcome), newest in logs.items():
        key = name_log(provider_id, outcome)
        pipe.lpush(key, *(json.dumps(describe_call(call), ensure_ascii=False) for call in newest))
        pipe.ltrim(key, 0, SHOWN_CALLS - 1)
        pipe.expire(key, LOG_KEPT_SECONDS)
    for counts, seconds in ((minutes, HOUR_KEPT_SECONDS), (hours, DAY_KEPT_SECONDS)):
        for key, numbers in counts.items():
            for name, number in numbers.items():
                pipe.hincrby(key, name, number)
            pipe.expire(key, seconds)
    pipe.execute()


def _start_anew():
    """A forked process has none of the threads, and what was noted is its parent's to write."""
    global _writing
    _writing = threading.Lock()
    _waiting.clear()


os.register_at_fork(after_in_child=_start_anew)


def find_outcome(result):
    """ok, rejected, unavailable or unclear."""
    if not isinstance(result, AdapterError):
        return "ok"
    if isinstance(result, Rejected):
        return "rejected"
    return "unavailable" if isinstance(result, Unavailable) else "unclear"


def describe_call(call):
    """What is kept of a Call: moment, what was called, outcome, milliseconds (None: not sent), masked words."""
    return {
        "moment": call.moment,
        "what": call.what,
        "outcome": find_outcome(call.result),
        "ms": None if call.seconds is None else round(call.seconds * 1000),
        "words": mask_text(_tell(call.result), call.secrets()),
    }


def _tell(result):
    """In a few words, the upstream's own where there are any."""
    if isinstance(result, AdapterError):
        return " · ".join(filter(None, (result.reason, result.excerpt)))
    if isinstance(result, Placed):
        return result.excerpt or result.upstream_id
    if isinstance(result, Balance):
        return f"{result.amount:f} {result.currency}".strip()
    if isinstance(result, dict):
        answers = Counter(_tell_answer(answer) for answer in result.values())
        return ", ".join(f"{word} × {number}" for word, number in answers.most_common())
    return f"{len(result)} rows" if isinstance(result, list) else ""


def _tell_answer(answer):
    """One row of an answer about many."""
    if answer.error:
        return answer.error
    return answer.raw_status if isinstance(answer, UpstreamStatus) else getattr(answer, "raw_status", "taken")
