"""One provider as pool threads see it: its adapter behind a rate limit and a circuit breaker. No ORM here.

Both are shared by all processes through Redis. Without Redis there is no limit and no breaker, but calls go
on: losing the cache must not stop an order.
"""

import logging
import threading
from functools import cache
from time import monotonic, sleep, time

import pybreaker
import redis
from django.conf import settings
from limits import RateLimitItemPerSecond
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from panel.lib.measures import UPSTREAM_CALLS, UPSTREAM_SECONDS
from panel.lib.outbound import long_list_client, outbound_client
from panel.lib.redis_client import connect
from providers.adapters import ADAPTERS
from providers.adapters.base import AdapterError, Credentials, Rejected, Timeouts, Unavailable
from providers.calls.noting import Call, find_outcome, note_call
from providers.sessions import open_sessions

log = logging.getLogger(__name__)
RATE_WAIT_SECONDS = 5.0
RATE_PAUSE_SECONDS = 0.05
CALM_SECONDS = 0.25
LOGGED = ("place", "cancel", "refill")  # what customers asked for; the other calls are there at DEBUG
_threads = threading.local()


class Upstream:
    """A provider's row, turned into something that can be called from any thread."""

    def __init__(self, provider):
        self.provider_id = provider.pk
        self.calls_per_second = provider.calls_per_second
        credentials = Credentials(provider.url, provider.key, provider.username, provider.password)
        seconds = settings.PROVIDER_DEADLINE_SECONDS
        sessions = open_sessions(provider.pk, credentials, connect)
        self._sessions = sessions
        self.adapter = ADAPTERS[provider.dialect](
            credentials, outbound_client(), Timeouts(seconds, seconds), sessions
        )

    @property
    def status_batch(self):
        return self.adapter.status_batch

    def place(self, order):
        """See Adapter.place; Unavailable also when the breaker is open or the rate limit leaves no room."""
        return self._call("place", self.adapter.place, order)

    def statuses(self, ids):
        """See Adapter.statuses."""
        return self._call("statuses", self.adapter.statuses, ids)

    def cancel(self, ids):
        """See Adapter.cancel."""
        return self._call("cancel", self.adapter.cancel, ids)

    def refill(self, ids):
        """See Adapter.refill."""
        return self._call("refill", self.adapter.refill, ids)

    def refill_statuses(self, refill_ids):
        """See Adapter.refill_statuses."""
        return self._call("refill_statuses", self.adapter.refill_statuses, refill_ids)

    def services(self):
        """See Adapter.services; asked even while the breaker is open, as `balance` is.

        A long list may take longer than other calls and be larger.
        """
        self._wait_for_room("services")
        seconds = settings.SYNC_DEADLINE_SECONDS
        known = self.adapter
        reader = type(known)(
            known.credentials, long_list_client(), Timeouts(seconds, seconds), known.sessions
        )
        return self._timed("services", reader.services)

    def balance(self):
        """See Adapter.balance; asked even while the breaker is open, since it is how an operator looks."""
        return self._timed("balance", self.adapter.balance)

    def list_secrets(self):
        """What must never be shown of its answers. Asks nobody: tokens are those that this process knows."""
        session = self._sessions.known
        return (*self.adapter.credentials.secrets, *(() if session is None else session.secrets))

    def _call(self, what, function, argument):
        self._wait_for_room(what)
        outcome = []

        def attempt():
            # What the upstream did is kept here: a breaker that trips on it must not turn
            # "may have got it" into "never got it".
            try:
                outcome.append(("value", self._timed(what, function, argument)))
            except AdapterError as error:
                outcome.append(("error", error))
                raise

        try:
            _breaker(self.provider_id).call(attempt)
        except pybreaker.CircuitBreakerError:
            if not outcome:
                reset = settings.BREAKER_RESET_SECONDS
                raise self._note_unsent(what, "the circuit breaker is open", reset) from None
        except AdapterError:
            pass
        except redis.RedisError as error:
            log.warning("no circuit breaker: %s", type(error).__name__)
            if not outcome:
                return self._timed(what, function, argument)
        kind, result = outcome[0]
        if kind == "error":
            raise result
        return result

    def _timed(self, what, function, *arguments):
        """Calls it and notes how that came out; the calls log is all that the note is for."""
        began, moment = monotonic(), time()
        try:
            result = function(*arguments)
        except AdapterError as error:
            self._note(what, moment, monotonic() - began, error)
            raise
        self._note(what, moment, monotonic() - began, result)
        return result

    def _note_unsent(self, what, reason, retry_after_seconds):
        """The Unavailable to raise for a call that we didn't make."""
        error = Unavailable(reason, retry_after_seconds=retry_after_seconds)
        self._note(what, time(), None, error)
        return error

    def _note(self, what, moment, seconds, result):
        note_call(Call(moment, self.provider_id, what, seconds, result, self.list_secrets))
        level = logging.INFO if what in LOGGED else logging.DEBUG
        told = _tell(self.provider_id, what, seconds, result)
        log.log(level, "upstream call", extra={"fields": told})
        UPSTREAM_CALLS.count(self.provider_id, what, told["outcome"])
        if seconds is not None:
            UPSTREAM_SECONDS.observe(seconds, self.provider_id, what)

    def _wait_for_room(self, what):
        if not self.calls_per_second:
            return
        item = RateLimitItemPerSecond(self.calls_per_second)
        give_up = monotonic() + RATE_WAIT_SECONDS
        try:
            while not _limiter().hit(item, "provider", str(self.provider_id)):
                if monotonic() > give_up:
                    raise self._note_unsent(what, "our rate limit for this provider", 1)
                sleep(RATE_PAUSE_SECONDS)
        except redis.RedisError as error:
            log.warning("no rate limit: %s", type(error).__name__)


def _tell(provider_id, what, seconds, result):
    """What the log says of a call: never what was sent or answered."""
    return {
        "provider": provider_id,
        "what": what,
        "outcome": find_outcome(result),
        "ms": None if seconds is None else round(seconds * 1000, 1),
    }


@cache
def _limiter():
    return FixedWindowRateLimiter(storage_from_string(settings.REDIS_URL, socket_timeout=2))


def _breaker(provider_id):
    """This thread's view of the provider's breaker; a shared object would hold its lock during the call."""
    known = _threads.__dict__.setdefault("breakers", {})
    if provider_id not in known:
        storage = _CalmStorage(pybreaker.STATE_CLOSED, connect(), namespace=f"provider-{provider_id}")
        known[provider_id] = pybreaker.CircuitBreaker(
            fail_max=settings.BREAKER_FAILURES,
            reset_timeout=settings.BREAKER_RESET_SECONDS,
            exclude=[_is_answer],
            state_storage=storage,
            throw_new_error_on_trip=False,
        )
    return known[provider_id]


class _CalmStorage(pybreaker.CircuitRedisStorage):
    """The breaker's state in Redis, asked for a few times a second instead of twice for every call.

    Asking each time was two fifths of an upstream call's processor time. So another process's opening is
    seen a moment later, and failures count together when fewer than CALM_SECONDS of successes lie between.
    """

    _state, _state_until, _next_reset = pybreaker.STATE_CLOSED, 0.0, 0.0

    @property
    def state(self):
        if monotonic() > self._state_until:
            self._remember(super().state)
        return self._state

    @state.setter
    def state(self, state):
        pybreaker.CircuitRedisStorage.state.fset(self, state)
        self._remember(state)

    def _remember(self, state):
        self._state, self._state_until = state, monotonic() + CALM_SECONDS

    def increment_counter(self):
        self._next_reset = 0.0  # the next success ends this row of failures
        super().increment_counter()

    def reset_counter(self):
        if monotonic() > self._next_reset:
            self._next_reset = monotonic() + CALM_SECONDS
            super().reset_counter()


def _is_answer(error):
    """Whether the upstream works: a refusal and "too many calls" are answers, not failures."""
    return isinstance(error, Rejected) or (
        isinstance(error, Unavailable) and error.retry_after_seconds is not None
    )
