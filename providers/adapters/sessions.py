"""The session of an upstream that exchanges our key for tokens, kept in this process."""

import threading
import time
from time import monotonic

from providers.adapters.base import Unavailable

BUSY = "somebody else is renewing the session"


def choose_newest(*sessions):
    """The newest of these (Session or None)."""
    known = [session for session in sessions if session is not None]
    return max(known, key=lambda session: session.token_until, default=None)


def is_usable(session, stale):
    """Whether `session` may be used in place of `stale`: made after it, and not over by itself."""
    return session is not None and session.is_newer(stale) and session.token_until > time.time()


class LocalSessions:
    """See Sessions in base.py; shared by the threads of one process."""

    def __init__(self):
        self._lock = threading.Lock()
        self._session = None

    def read(self):
        """See Sessions."""
        return self._session

    @property
    def known(self):
        """What this process knows already, or None; nobody is asked."""
        return self._session

    def renew(self, stale, make, wait_seconds):
        """See Sessions."""
        give_up = monotonic() + wait_seconds
        if not self._lock.acquire(timeout=max(wait_seconds, 0)):
            raise Unavailable(BUSY, retry_after_seconds=1)
        try:
            if not is_usable(self._session, stale):
                self._session = self._renew(stale, make, give_up)
            return self._session
        finally:
            self._lock.release()

    def _renew(self, stale, make, give_up):
        """The new session; only one thread of this process is in here. `give_up` is monotonic."""
        return make(choose_newest(self._session, stale))
