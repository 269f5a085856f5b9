"""Tokens of an upstream, shared through Redis: renewed once by all processes, and life without Redis."""

import time
from dataclasses import replace

import pytest
import redis

from panel.engines.ports import pick_port
from panel.lib.http import HttpClient
from providers.adapters.base import Credentials, OutboundOrder, Session, Timeouts, Unavailable
from providers.adapters.happy_follower import HappyFollowerAdapter
from providers.sessions import RedisSessions, open_sessions
from tests.providers.adapters.token_server import TokenServer, json_answer
from tests.together import run_together

KEY = "topsecretkey0123"
NAME = "provider-session:test"
ORDER = OutboundOrder("10", "default", "https://example.com/p", 100, {}, "k")
PLACED = json_answer({"operation": "success", "orderId": 1})


@pytest.fixture
def http():
    client = HttpClient(["127.0.0.0/8"])
    yield client
    client.close()


@pytest.fixture
def server():
    with TokenServer(KEY, PLACED) as server:
        yield server


@pytest.fixture
def start_process(clean_redis, server, http):
    """start_process() gives an adapter with sessions of its own, as another process has them."""

    def start(connect=lambda: clean_redis):
        credentials = Credentials(server.url, KEY)
        return HappyFollowerAdapter(credentials, http, Timeouts(5, 5), RedisSessions(NAME, connect))

    return start


@pytest.fixture
def no_redis():
    client = redis.Redis.from_url(f"redis://127.0.0.1:{pick_port(None)}/0")
    return lambda: client


class Owned:
    """A lock that is held."""

    def owned(self):
        return True


def end_token(sessions):
    """The session, here and in Redis, as it is when its hour is over."""
    sessions._session = replace(sessions.read(), token_until=time.time() - 1)
    sessions._save(sessions._session, Owned())
    return sessions._session


def place_at_once(*adapters, each=10):
    """Every adapter places from `each` threads at one moment; the ids, or what was raised."""
    return run_together(
        *[lambda adapter=adapter: adapter.place(ORDER).upstream_id for adapter in adapters * each]
    )


def count_renewals(server):
    return server.count("auth"), server.count("ref-auth")


def test_two_processes_get_one_token(start_process, server):
    assert place_at_once(start_process(), start_process()) == ["1"] * 20
    assert count_renewals(server) == (1, 0)


def test_two_processes_renew_a_dead_token_once(start_process, server):
    first, second = start_process(), start_process()
    place_at_once(first, second, each=1)
    server.kill_tokens()
    assert place_at_once(first, second) == ["1"] * 20
    assert count_renewals(server) == (1, 1)


def test_two_processes_renew_a_token_about_to_end_once(start_process, server):
    first, second = start_process(), start_process()
    place_at_once(first, second, each=1)
    over = end_token(first.sessions)
    second.sessions._session = over
    assert place_at_once(first, second) == ["1"] * 20
    assert count_renewals(server) == (1, 1)


def test_two_processes_replace_a_revoked_refresh_token_once(start_process, server):
    first, second = start_process(), start_process()
    place_at_once(first, second, each=1)
    server.revoke()
    assert place_at_once(first, second) == ["1"] * 20
    assert count_renewals(server) == (2, 1)


def test_a_process_started_later_uses_the_token_there_is(start_process, server):
    start_process().place(ORDER)
    start_process().place(ORDER)
    assert server.paths == ["auth", "order", "order"]


def test_a_token_that_ended_while_nobody_ran_is_renewed_by_its_refresh_token(
    start_process, server, clean_redis
):
    first = start_process()
    first.place(ORDER)
    end_token(first.sessions)
    start_process().place(ORDER)
    assert server.paths == ["auth", "order", "ref-auth", "order"]


def test_without_redis_each_process_has_a_token_of_its_own(start_process, server, no_redis):
    first, second = start_process(no_redis), start_process(no_redis)
    assert place_at_once(first, second) == ["1"] * 20
    assert count_renewals(server) == (2, 0)
    server.kill_tokens()
    assert place_at_once(first, second) == ["1"] * 20
    assert count_renewals(server) == (2, 2)


def test_redis_that_comes_and_goes_stops_nobody(start_process, server, clean_redis, no_redis):
    where = [clean_redis]
    adapter = start_process(lambda: where[0])
    adapter.place(ORDER)
    where[0] = no_redis()
    server.kill_tokens()
    assert adapter.place(ORDER).upstream_id == "1"
    # Back again with the dead token of before: it is older than what this process knows.
    where[0] = clean_redis
    server.kill_tokens()
    assert adapter.place(ORDER).upstream_id == "1"
    assert (count_renewals(server), start_process().place(ORDER).upstream_id) == ((1, 2), "1")
    assert count_renewals(server) == (1, 2)


def test_a_session_that_can_not_be_stored_is_made_once_and_used(start_process, server, clean_redis, no_redis):
    class Failing:
        lock, get = clean_redis.lock, clean_redis.get

        def set(self, *_args, **_options):
            raise redis.ConnectionError

    assert start_process(Failing).place(ORDER).upstream_id == "1"
    assert (count_renewals(server), clean_redis.exists(NAME)) == ((1, 0), 0)


def test_a_lock_that_somebody_died_with_is_waited_for_only_so_long(start_process, server, clean_redis):
    sessions = start_process().sessions
    dead = clean_redis.lock(f"{NAME}:lock", timeout=60)
    dead.acquire()
    with pytest.raises(Unavailable) as caught:
        sessions.renew(None, pytest.fail, 0.01)
    assert caught.value.retry_after_seconds == 1
    dead.release()
    assert start_process().place(ORDER).upstream_id == "1"


def test_the_lock_ends_by_itself_and_is_free_after_a_failure(start_process, server, clean_redis):
    seen = []

    def fail(_known):
        seen.append(clean_redis.pttl(f"{NAME}:lock"))
        raise Unavailable("no")

    with pytest.raises(Unavailable, match="no"):
        start_process().sessions.renew(None, fail, 3)
    assert (0 < seen[0] <= 8000, clean_redis.exists(f"{NAME}:lock")) == (True, 0)


def test_a_session_whose_lock_ran_out_is_used_but_not_stored(start_process, clean_redis):
    made = Session("token-one", "refresh-one", time.time() + 60, time.time() + 60)

    def make(_known):
        clean_redis.set(f"{NAME}:lock", "another's")
        return made

    sessions = start_process().sessions
    assert (sessions.renew(None, make, 1), sessions.read()) == (made, made)
    assert (clean_redis.exists(NAME), clean_redis.get(f"{NAME}:lock")) == (0, b"another's")


def test_tokens_are_encrypted_in_redis_and_go_with_their_refresh_token(start_process, clean_redis):
    adapter = start_process()
    adapter.place(ORDER)
    stored = clean_redis.get(NAME)
    assert [secret in stored for secret in (b"token-secret", b"refresh-secret")] == [False, False]
    assert start_process().sessions.read() == adapter.sessions.read()
    assert clean_redis.ttl(NAME) == pytest.approx(29 * 86_400, abs=5)


@pytest.mark.parametrize("text", [b"noise", b"\xff", b"gAAAAA=="])
def test_what_can_not_be_read_in_redis_begins_anew(start_process, server, clean_redis, text):
    clean_redis.set(NAME, text)
    assert start_process().place(ORDER).upstream_id == "1"
    assert server.paths == ["auth", "order"]


def test_a_provider_with_another_key_or_address_begins_anew(clean_redis):
    def open_with(provider_id, url, key):
        return open_sessions(provider_id, Credentials(url, key), lambda: clean_redis)

    first = open_with(-1, "https://a.example", KEY)
    assert open_with(-1, "https://a.example", KEY) is first
    others = [open_with(*them) for them in ((-2, "https://a.example", KEY), (-1, "https://b.example", KEY))]
    others.append(open_with(-1, "https://a.example", "another"))
    assert len({first.name, *(sessions.name for sessions in others)}) == 4
    assert KEY not in first.name
