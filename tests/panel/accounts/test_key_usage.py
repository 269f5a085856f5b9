"""How often a key may be used, counted by several processes, and when it last was used."""

from datetime import timedelta

import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from panel.accounts import key_usage
from panel.accounts.key_usage import KeyUsage, Throttled
from panel.accounts.models import ApiToken, Customer
from panel.accounts.tokens import issue_token, revoke_token, rotate_token
from panel.lib.secrets import digest_token
from tests.factories import make_customer
from tests.together import run_together

pytestmark = pytest.mark.django_db
STANDARD, HAPPY = ApiToken.Contract.STANDARD, ApiToken.Contract.HAPPY_FOLLOWER


class Clock:
    """Unix seconds that pass when a test says so; it begins with a window."""

    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture(autouse=True)
def _clean(clean_redis, settings):
    settings.API_CALLS_PER_MINUTE = {0: 40, 5: 60, 10: 100}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def process(clock):
    return KeyUsage(clock)


@pytest.fixture
def customer():
    return make_customer()


def digest_of(customer, contract=STANDARD, **fields):
    return digest_token(issue_token(customer, contract, **fields)[1])


def count_passed(process, digest, calls):
    """How many of so many calls are let through."""
    passed = 0
    for _ in range(calls):
        try:
            process.note_call(digest)
        except Throttled:
            continue
        passed += 1
    return passed


def wait_told(process, digest):
    with pytest.raises(Throttled) as caught:
        process.note_call(digest)
    return caught.value.retry_after_seconds


def read_last_used(digest):
    return ApiToken.objects.get(digest=digest).last_used_at


@pytest.mark.parametrize(("discount", "limit"), [(0, 40), (4, 40), (5, 60), (9, 60), (10, 100), (100, 100)])
def test_the_limit_goes_by_the_price_level(process, discount, limit):
    digest = digest_of(make_customer(discount=discount))
    assert count_passed(process, digest, 150) == limit


def test_a_new_level_counts_from_the_next_minute_on(process, clock, customer):
    digest = digest_of(customer)
    assert count_passed(process, digest, 150) == 40
    Customer.objects.filter(pk=customer.pk).update(discount=10)
    assert count_passed(process, digest, 150) == 0
    clock.now += 60
    assert count_passed(process, digest, 150) == 100


def test_who_called_too_often_is_told_how_long_to_wait(process, clock, customer):
    digest = digest_of(customer)
    clock.now += 12.5
    assert count_passed(process, digest, 41) == 40
    assert wait_told(process, digest) == 48
    clock.now += 47.4
    assert wait_told(process, digest) == 1
    clock.now += 0.2
    assert count_passed(process, digest, 41) == 40


def test_keys_are_counted_apart(process, customer):
    first, second = digest_of(customer), digest_of(customer)
    assert [count_passed(process, digest, 50) for digest in (first, second)] == [40, 40]


def test_tokens_that_a_key_issued_share_its_limit(process, customer):
    key, text = issue_token(customer, HAPPY)
    refresh, _ = issue_token(customer, HAPPY, use=ApiToken.Use.REFRESH, issued_by=key)
    tokens = [digest_of(customer, HAPPY, use=ApiToken.Use.ACCESS, issued_by=refresh) for _ in range(3)]
    digests = [digest_token(text), bytes(refresh.digest), *tokens]
    assert [count_passed(process, digest, 10) for digest in digests] == [10, 10, 10, 10, 0]


def test_rotating_gives_no_more_calls(process, customer):
    row, text = issue_token(customer, STANDARD)
    digests = [digest_token(text)]
    for _ in range(3):
        row, text = rotate_token(row)
        digests.append(digest_token(text))
    assert [count_passed(process, digest, 15) for digest in digests] == [15, 15, 10, 0]


def test_an_ended_token_takes_no_calls_from_those_that_live(process, customer):
    old, text = issue_token(customer, HAPPY)
    key, key_text = rotate_token(old)
    revoke_token(old)
    expired = {"issued_by": key, "expires_at": timezone.now() - timedelta(hours=1)}
    dead = [digest_token(text), digest_of(customer, HAPPY, use=ApiToken.Use.ACCESS, **expired)]
    digests = [*dead, digest_token(key_text)]
    assert [count_passed(process, digest, 50) for digest in digests] == [40, 40, 40]


@pytest.mark.parametrize("turns", [(1, 1), (7, 3), (50, 50)])
def test_two_processes_exceed_the_limit_by_a_parcel_each_at_most(clock, customer, settings, turns):
    settings.API_CALLS_PER_MINUTE = {0: 100}
    digest, parcel = digest_of(customer), 5
    processes = [KeyUsage(clock), KeyUsage(clock)]
    passed = 0
    for _ in range(200 // sum(turns) + 1):
        passed += sum(count_passed(one, digest, n) for one, n in zip(processes, turns, strict=True))
    assert 100 <= passed <= 100 + 2 * parcel
    assert [count_passed(one, digest, 20) for one in processes] == [0, 0]
    clock.now += 60
    assert [count_passed(one, digest, 20) for one in processes] == [20, 20]


def test_a_process_reports_in_parcels_that_expire(process, clock, customer, settings):
    settings.API_CALLS_PER_MINUTE = {0: 100}
    row, text = issue_token(customer, STANDARD)
    client = redis.Redis.from_url(django_settings.REDIS_URL)
    name = f"panel:calls:{row.pk}:{int(clock.now // 60)}"
    reported = []
    for _ in range(11):
        process.note_call(digest_token(text))
        reported.append(int(client.get(name) or 0))
    assert reported == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10]
    assert 60 < client.ttl(name) <= 120


@pytest.mark.parametrize(("limit", "parcel"), [(1, 1), (39, 1), (40, 2), (600, 30), (2000, 100), (6000, 100)])
def test_parcels_are_a_twentieth_within_bounds(limit, parcel):
    bucket = key_usage._Bucket(1)
    bucket.open_window(1, limit)
    assert bucket.parcel == parcel


def test_without_redis_each_process_counts_alone_and_asks_seldom(clock, customer, settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    digest = digest_of(customer)
    tries = []
    connect = redis.Connection.connect
    monkeypatch.setattr(redis.Connection, "connect", lambda self: (tries.append(clock.now), connect(self)))
    processes = [KeyUsage(clock), KeyUsage(clock)]
    assert [count_passed(one, digest, 50) for one in processes] == [40, 40]
    assert len(tries) == 2
    assert [wait_told(one, digest) for one in processes] == [60, 60]


def test_what_could_not_be_reported_is_reported_when_redis_is_back(clock, customer, settings):
    there, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
    row, text = issue_token(customer, STANDARD)
    process = KeyUsage(clock)
    assert count_passed(process, digest_token(text), 30) == 30
    settings.REDIS_URL, process._redis = there, None
    clock.now += key_usage.REDIS_PAUSE_SECONDS
    process.note_call(digest_token(text))
    client = redis.Redis.from_url(there)
    assert int(client.get(f"panel:calls:{row.pk}:{int(clock.now // 60)}")) == 31
    assert count_passed(KeyUsage(clock), digest_token(text), 50) == 40 - 31


@pytest.mark.django_db(transaction=True)
def test_threads_of_a_process_count_exactly(clock, customer, settings):
    settings.API_CALLS_PER_MINUTE = {0: 300}
    digest, process = digest_of(customer), KeyUsage(clock)
    passed = run_together(*[lambda: count_passed(process, digest, 100)] * 6)
    assert sum(passed) == 300


def test_last_use_is_written_at_most_once_a_minute_by_all_processes(clock, customer):
    digest = digest_of(customer)
    KeyUsage(clock).note_call(digest)
    first = read_last_used(digest)
    for process in (KeyUsage(clock), KeyUsage(clock)):
        process.note_call(digest)
    assert (timezone.now() - first < timedelta(minutes=1), read_last_used(digest)) == (True, first)
    earlier = timezone.now() - timedelta(seconds=61)
    ApiToken.objects.update(last_used_at=earlier)
    KeyUsage(clock).note_call(digest)
    assert read_last_used(digest) - earlier > timedelta(seconds=60)


def test_within_a_minute_the_database_is_asked_once(process, clock, customer, monkeypatch):
    digest, asked = digest_of(customer), []
    run = key_usage.run_prepared
    monkeypatch.setattr(
        key_usage, "run_prepared", lambda *call: (asked.append(clock.now - 1_800_000_000), run(*call))[1]
    )
    for _ in range(30):
        clock.now += 3
        process.note_call(digest)
    assert asked == [3, 60]


def test_an_ended_token_is_counted_but_not_used(process, customer):
    row, text = issue_token(customer, STANDARD)
    revoke_token(row)
    expired = digest_of(customer, expires_at=timezone.now() - timedelta(hours=1))
    assert [count_passed(process, digest, 50) for digest in (digest_token(text), expired)] == [40, 40]
    assert list(ApiToken.objects.values_list("last_used_at", flat=True)) == [None, None]


def test_a_token_s_use_is_its_issuers_use_too_but_not_that_of_replaced_keys(process, customer):
    old, _ = issue_token(customer, HAPPY)
    key, _ = rotate_token(old)
    refresh, _ = issue_token(customer, HAPPY, use=ApiToken.Use.REFRESH, issued_by=key)
    process.note_call(digest_of(customer, HAPPY, use=ApiToken.Use.ACCESS, issued_by=refresh))
    used = ApiToken.objects.order_by("pk").values_list("last_used_at", flat=True)
    assert [moment is None for moment in used] == [True, False, False, False]
    assert len(set(used[1:])) == 1


@pytest.mark.django_db(transaction=True)
def test_a_call_waits_for_nobody_who_changes_the_key(process, customer):
    digest = digest_of(customer)
    with transaction.atomic():
        ApiToken.objects.update(name="being edited")
        (answer,) = run_together(lambda: count_passed(process, digest, 50))
    assert (answer, read_last_used(digest)) == (40, None)


@pytest.mark.django_db(transaction=True)
def test_many_processes_note_one_key_at_the_same_moment(clock, customer):
    key, _ = issue_token(customer, HAPPY)
    tokens = [digest_of(customer, HAPPY, use=ApiToken.Use.ACCESS, issued_by=key) for _ in range(6)]
    answers = run_together(*[lambda one=one: KeyUsage(clock).note_call(one) for one in tokens])
    assert answers == [None] * 6
    assert ApiToken.objects.filter(last_used_at=None).count() == 0


def test_what_nobody_issued_is_neither_counted_nor_remembered(process):
    assert count_passed(process, digest_token("made-up"), 100) == 100
    with CaptureQueriesContext(connection) as queries:
        process.note_call(b"")
    assert (process._keys, process._buckets, len(queries)) == ({}, {}, 0)


def test_memory_is_bounded_and_the_oldest_key_goes(process, customer, monkeypatch):
    monkeypatch.setattr(key_usage, "MAX_KEYS", 3)
    digests = [digest_of(customer) for _ in range(5)]
    for digest in digests:
        process.note_call(digest)
    assert (list(process._keys), len(process._buckets)) == (digests[2:], 3)


def test_a_throttled_call_is_told_when_to_come_again(client, customer, settings, monkeypatch, clock):
    settings.API_CALLS_PER_MINUTE = {0: 3}
    monkeypatch.setattr("panel.api.standard.views.note_call", KeyUsage(clock).note_call)
    _, token = issue_token(customer, STANDARD)
    answers = [client.post("/api/v2", {"key": token, "action": "balance"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert (answers[3].headers["Retry-After"], answers[3].json()) == ("60", {"error": "Too many requests"})
