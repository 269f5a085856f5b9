"""Wake-up calls on a real broker: after the commit, few however many are wanted, and never in the way."""

import json
import subprocess
import sys
import time

import pytest
import redis
from django.conf import settings
from django.db import transaction

from panel.lib import wakeups
from panel.lib.wakeups import wake
from tests.running import ROOT, build_environment

TASK = "tests.wake_me"


class Broker:
    """The default queue of the real broker, as a worker would find it."""

    def __init__(self):
        self.redis = redis.Redis.from_url(settings.CELERY_BROKER_URL)

    def count(self):
        messages = self.redis.lrange(settings.CELERY_TASK_DEFAULT_QUEUE, 0, -1)
        return sum(json.loads(message)["headers"]["task"] == TASK for message in messages)

    def wait_for(self, count):
        deadline = time.monotonic() + 5
        while self.count() < count and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.count()


@pytest.fixture
def broker(clean_redis):
    settle()
    clean_redis.delete(settings.CELERY_TASK_DEFAULT_QUEUE)
    yield Broker()
    settle()
    clean_redis.delete(settings.CELERY_TASK_DEFAULT_QUEUE)


def settle():
    """Longer than the pause between two calls: what was wanted has been sent."""
    time.sleep(3 * wakeups.PAUSE_SECONDS)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_call_goes_out_soon(broker):
    wake(TASK)
    assert broker.wait_for(1) == 1


@pytest.mark.django_db(transaction=True)
def test_the_call_waits_for_the_commit(broker):
    with transaction.atomic():
        wake(TASK)
        settle()
        assert broker.count() == 0
    assert broker.wait_for(1) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_wakes_nobody(broker):
    with pytest.raises(RuntimeError), transaction.atomic():
        wake(TASK)
        raise RuntimeError
    settle()
    assert broker.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_thousand_wishes_are_a_few_calls_and_the_last_is_not_lost(broker):
    started = time.monotonic()
    for _ in range(1000):
        wake(TASK)
    pauses = (time.monotonic() - started) / wakeups.PAUSE_SECONDS
    settle()
    assert 1 <= broker.count() <= pauses + 2
    before = broker.count()
    wake(TASK)
    assert broker.wait_for(before + 1) == before + 1


ALONE = """
import time, django
django.setup()
from panel.lib.wakeups import wake
from tests.running import ROOT, build_environment
started = time.monotonic()
for _ in range(100):
    wake("tests.wake_me")
print(time.monotonic() - started < 1)
"""


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_keeps_nobody_waiting():
    process = subprocess.run(
        [sys.executable, "-c", ALONE],
        env=build_environment(BROKER_URL="redis://127.0.0.1:1/0"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert process.stdout == "True\n"
