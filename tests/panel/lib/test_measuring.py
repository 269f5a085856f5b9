"""Counts of many threads and processes end up in Redis, each once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from panel.lib import measuring
from panel.lib.measuring import SUM, Measure, read_added, write_added

CALLS = Measure("test_calls_total", "", ("who",))
SECONDS = Measure("test_seconds", "", (), (1, 2))


@pytest.fixture(autouse=True)
def _nothing_yet(clean_redis):
    write_added()
    clean_redis.delete(measuring.KEY)


def test_counts_of_threads_add_up():
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: CALLS.count(number % 2), range(1_000)))
    write_added()
    CALLS.count("0", by=5)
    write_added()
    assert read_added()["test_calls_total"] == {("0",): {"": 505}, ("1",): {"": 500}}


def test_durations_fall_into_the_bucket_that_ends_at_or_above_them():
    for seconds in (0.5, 1, 1.5, 9):
        SECONDS.observe(seconds)
    write_added()
    assert read_added()["test_seconds"] == {(): {"0": 2, "1": 1, "2": 1, SUM: 12_000_000}}


def test_what_redis_did_not_take_is_written_later(monkeypatch):
    CALLS.count("a")
    good = measuring.connect()
    monkeypatch.setattr(measuring, "connect", lambda: redis.Redis(port=1, socket_connect_timeout=1))
    with pytest.raises(redis.ConnectionError):
        write_added()
    CALLS.count("a")
    monkeypatch.setattr(measuring, "connect", lambda: good)
    write_added()
    assert read_added()["test_calls_total"] == {("a",): {"": 2}}
