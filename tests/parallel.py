"""Tests in several processes: each has a database of Valkey to itself, as it has one of PostgreSQL.

A plugin of pytest, loaded before the settings are read.
"""

import os

from panel import engines

FIRST_DATABASE = 4  # those before are of the panel, of tests in one process and of the bench


def find_database(worker, url):
    """The address of the Valkey database for a worker of pytest-xdist (`gw0` …), on the server of `url`."""
    return f"{url.rpartition('/')[0]}/{FIRST_DATABASE + int(worker.removeprefix('gw'))}"


if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["REDIS_URL"] = find_database(worker, os.environ.get("REDIS_URL") or engines.find().redis_url)
