"""Where calls are kept in Redis: a list for each outcome, and counts by minute (an hour) and by hour (a day)."""

import json
from collections import Counter
from time import time

from panel.lib.redis_client import connect
from providers.calls.counting import OUTCOMES, Counts

SHOWN_CALLS = 100
LOG_KEPT_SECONDS = 7 * 86_400
HOUR_KEPT_SECONDS = 3 * 3600
DAY_KEPT_SECONDS = 26 * 3600
MINUTES, HOURS = 60, 24


def name_log(provider_id, outcome):
    """The key of the newest calls with that outcome."""
    return f"provider-calls:{provider_id}:log:{outcome}"


def name_minutes(provider_id, hour):
    """The key of the counts of each minute of an hour (hours since 1970), whose fields are `minute:name`."""
    return f"provider-calls:{provider_id}:minutes:{hour}"


def name_hours(provider_id, hour):
    """The key of the counts of an hour (hours since 1970)."""
    return f"provider-calls:{provider_id}:hours:{hour}"


def read_log(provider_id, outcome=""):
    """The newest SHOWN_CALLS, as noting.describe_call made them; of one outcome if given. Raises RedisError."""
    pipe = connect().pipeline(transaction=False)
    for one in [outcome] if outcome in OUTCOMES else OUTCOMES:
        pipe.lrange(name_log(provider_id, one), 0, SHOWN_CALLS - 1)
    calls = [json.loads(row) for rows in pipe.execute() for row in rows]
    return sorted(calls, key=lambda call: -call["moment"])[:SHOWN_CALLS]


def read_minutes(provider_ids, now=None):
    """`{provider id: [Counts]}` of the last MINUTES, the oldest first and this one last. Raises RedisError."""
    last = int((now or time()) // 60)
    wanted = range(last - MINUTES + 1, last + 1)
    hours = sorted({minute // 60 for minute in wanted})
    pipe = connect().pipeline(transaction=False)
    for pk in provider_ids:
        for hour in hours:
            pipe.hgetall(name_minutes(pk, hour))
    answers = iter(pipe.execute())
    found = {}
    for pk in provider_ids:
        minutes = {minute: Counts() for minute in wanted}
        for hour in hours:
            for name, number in next(answers).items():
                minute, _, what = name.decode().partition(":")
                counts = minutes.get(hour * 60 + int(minute))
                if counts is not None:
                    counts.numbers[what] += int(number)
        found[pk] = list(minutes.values())
    return found


def read_hours(provider_id, now=None):
    """[Counts] of the last HOURS, the oldest first and this one last. Raises RedisError."""
    last = int((now or time()) // 3600)
    pipe = connect().pipeline(transaction=False)
    for hour in range(last - HOURS + 1, last + 1):
        pipe.hgetall(name_hours(provider_id, hour))
    return [
        Counts(Counter({name.decode(): int(number) for name, number in row.items()}))
        for row in pipe.execute()
    ]


def sum_counts(rows):
    """All of these Counts together."""
    total = Counts()
    for row in rows:
        total.add(row)
    return total
