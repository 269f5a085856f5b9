"""The sessions of happy-follower: who gets a token, how long it is good, and who may renew it."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from providers.sandbox.server import SandboxServer
from providers.sandbox.tokens import REFRESH_SECONDS

REFUSED = (401, {"operation": "error", "message": "توکن نامعتبر یا منقضی شده است"})


@pytest.fixture
def auth(happy_follower):
    def ask(key="sandbox-key"):
        told = happy_follower("GET", "auth", key).json()
        return told["refreshToken"], told["token"]

    return ask


@pytest.fixture
def renew(happy_follower):
    def ask(refresh_token, old_token):
        headers = {"refresh-token": f"Bearer {refresh_token}", "old-token": f"Bearer {old_token}"}
        return happy_follower("GET", "ref-auth/", headers=headers)

    return ask


def read(answer):
    return answer.status_code, answer.json()


def test_auth_hands_out_a_pair_that_is_new_each_time(sandbox, happy_follower):
    answers = [happy_follower("GET", path, "sandbox-key").json() for path in ("auth", "auth/")]
    assert [(set(told), told["operation"]) for told in answers] == [
        ({"operation", "refreshToken", "token"}, "success")
    ] * 2
    words = [told[name] for told in answers for name in ("refreshToken", "token")]
    assert (len(set(words)), min(map(len, words)) >= 32) == (4, True)
    for told in answers:
        assert happy_follower("GET", "credit", told["token"]).status_code == 200


@pytest.mark.parametrize("key", [None, "", "wrong", "sandbox"])
def test_auth_refuses_a_wrong_key(happy_follower, key):
    answer = happy_follower("GET", "auth", key)
    assert read(answer) == (401, {"operation": "error", "message": "کلید API نامعتبر است"})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "services"),
        ("POST", "order"),
        ("GET", "status/1/"),
        ("POST", "cancel"),
        ("POST", "recheck"),
        ("GET", "credit/"),
    ],
)
def test_every_operation_wants_a_living_token(happy_follower, auth, renew, method, path):
    refresh_token, replaced = auth()
    assert renew(refresh_token, replaced).status_code == 200
    for token in (None, "wrong", "sandbox-key", refresh_token, replaced):
        assert read(happy_follower(method, path, token)) == REFUSED


def test_a_token_expires_and_is_renewed(sandbox, happy_follower, auth, renew):
    refresh_token, token = auth()
    sandbox.change_speeds(token_seconds=0)
    assert read(happy_follower("GET", "credit", token)) == REFUSED
    answer = renew(refresh_token, token).json()
    assert (set(answer), answer["operation"]) == ({"operation", "token"}, "success")
    sandbox.change_speeds(token_seconds=3600)
    assert happy_follower("GET", "credit", answer["token"]).status_code == 200
    assert read(happy_follower("GET", "credit", token)) == REFUSED


def test_a_token_is_good_for_the_seconds_that_are_set(sandbox, happy_follower, auth):
    _, token = auth()
    with sandbox.state.store.transaction() as database:
        database.execute("UPDATE sessions SET token_created = ?", (time.time() - 100,))
    statuses = []
    for seconds in (3600, 90, 300):
        sandbox.change_speeds(token_seconds=seconds)
        statuses.append(happy_follower("GET", "credit", token).status_code)
    assert statuses == [200, 401, 200]


def test_only_the_newest_token_of_that_session_renews(auth, renew):
    refresh_token, first = auth()
    other_refresh, other = auth()
    second = renew(refresh_token, first).json()["token"]
    for pair in (
        (refresh_token, first),
        (refresh_token, other),
        (other_refresh, second),
        (second, refresh_token),
        ("wrong", second),
        (refresh_token, ""),
    ):
        assert read(renew(*pair)) == REFUSED
    assert (renew(refresh_token, second).status_code, renew(other_refresh, other).status_code) == (200, 200)


def test_both_headers_are_needed(happy_follower, auth):
    refresh_token, token = auth()
    for headers in (
        {"refresh-token": f"Bearer {refresh_token}"},
        {"old-token": f"Bearer {token}"},
        {"refresh-token": refresh_token, "old-token": token},
        {},
    ):
        assert read(happy_follower("GET", "ref-auth", headers=headers)) == REFUSED


def test_a_refresh_token_lives_thirty_days(sandbox, auth, renew):
    refresh_token, token = auth()

    def set_age(seconds):
        with sandbox.state.store.transaction() as database:
            database.execute("UPDATE sessions SET created = ?", (time.time() - seconds,))

    set_age(REFRESH_SECONDS - 60)
    token = renew(refresh_token, token).json()["token"]
    set_age(REFRESH_SECONDS + 1)
    assert (REFRESH_SECONDS, read(renew(refresh_token, token))) == (30 * 24 * 3600, REFUSED)


def test_of_many_renewals_at_the_same_moment_one_wins(sandbox, happy_follower, auth, renew):
    refresh_token, token = auth()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: renew(refresh_token, token), range(16)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 15
    [winner] = [answer.json()["token"] for answer in answers if answer.status_code == 200]
    assert happy_follower("GET", "credit", winner).status_code == 200
    counters = sandbox.counters()
    assert (counters["auth_calls"], counters["refresh_calls"]) == (1, 16)


def test_a_token_speaks_for_its_key(happy_follower, auth):
    credits = [
        happy_follower("GET", "credit", auth(key)[1]).json()["credit"]
        for key in ("sandbox-poor", "sandbox-a")
    ]
    assert credits == [0, 1_000_000_000]


def test_faults_and_reset_reach_sessions(sandbox, happy_follower, auth, renew):
    refresh_token, token = auth()
    sandbox.set_fault("auth", "500")
    sandbox.set_fault("ref-auth", "429")
    answers = [happy_follower("GET", "auth", "sandbox-key"), renew(refresh_token, token)]
    assert [answer.status_code for answer in answers] == [500, 429]
    assert renew(refresh_token, token).status_code == 200
    sandbox.change_speeds(token_seconds=5)
    sandbox.reset()
    assert sandbox.state.speeds.token_seconds == 3600
    assert read(renew(refresh_token, token)) == REFUSED


def test_a_session_outlives_the_process(tmp_path):
    file = str(tmp_path / "state.sqlite3")

    def ask(sandbox, path, **headers):
        named = {name.replace("_", "-"): f"Bearer {value}" for name, value in headers.items()}
        return requests.get(f"{sandbox.url}/happy_follower/api/v1/{path}", headers=named, timeout=10)

    with SandboxServer(state=file) as sandbox:
        told = ask(sandbox, "auth", Authorization="sandbox-key").json()
    with SandboxServer(state=file) as sandbox:
        assert ask(sandbox, "credit", Authorization=told["token"]).status_code == 200
        renewed = ask(sandbox, "ref-auth", refresh_token=told["refreshToken"], old_token=told["token"])
        assert renewed.status_code == 200
        counters = sandbox.counters()
        assert (counters["auth_calls"], counters["refresh_calls"]) == (1, 1)
