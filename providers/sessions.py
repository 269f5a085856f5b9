"""Sessions at upstreams that exchange a key for tokens, shared by all processes through Redis. No ORM here.

A token is encrypted at rest, and renewed by one process at a time: a second renewal would kill the token of
the first. Without Redis each process keeps a session of its own.
"""

import contextlib
import hashlib
import json
import logging
import threading
from dataclasses import asdict
from time import monotonic, sleep, time

import redis

from panel.lib.secrets import InvalidToken, decrypt, encrypt
from providers.adapters.base import Session, Unavailable
from providers.adapters.sessions import BUSY, LocalSessions, choose_newest, is_usable

log = logging.getLogger(__name__)
LOOK_SECONDS = 0.05  # between two looks for what another process is renewing
LOCK_MARGIN_SECONDS = 5.0  # beyond the time that a renewal may take
_opened = {}
_opened_lock = threading.Lock()


def open_sessions(provider_id, credentials, connect):
    """This process's RedisSessions of a provider with these credentials. `connect()` gives a redis.Redis."""
    name = _name_session(provider_id, credentials)
    with _opened_lock:
        sessions = _opened.get(provider_id)
        if sessions is None or sessions.name != name:
            sessions = _opened[provider_id] = RedisSessions(name, connect)
        return sessions


def _name_session(provider_id, credentials):
    """The Redis key: with another address or key of the provider it is another one."""
    opened_by = f"{credentials.url}\0{credentials.key}".encode("utf-8", "surrogatepass")
    return f"provider-session:{provider_id}:{hashlib.sha256(opened_by).hexdigest()}"


class RedisSessions(LocalSessions):
    """See Sessions in adapters/base.py. What this process knows is used until the upstream refuses it."""

    def __init__(self, name, connect):
        super().__init__()
        self.name = name
        self._connect = connect

    def read(self):
        """See Sessions."""
        if self._session is None:
            try:
                self._session = choose_newest(self._load(), self._session)
            except redis.RedisError as error:
                log.warning("no shared session: %s", type(error).__name__)
        return self._session

    def _renew(self, stale, make, give_up):
        try:
            return self._renew_shared(stale, make, give_up)
        except redis.RedisError as error:
            log.warning("no shared session: %s", type(error).__name__)
        return super()._renew(stale, make, give_up)

    def _renew_shared(self, stale, make, give_up):
        """As `renew`, against all processes. Raises RedisError only before anything was made."""
        seconds = max(give_up - monotonic(), 0) + LOCK_MARGIN_SECONDS
        lock = self._connect().lock(f"{self.name}:lock", timeout=seconds)
        while not lock.acquire(blocking=False):
            stored = self._load()
            if is_usable(stored, stale):
                return stored
            if monotonic() > give_up:
                raise Unavailable(BUSY, retry_after_seconds=1)
            sleep(LOOK_SECONDS)
        try:
            stored = self._load()
            if is_usable(stored, stale):
                return stored
            made = make(choose_newest(stored, self._session, stale))
            self._save(made, lock)
            return made
        finally:
            with contextlib.suppress(redis.RedisError):
                lock.release()

    def _load(self):
        """The session in Redis, or None; one that can't be read is none. Raises RedisError."""
        stored = self._connect().get(self.name)
        if stored is None:
            return None
        try:
            return Session(**json.loads(decrypt(stored.decode())))
        except (InvalidToken, ValueError, TypeError) as error:
            log.warning("a stored session is unreadable: %s", type(error).__name__)
            return None

    def _save(self, session, lock):
        """Stores a session unless its lock ran out meanwhile: then a newer one is being made."""
        text = encrypt(json.dumps(asdict(session)))
        seconds = max(int(session.refresh_until - time()), 1)
        try:
            if lock.owned():
                self._connect().set(self.name, text, ex=seconds)
        except redis.RedisError as error:
            log.warning("a session could not be shared: %s", type(error).__name__)
