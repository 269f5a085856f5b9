"""This process's connection to Redis, for what can do without it: it is never waited for long."""

from functools import cache

import redis
from django.conf import settings

SECONDS = 2


def connect():
    """The client, shared by all threads; it connects when it is used. Its calls raise RedisError."""
    return _open(settings.REDIS_URL)


@cache
def _open(url):
    return redis.Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)
