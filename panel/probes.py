"""What load balancers and Prometheus ask, answered before any other middleware.

They call by address and over plain HTTP: so there is no redirect to https, no look at ALLOWED_HOSTS, no session and
no line in the log. `/healthz`: the process answers; it asks nobody. `/readyz`: 200 where requests should be sent, 503
where not (the database is away, or migrations are missing). Without Redis orders are placed and forwarded all the
same, only without limits shared by the processes and with later wake-ups: that is `degraded`, and ready. `/metrics`:
see panel/metrics.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from functools import cache

import redis
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import JsonResponse

from panel.lib.redis_client import connect
from panel.metrics.view import show_metrics

log = logging.getLogger(__name__)
SECONDS = 2  # for the database, and as long again for Redis (panel/lib/redis_client.py)
METHODS = ("GET", "HEAD")


class ProbeMiddleware:
    """First in MIDDLEWARE."""

    def __init__(self, get_response):
        self.get_response = get_response
        self._answers = {"/healthz": answer_health, "/readyz": answer_readiness, "/metrics": show_metrics}

    def __call__(self, request):
        answer = self._answers.get(request.path_info)
        if answer is None or request.method not in METHODS:
            return self.get_response(request)
        response = answer(request)
        response.headers["Cache-Control"] = "no-store"
        return response


def answer_health(_request):
    """The process lives."""
    return JsonResponse({"status": "ok"})


def answer_readiness(_request):
    """Whether this process should get requests."""
    database = _database.ask()
    told = {"database": database, "redis": _ask_redis()}
    ready = database == "ok"
    return JsonResponse({"status": "ready" if ready else "unready", **told}, status=200 if ready else 503)


class _DatabaseProbe:
    """Asks the database in a thread of its own, so that an answer that never comes holds up nobody.

    The thread's connection is closed each time: probes take none of the budget in between.
    """

    def __init__(self):
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="probe")
        self._asked = None
        self._migrated = False

    def ask(self):
        """ok, away or unmigrated, within SECONDS."""
        if self._asked is None or self._asked.done():
            self._asked = self._pool.submit(self._look)
        try:
            return self._asked.result(SECONDS)
        except TooLate:
            log.warning("the database does not answer within %s seconds", SECONDS)
            return "away"

    def _look(self):
        try:
            with connection.cursor() as cursor:
                if self._migrated:
                    cursor.execute("SELECT 1")
                    return "ok"
                # Once they are there, they stay: a later version's own processes look for its own.
                cursor.execute("SELECT app, name FROM django_migrations")
                self._migrated = not _find_last_migrations() - set(cursor.fetchall())
                return "ok" if self._migrated else "unmigrated"
        except DatabaseError as error:
            log.warning("the database is away: %s", type(error).__name__)
            return "away"
        finally:
            connection.close()


@cache
def _find_last_migrations():
    """`{(app, name)}` of the last migrations in this version's code."""
    return set(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def _ask_redis():
    try:
        connect().ping()
    except redis.RedisError:
        return "degraded"
    return "ok"


_database = _DatabaseProbe()
