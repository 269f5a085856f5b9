"""How many passwords a process hashes at a time: each takes a good part of a second, on purpose."""

import threading
from contextlib import contextmanager

from panel.accounts.logins import LoginThrottled

AT_ONCE = 2
WAITING = 6
_slots = threading.BoundedSemaphore(AT_ONCE)
_room = threading.BoundedSemaphore(AT_ONCE + WAITING)


@contextmanager
def hashing_slot():
    """Within it a password may be hashed. Raises LoginThrottled when as many callers wait as may."""
    if not _room.acquire(blocking=False):
        raise LoginThrottled(1)
    try:
        with _slots:
            yield
    finally:
        _room.release()
