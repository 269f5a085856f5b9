"""The calls log by real calls to the sandbox, in a real Redis."""

import os
import time
from contextlib import suppress

import pytest

from panel.engines.ports import pick_port
from panel.lib.redis_client import connect
from providers.adapters.base import AdapterError
from providers.calls import noting, store
from providers.calls.store import SHOWN_CALLS, read_hours, read_log, read_minutes, sum_counts
from providers.upstream import Upstream
from tests.providers.adapters.token_server import TokenServer, json_answer
from tests.providers.test_upstream import outbound, send


@pytest.fixture
def upstream(way, settings):
    noting.write_waiting()
    connect().flushdb()
    settings.BREAKER_FAILURES = 50
    return Upstream(way[2])


def read_words(provider_id, outcome=""):
    noting.write_waiting()
    return [(call["what"], call["outcome"], call["words"]) for call in read_log(provider_id, outcome)]


def total(upstream):
    noting.write_waiting()
    return sum_counts(read_minutes([upstream.provider_id])[upstream.provider_id])


def test_each_outcome_is_noted_with_its_words(upstream):
    placed = upstream.place(outbound("plain"))
    send(upstream, "refuse", "b")
    send(upstream, "busy", "c")
    send(upstream, "error500before", "d")
    upstream.statuses([placed.upstream_id])
    upstream.balance()
    rows = read_words(upstream.provider_id)
    assert [row[:2] for row in rows] == [
        ("balance", "ok"),
        ("statuses", "ok"),
        ("place", "unclear"),
        ("place", "unavailable"),
        ("place", "rejected"),
        ("place", "ok"),
    ]
    assert (rows[1][2], rows[5][2]) == ("Completed × 1", f'{{"order": {placed.upstream_id}}}')
    assert rows[3][2].startswith("too many calls (HTTP 429)")


def test_a_filter_shows_one_outcome_however_many_others_came_after(upstream):
    send(upstream, "refuse")
    for _ in range(SHOWN_CALLS + 5):
        noting.note_call(noting.Call(time.time(), upstream.provider_id, "place", 0.01, None, tuple))
    assert len(read_words(upstream.provider_id)) == SHOWN_CALLS
    assert [row[:2] for row in read_words(upstream.provider_id, "rejected")] == [("place", "rejected")]


def test_the_log_is_as_long_as_it_may_be(upstream):
    for _ in range(2):
        for _ in range(SHOWN_CALLS):
            noting.note_call(noting.Call(time.time(), upstream.provider_id, "place", 0.01, None, tuple))
        noting.write_waiting()
    key = store.name_log(upstream.provider_id, "ok")
    assert connect().llen(key) == SHOWN_CALLS
    assert 0 < connect().ttl(key) <= store.LOG_KEPT_SECONDS


def test_calls_are_counted_by_minute_and_hour(upstream):
    for number in range(3):
        send(upstream, "plain", f"k{number}")
    send(upstream, "error500before")
    counts = total(upstream)
    assert (counts.calls, counts.ok, counts.errors) == (4, 3, 1)
    hours = read_hours(upstream.provider_id)
    assert (len(hours), sum_counts(hours).numbers) == (24, counts.numbers)
    assert counts.median_ms <= 1000


def test_counts_of_an_hour_ago_are_in_the_day_alone(upstream):
    now = time.time()
    noting.note_call(noting.Call(now - 3700, upstream.provider_id, "place", 0.01, None, tuple))
    noting.note_call(noting.Call(now - 25 * 3600, upstream.provider_id, "place", 0.01, None, tuple))
    assert (total(upstream).calls, sum_counts(read_hours(upstream.provider_id)).calls) == (0, 1)


def test_a_call_that_the_breaker_kept_back_has_no_length(upstream, settings, way):
    settings.BREAKER_FAILURES = 1
    upstream = Upstream(way[2])
    send(upstream, "error500before")
    send(upstream, "plain")
    noting.write_waiting()
    newest = read_log(upstream.provider_id)[0]
    assert (newest["outcome"], newest["ms"], newest["words"]) == (
        "unavailable",
        None,
        "the circuit breaker is open",
    )
    counts = total(upstream)
    assert (counts.calls, sum(n for name, n in counts.numbers.items() if name.startswith("t"))) == (2, 1)


@pytest.mark.parametrize(
    "status", ["200 OK", "400 Bad Request", "401 No", "403 No", "500 Broken", "302 Found"]
)
def test_an_upstream_that_echoes_all_that_it_was_sent_shows_no_secret(way, status):
    """Its answers hold the token, the key, the headers of the call, and a token of which nobody knew."""
    provider = way[2]
    with TokenServer(
        provider.key, lambda sock, request: sock.sendall(echo(provider.key, status, request))
    ) as server:
        provider.dialect, provider.url = "happy_follower", server.url
        upstream = Upstream(provider)
        for call, argument in (
            (upstream.place, outbound("x")),
            (upstream.statuses, ["1"]),
            (upstream.cancel, ["1"]),
        ):
            with suppress(AdapterError):
                call(argument)
    noting.write_waiting()
    keys = connect().keys(f"provider-calls:{provider.pk}:log:*")
    stored = b"".join(row for key in keys for row in connect().lrange(key, 0, -1)).decode()
    assert len(read_log(provider.pk)) == 3
    assert not [
        secret
        for secret in (provider.key, "token-secret", "refresh-secret", "a-fresh-one")
        if secret in stored
    ]


def echo(key, status, request):
    """An answer to `request` that says all of it again."""
    sent = request.headers.get("authorization", "")
    told = {
        "operation": "error",
        "message": f"{sent} of {key}",
        "sent": dict(request.headers),
        "newToken": "a-fresh-one",
    }
    return json_answer(told, status)


def test_without_redis_calls_go_on_and_the_log_is_empty_again_afterwards(upstream, settings):
    url, settings.REDIS_URL = settings.REDIS_URL, f"redis://127.0.0.1:{pick_port(None)}/0"
    assert send(upstream, "plain") is None
    assert noting.write_waiting() >= 0
    settings.REDIS_URL = url
    send(upstream, "plain", "b")
    assert len(read_words(upstream.provider_id)) == 1


def test_calls_are_written_by_themselves(upstream):
    send(upstream, "plain")
    give_up = time.monotonic() + 5
    while time.monotonic() < give_up and not read_log(upstream.provider_id):
        time.sleep(0.05)
    assert [call["what"] for call in read_log(upstream.provider_id)] == ["place"]


def test_a_forked_process_writes_what_it_called_itself(upstream):
    send(upstream, "plain")
    noting.write_waiting()
    child = os.fork()
    if not child:
        noting.note_call(noting.Call(time.time(), upstream.provider_id, "cancel", 0.01, None, tuple))
        time.sleep(2)
        os._exit(0)
    os.waitpid(child, 0)
    assert [call["what"] for call in read_log(upstream.provider_id)] == ["cancel", "place"]
