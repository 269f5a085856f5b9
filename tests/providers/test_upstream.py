"""The circuit breaker and the rate limit of one provider, shared through Redis, and life without Redis."""

import time
from threading import Thread

import pytest
import redis
from django.utils import timezone

from orders.models import Order
from panel.engines.ports import pick_port
from providers import upstream as upstream_module
from providers.adapters.base import (
    CancelResult,
    OutboundOrder,
    RefillResult,
    Rejected,
    Unavailable,
    Unclear,
)
from providers.models import Provider
from providers.upstream import Upstream
from tests.providers.adapters.token_server import TokenServer, json_answer
from tests.providers.steps import forward, list_states, look, place, poll

OPEN = "the circuit breaker is open"


@pytest.fixture
def provider(way, settings):
    settings.BREAKER_FAILURES = 3
    settings.BREAKER_RESET_SECONDS = 30
    return way[2]


@pytest.fixture
def reset(settings):
    """Wait until an open breaker lets a call through; it keeps the moment of opening in whole seconds."""
    settings.BREAKER_RESET_SECONDS = 3
    return lambda: time.sleep(4.1)


@pytest.fixture
def no_redis(settings):
    """Redis is gone, for objects made before as for those made after."""
    settings.REDIS_URL = f"redis://127.0.0.1:{pick_port(None)}/0"
    upstream_module._limiter.cache_clear()
    upstream_module._threads.__dict__.clear()
    yield
    upstream_module._limiter.cache_clear()
    upstream_module._threads.__dict__.clear()


def outbound(word, key="k"):
    return OutboundOrder("1", "default", f"https://example.com/{word}", 100, {}, key)


def send(upstream, word, key="k"):
    """The class of what placing raised and its reason, or None."""
    try:
        upstream.place(outbound(word, key))
    except (Rejected, Unavailable, Unclear) as error:
        return type(error), error.reason
    return None


def test_the_breaker_opens_after_failures_and_then_calls_nobody(provider, sandbox):
    upstream = Upstream(provider)
    seen = [send(upstream, "error500before")[0] for _ in range(3)]
    assert seen == [Unclear] * 3
    assert [send(upstream, "plain") for _ in range(5)] == [(Unavailable, OPEN)] * 5
    assert sandbox.counters()["adds_received"] == 3


def test_the_failure_that_trips_the_breaker_stays_unclear(way, provider, sandbox, settings):
    """The upstream may have that order: "unavailable" would send it a second time."""
    settings.BREAKER_FAILURES = 1
    order_id = place(way[0], way[1], "error500")
    for _ in range(3):
        forward()
    assert (list_states(order_id), sandbox.counters()["orders_made"]) == (["unclear"], 1)


def test_an_order_that_meets_an_open_breaker_waits_for_the_reset(way, provider, sandbox):
    upstream = Upstream(provider)
    for _ in range(3):
        send(upstream, "error500before")
    order_id, before = place(way[0], way[1]), timezone.now()
    forward()
    order = Order.objects.get(pk=order_id)
    assert 30 <= (order.next_try_at - before).total_seconds() <= 40
    assert (look(order_id)[1], list_states(order_id)) == ("queued", ["unavailable"])


def test_after_the_reset_one_success_closes_the_breaker(provider, reset, sandbox):
    upstream = Upstream(provider)
    for _ in range(3):
        send(upstream, "error500before")
    reset()
    assert [send(upstream, "plain", key) for key in "abc"] == [None] * 3
    assert send(upstream, "error500before")[0] is Unclear
    assert send(upstream, "plain", "d") is None


def test_after_the_reset_one_failure_opens_it_again(provider, reset, sandbox):
    upstream = Upstream(provider)
    for _ in range(3):
        send(upstream, "error500before")
    reset()
    assert send(upstream, "error500before")[0] is Unclear
    assert send(upstream, "plain") == (Unavailable, OPEN)
    assert sandbox.counters()["adds_received"] == 4


@pytest.mark.parametrize(("word", "kind"), [("refuse", Rejected), ("busy", Unavailable)])
def test_a_refusal_and_too_many_calls_are_answers_of_an_upstream_that_works(provider, sandbox, word, kind):
    upstream = Upstream(provider)
    assert [send(upstream, f"{word}/{number}")[0] for number in range(5)] == [kind] * 5
    assert send(upstream, "plain") is None


def test_all_threads_share_one_breaker(provider, sandbox):
    upstream, seen = Upstream(provider), []
    for _ in range(3):
        thread = Thread(target=lambda: seen.append(send(upstream, "error500before")[0]))
        thread.start()
        thread.join()
    assert (seen, send(upstream, "plain")) == ([Unclear] * 3, (Unavailable, OPEN))


def test_the_breakers_of_two_providers_are_apart(provider, sandbox):
    for _ in range(3):
        send(Upstream(provider), "error500before")
    other = Provider.objects.create(name="other", url=provider.url, key="sandbox-other")
    assert send(Upstream(other), "plain") is None


def test_status_calls_meet_the_open_breaker_too_and_change_nothing(way, provider, sandbox):
    order_id = place(way[0], way[1])
    forward()
    upstream = Upstream(provider)
    for _ in range(3):
        send(upstream, "error500before")
    poll()
    assert (look(order_id)[0], sandbox.counters()["status_calls"]) == ("processing", 0)


def test_the_rate_limit_holds_over_two_threads(provider, sandbox):
    provider.calls_per_second = 5
    upstream, seen = Upstream(provider), []

    def send_ten(prefix):
        seen.extend(send(upstream, "plain", f"{prefix}{number}") for number in range(6))

    time.sleep(1 - time.time() % 1)  # windows are whole seconds
    threads = [Thread(target=send_ten, args=(prefix,)) for prefix in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    by_second = {}
    for order in sandbox.orders():
        second = int(order["created"])
        by_second[second] = by_second.get(second, 0) + 1
    assert (seen, sum(by_second.values())) == ([None] * 12, 12)
    assert len(by_second) >= 3  # 12 calls at 5 a second
    assert max(by_second.values()) <= 6  # one may leave in a second and arrive in the next


def test_a_full_rate_limit_puts_the_order_off(way, provider, sandbox, monkeypatch):
    monkeypatch.setattr(upstream_module, "RATE_WAIT_SECONDS", 0)
    Provider.objects.update(calls_per_second=1)
    time.sleep(1 - time.time() % 1)
    ids = [place(way[0], way[1]) for _ in range(4)]
    forward()
    states = sorted(look(pk)[1] for pk in ids)
    made = sandbox.counters()["adds_received"]
    assert (states.count("accepted"), states.count("queued")) == (made, 4 - made)
    assert made < 4


def test_without_redis_orders_go_on(way, provider, sandbox, no_redis):
    Provider.objects.update(calls_per_second=5)
    order_id = place(way[0], way[1])
    forward()
    poll()
    assert (look(order_id)[0], sandbox.counters()["adds_received"]) == ("completed", 1)


def test_redis_that_goes_away_between_two_calls_stops_nobody(provider, sandbox):
    """The breaker was made with Redis and meets its absence later."""
    upstream = Upstream(provider)
    assert send(upstream, "plain", "a") is None
    storage = upstream_module._threads.breakers[provider.pk]._state_storage
    storage._redis = redis.Redis.from_url(f"redis://127.0.0.1:{pick_port(None)}/0")
    try:
        assert send(upstream, "plain", "b") is None
        assert send(upstream, "error500before")[0] is Unclear
    finally:
        upstream_module._threads.__dict__.clear()
    assert sandbox.counters()["adds_received"] == 3


def test_all_calls_to_a_provider_share_its_tokens(way, provider):
    done = json_answer({"operation": "success"})
    with TokenServer(provider.key, done) as server:
        provider.dialect, provider.url = "happy_follower", server.url
        wishes = (Upstream(provider).cancel(["1"]), Upstream(provider).refill(["2"]))
        assert wishes == ({"1": CancelResult("1", True, None)}, {"2": RefillResult("2", True, None, None)})
        with pytest.raises(Rejected):
            Upstream(provider).refill_statuses(["3"])
    assert server.paths == ["auth", "cancel", "recheck"]
