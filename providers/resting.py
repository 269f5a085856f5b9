"""Routes that fail often rest: they are left out until a moment, and then tried with one order at a time.

Whether a route rests is in its row: `rests` counts the rests in a row (0: in use) and `rests_until` is when the
next trial may start. A claim takes the trial by moving `rests_until` ahead by a dispatch's lease, so a worker that
dies only delays the next one. The last outcomes are counted in Redis, and only while there are failures among
them: healthy routes cost one look a second. Without Redis no route goes to rest, but orders go on.
"""

import logging
from collections import Counter, defaultdict
from datetime import timedelta
from time import monotonic, time

import redis
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from panel.lib.redis_client import connect
from panel.lib.wakeups import wake
from providers.adapters.base import AccountProblem, Placed, Rejected, Unavailable
from providers.models import Dispatch, Route

log = logging.getLogger(__name__)
FORWARD_TASK = "providers.tasks.forward_orders"
LOOK_SECONDS = 1.0  # for so long another process's trouble may be unknown here, and successes go uncounted
KEEP_SECONDS = 6 * 3600
CLAIM_SECONDS = (
    10 * settings.WAIT_SCALE
)  # a claim that chose the route before it went to rest is committed by then
MAX_RESTS = 100
SUCCESS, REFUSAL, FAILURE = "s", "r", "f"
WATCHED = "routes-in-trouble"
_seen = {"until": 0.0, "routes": frozenset()}


def rate_outcome(outcome):
    """SUCCESS, REFUSAL or FAILURE of the route that gave `outcome` (a Placed or an exception), or None.

    None says nothing of the route: our account's trouble pauses the provider, and who names a time to come back
    (too many calls, our own rate limit, an open breaker) has not tried.
    """
    if isinstance(outcome, Placed):
        return SUCCESS
    if isinstance(outcome, AccountProblem):
        return None
    if isinstance(outcome, Rejected):
        return REFUSAL
    if isinstance(outcome, Unavailable) and outcome.retry_after_seconds is not None:
        return None
    return FAILURE


def needs_rest(ratings):
    """Whether a route with these last ratings, the newest first, should rest.

    It should after settings.ROUTE_REST_FAILURES failures in a row, and when of the last settings.ROUTE_REST_WINDOW
    at least a share of settings.ROUTE_REST_RATE failed. One order may be refused for its own sake, so refusals
    count as failures only where they are most of that window.
    """
    row = settings.ROUTE_REST_FAILURES
    if list(ratings[:row]) == [FAILURE] * row:
        return True
    window = settings.ROUTE_REST_WINDOW
    if len(ratings) < window:
        return False
    counts = Counter(ratings[:window])
    refusals = counts[REFUSAL] if counts[REFUSAL] > window / 2 else 0
    return counts[FAILURE] + refusals >= settings.ROUTE_REST_RATE * window


def rest_seconds(rests):
    """How long the `rests`-th rest in a row lasts, in seconds: doubling up to settings.ROUTE_REST_MAX_SECONDS.

    Always longer than a dispatch's lease: by that _find_trial tells a trial from what was sent before the rest.
    """
    seconds = settings.ROUTE_REST_SECONDS * 2 ** min(rests - 1, 20)
    return max(min(seconds, settings.ROUTE_REST_MAX_SECONDS), settings.DISPATCH_LEASE_SECONDS + CLAIM_SECONDS)


def note_outcomes(results):
    """Count `(dispatch id, order id, outcome)` of one batch for their routes, and let those rest that need it.

    Called once those outcomes are recorded. A process that dies before has counted nothing: a trial then ends with
    its lease.
    """
    ratings = {pk: rate_outcome(outcome) for pk, _, outcome in results}
    watched = _look_at_trouble()
    if not watched and all(rating == SUCCESS for rating in ratings.values()):
        return
    told = defaultdict(list)
    rows = Dispatch.objects.filter(pk__in=[pk for pk in ratings if ratings[pk]], route__isnull=False)
    for pk, route_id, created in rows.order_by("id").values_list("pk", "route_id", "created"):
        if not _end_trial(route_id, created, ratings[pk]):
            told[route_id].append(ratings[pk])
    for route_id, news in told.items():
        if route_id in watched or set(news) != {SUCCESS}:
            _count(route_id, news)


def claim_trials(route_ids):
    """Take the trial of those routes whose rest is over, inside the claim's transaction; returns their ids.

    The lock passes by a route that another claim is taking this moment: one gets it, and none waits.
    """
    due = Route.objects.filter(pk__in=route_ids, rests__gt=0, rests_until__lte=Now())
    locked = list(due.select_for_update(skip_locked=True).order_by("id").values_list("pk", flat=True))
    if locked:
        Route.objects.filter(pk__in=locked).update(rests_until=Now() + _lease())
        _seen["until"] = 0.0
    return set(locked)


def use_again(route_id):
    """An operator wants a resting route used at once. True if it rested."""
    return _end_rest(Route.objects.filter(pk=route_id, rests__gt=0), route_id)


def _lease():
    return timedelta(seconds=settings.DISPATCH_LEASE_SECONDS)


def _find_trial(route_id, created):
    """The route, if a dispatch made at `created` is its trial.

    A trial's claim set `rests_until` a lease ahead just before. What was sent before the rest began is older than
    that by the rest's length at least, however late it is answered: it must neither end the rest nor prolong it.
    """
    return Route.objects.filter(pk=route_id, rests__gt=0, rests_until__lte=created + _lease())


def _end_trial(route_id, created, rating):
    """Settle the trial that the dispatch made at `created` was; False when it was none."""
    trial = _find_trial(route_id, created)
    if rating == SUCCESS:
        return _end_rest(trial, route_id)
    with transaction.atomic():
        route = trial.select_for_update().first()
        if route is None:
            return False
        return _begin_rest(trial, route_id, route.rests + 1)


def _begin_rest(routes, route_id, rests):
    """Let the one route of `routes` rest; False when somebody else was quicker."""
    rests = min(rests, MAX_RESTS)
    seconds = rest_seconds(rests)
    if not routes.update(rests=rests, rests_until=Now() + timedelta(seconds=seconds)):
        return False
    log.warning("route %s rests for %d seconds; rests in a row: %d", route_id, seconds, rests)
    return True


def _end_rest(routes, route_id):
    """Use the one route of `routes` again, with a clean sheet; False when there is none."""
    if not routes.update(rests=0, rests_until=None):
        return False
    log.warning("route %s is used again", route_id)
    _forget(route_id)
    wake(FORWARD_TASK)
    return True


def _look_at_trouble():
    """Ids of routes that rest, or with failures among their last outcomes; read once in LOOK_SECONDS."""
    if monotonic() > _seen["until"]:
        resting = set(Route.objects.filter(rests__gt=0).values_list("pk", flat=True))
        _seen["routes"] = frozenset(resting | _list_watched())
        _seen["until"] = monotonic() + LOOK_SECONDS
    return _seen["routes"]


def _list_watched():
    try:
        return {int(pk) for pk in connect().zrangebyscore(WATCHED, time() - KEEP_SECONDS, "+inf")}
    except redis.RedisError as error:
        log.warning("no outcomes of routes: %s", type(error).__name__)
        return set()


def _count(route_id, news):
    """Put `news` (ratings, the oldest first) before the route's last ones, and let it rest if they ask for that."""
    key, most = _key(route_id), max(settings.ROUTE_REST_WINDOW, settings.ROUTE_REST_FAILURES)
    _seen["until"] = 0.0
    try:
        with connect().pipeline() as pipe:
            pipe.lpush(key, *news).ltrim(key, 0, most - 1).expire(key, KEEP_SECONDS).lrange(key, 0, -1)
            pipe.zadd(WATCHED, {str(route_id): time()})
            pipe.zremrangebyscore(WATCHED, "-inf", time() - KEEP_SECONDS)
            ratings = [rating.decode() for rating in pipe.execute()[3]]
    except redis.RedisError as error:
        log.warning("outcomes of route %s not counted: %s", route_id, type(error).__name__)
        return
    if needs_rest(ratings) and _has_alternative(route_id):
        if _begin_rest(Route.objects.filter(pk=route_id, rests=0), route_id, 1):
            _forget(route_id)
    elif len(ratings) == most and set(ratings) == {SUCCESS}:
        _forget(route_id)


def _has_alternative(route_id):
    """Whether the route's service has another one in use.

    A service's last route goes on: resting would stop its orders, perhaps for one customer's bad links, and where
    the provider itself is down the circuit breaker holds them back.
    """
    others = Route.objects.filter(
        service__routes=route_id, active=True, rests=0, provider__active=True, provider__paused_at=None
    )
    return others.exclude(pk=route_id).exists()


def _forget(route_id):
    _seen["until"] = 0.0
    try:
        with connect().pipeline() as pipe:
            pipe.delete(_key(route_id)).zrem(WATCHED, str(route_id)).execute()
    except redis.RedisError as error:
        log.warning("outcomes of route %s not forgotten: %s", route_id, type(error).__name__)


def _key(route_id):
    return f"route-outcomes:{route_id}"
