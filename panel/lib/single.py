"""One run of a task at a time in a process, without losing a wake-up that comes meanwhile."""

import threading
from functools import wraps


def single_run(work):
    """`work`, run by one thread of this process at a time.

    A call during a run returns at once and makes the run start over when it ends: so slow upstreams can't
    fill a worker's threads with runs that wait for the same thing, and nothing that came late is missed.
    """
    running = threading.Lock()
    wanted = threading.Event()

    @wraps(work)
    def run_once():
        wanted.set()
        while wanted.is_set() and running.acquire(blocking=False):
            try:
                wanted.clear()
                work()
            finally:
                running.release()

    return run_once
