"""Work done at the same moment by threads, each with a database connection of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

WAIT_SECONDS = 60


def run_together(*works):
    """Start all `works` (functions) at one moment; return their results in order, or what they raised."""
    start = threading.Barrier(len(works))

    def run(work):
        start.wait(WAIT_SECONDS)
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - what a loser of a race gets is part of the result
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works, timeout=WAIT_SECONDS))
