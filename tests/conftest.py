"""What all tests share: quick settings, the sandbox as a real server, and a clean Redis."""

import time

import pytest
import redis
from django.conf import settings as django_settings
from django.test import TransactionTestCase

from orders import items, service_search
from panel.accounts.key_usage import note_call
from providers.sandbox.server import SandboxServer
from tests.emptying import empty_tables

TransactionTestCase._fixture_teardown = empty_tables


@pytest.fixture(autouse=True)
def _quick_settings(settings):
    """Short waits; the logic is the same."""
    settings.POLL_FIRST_SECONDS = 0
    settings.PROVIDER_DEADLINE_SECONDS = 2
    settings.SMS_PENDING_STATUS_SECONDS = 0


@pytest.fixture(autouse=True)
def _fresh_shapes(monkeypatch):
    """Tests that name their rows' ids use them again, as no database does: nothing is remembered.

    The same holds for the versions of a catalogue, whose changes a test takes back.
    """
    items._shapes.clear()
    monkeypatch.setattr(service_search, "_known", (None, None))


@pytest.fixture(autouse=True)
def _same_minute(monkeypatch):
    """A key's first call of a minute takes a query more: the minute never changes within a test."""
    began = time.time()
    monkeypatch.setattr(note_call.__self__, "_clock", lambda: began)


@pytest.fixture
def sandbox():
    """A sandbox upstream and SMS gateway on a free port, whose orders end at their first status."""
    with SandboxServer(port=0, pace=0) as server:
        yield server


@pytest.fixture
def clean_redis():
    """Breakers, limits and caches start anew."""
    client = redis.Redis.from_url(django_settings.REDIS_URL)
    client.flushdb()
    return client
