"""Where a bench runs: the engines, and the environment of the processes it measures."""

import contextlib
import os
import secrets
from collections.abc import Iterator

from cryptography.fernet import Fernet

from panel import engines


@contextlib.contextmanager
def find_engines() -> Iterator[tuple[str, str]]:
    """The addresses of PostgreSQL and Redis: the environment's, else the embedded ones', started if need be.

    Raises EngineError when they can't be started.
    """
    database, redis = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    if database and redis:
        yield database, redis
        return
    ran_before = engines.find() is not None
    running = engines.start()
    try:
        yield database or running.database_url, redis or running.redis_url
    finally:
        if not ran_before:
            engines.stop()


def build_environment(database_url: str, redis_url: str) -> dict[str, str]:
    """As on a production machine behind a proxy that ends TLS, with secrets made up for this run.

    Only the loopback addresses of the bench's own sandbox may be called.
    """
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "panel.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "BROKER_URL": redis_url,
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "TRACKING_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": Fernet.generate_key().decode(),
        "ALLOWED_HOSTS": "127.0.0.1",
        "BEHIND_PROXY": "1",
        "EGRESS_ALLOW": "127.0.0.0/8",
        # Throttling counts every call; here it never refuses one.
        "API_CALLS_PER_MINUTE": "0:100000000",
        "LOG_LEVEL": "WARNING",
        # Nothing that was polled once is due again before the bench is over.
        "POLL_FIRST_SECONDS": "3600",
        "POLL_MAX_SECONDS": "7200",
    }
