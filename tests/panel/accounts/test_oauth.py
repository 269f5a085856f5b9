"""Logging in through Instagram: where the person is sent, and every way in which their code is exchanged."""

import base64
import hashlib
import json
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from panel.accounts.oauth import (
    Errand,
    OAuthFailed,
    Person,
    build_authorize_url,
    exchange_code,
    is_offered,
    new_errand,
)
from tests.panel.lib.raw_server import (
    RawServer,
    free_port,
    hang_up,
    http_answer,
    play_and_hang_up,
    reset,
)

BACK = "http://127.0.0.1:8000/users/auth/instagram/callback"
CODE, TOKEN = "c0de-c0de-c0de", "46569725.5106fe6.31df6ecb062448f8ae396b8ffd2ca671"
ERRAND = Errand("feded9a3", "verifier-verifier-verifier-verifier-verifier")
CLIENT, SECRET = "client-id", "client/secret+"
GIVEN = {"access_token": TOKEN, "user": {"id": "46569725", "username": "phoebe_buffay"}}
CUT_SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"


@pytest.fixture(autouse=True)
def _client(settings):
    settings.INSTAGRAM_CLIENT_ID = CLIENT
    settings.INSTAGRAM_CLIENT_SECRET = SECRET
    settings.INSTAGRAM_AUTHORIZE_URL = "https://provider.example/oauth/authorize"
    settings.INSTAGRAM_TOKEN_URL = "http://127.0.0.1:1/"
    settings.INSTAGRAM_SCOPE = "basic likes"
    settings.INSTAGRAM_PKCE = True


@pytest.fixture
def provider(settings):
    """provider(*plays) starts a token endpoint that answers them; gives the server."""
    servers = []

    def start(*plays):
        server = RawServer(*plays).__enter__()
        servers.append(server)
        settings.INSTAGRAM_TOKEN_URL = f"{server.url}/oauth/access_token"
        return server

    yield start
    for server in servers:
        server.__exit__()


def told(value, status="200 OK"):
    return http_answer(json.dumps(value), status)


def trouble(code=CODE):
    """The reason of a failed exchange, in which no secret ever is."""
    with pytest.raises(OAuthFailed) as caught:
        exchange_code(code, ERRAND, BACK)
    error = caught.value
    text = f"{error} {error!r} {error.reason}"
    assert not any(secret in text for secret in (CODE, TOKEN, SECRET, ERRAND.verifier))
    return error.reason


@pytest.mark.parametrize("missing", ["INSTAGRAM_AUTHORIZE_URL", "INSTAGRAM_TOKEN_URL", "INSTAGRAM_CLIENT_ID"])
def test_it_is_offered_only_where_everything_is_set(settings, missing):
    assert is_offered()
    setattr(settings, missing, "")
    assert not is_offered()


def test_the_person_is_sent_with_state_and_challenge():
    parts = urlsplit(build_authorize_url(ERRAND, BACK))
    digest = hashlib.sha256(ERRAND.verifier.encode()).digest()
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://provider.example/oauth/authorize"
    assert dict(parse_qsl(parts.query)) == {
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "basic likes",
        "state": ERRAND.state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }


def test_without_pkce_there_is_no_challenge_and_no_verifier(settings, provider):
    settings.INSTAGRAM_PKCE = False
    server = provider(told(GIVEN))
    assert "challenge" not in build_authorize_url(ERRAND, BACK)
    exchange_code(CODE, ERRAND, BACK)
    assert b"verifier" not in server.requests[0].body


def test_an_address_that_has_a_query_keeps_it(settings):
    settings.INSTAGRAM_AUTHORIZE_URL = "https://provider.example/authorize?lang=fa"
    assert build_authorize_url(ERRAND, BACK).startswith(
        f"https://provider.example/authorize?lang=fa&client_id={CLIENT}&redirect_uri="
    )


def test_errands_are_guessed_by_nobody_and_hide_their_verifier():
    errands = [new_errand() for _ in range(50)]
    assert len({errand.state for errand in errands} | {errand.verifier for errand in errands}) == 100
    assert {len(errand.state) for errand in errands} == {48}
    # RFC 7636: 43 to 128 characters that need no escaping.
    assert all(43 <= len(errand.verifier) <= 128 for errand in errands)
    assert errands[0].verifier not in repr(errands[0])


def test_a_code_is_exchanged_for_a_person(provider):
    server = provider(told(GIVEN))
    person = exchange_code(CODE, ERRAND, BACK)
    assert person == Person("46569725", "phoebe_buffay", TOKEN)
    assert TOKEN not in repr(person)
    [request] = server.requests
    assert (request.method, request.target) == ("POST", "/oauth/access_token")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(request.body.decode())) == {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "grant_type": "authorization_code",
        "redirect_uri": BACK,
        "code": CODE,
        "code_verifier": ERRAND.verifier,
    }


@pytest.mark.parametrize(
    ("user", "person"),
    [
        ({"id": 46569725}, Person("46569725", "", TOKEN)),
        ({"id": "46569725", "username": None}, Person("46569725", "", TOKEN)),
        ({"id": "46569725", "username": "a\n b\x00" + "x" * 99}, Person("46569725", "a b" + "x" * 61, TOKEN)),
        ({"id": "1" * 64, "username": "a"}, Person("1" * 64, "a", TOKEN)),
    ],
)
def test_people_as_providers_may_write_them(provider, user, person):
    provider(told(GIVEN | {"user": user}))
    assert exchange_code(CODE, ERRAND, BACK) == person


@pytest.mark.parametrize("code", [None, "", "x" * 513])
def test_what_is_no_code_is_not_sent(provider, code):
    server = provider(told(GIVEN))
    assert (trouble(code), server.connections) == ("no code", 0)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (told({"error_message": f"{CODE} was used"}, "400 Bad Request"), "refused (HTTP 400)"),
        (told(GIVEN, "401 Unauthorized"), "refused (HTTP 401)"),
        (told(GIVEN, "302 Found"), "refused (HTTP 302)"),
        (told(GIVEN, "500 Internal Server Error"), "refused (HTTP 500)"),
        (told([GIVEN]), "refused (HTTP 200)"),
        (told(None), "refused (HTTP 200)"),
        (http_answer("<html>We will be back soon</html>"), "no JSON (HTTP 200)"),
        (http_answer("<html>503</html>", "503 Service Unavailable"), "no JSON (HTTP 503)"),
        (http_answer(""), "no JSON (HTTP 200)"),
        (http_answer("[" * 100_000), "no JSON (HTTP 200)"),
        (http_answer("{}" + " " * 5_000_000), "the answer is larger than 5000000 bytes"),
        (play_and_hang_up(CUT_SHORT), "the connection broke or the answer is not HTTP"),
    ],
)
def test_nobody_is_logged_in_by_an_answer_that_is_none(provider, answer, reason):
    server = provider(answer)
    assert (trouble(), len(server.requests)) == (reason, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"user": None},
        {"user": []},
        {"user": {}},
        {"user": "46569725"},
        *(
            {"user": {"id": value}}
            for value in (None, True, "", " ", 0, "0", -5, 4.5, {}, "1" * 65, "1 2", "a/1")
        ),
        *({"access_token": value} for value in (None, "", 5, [TOKEN], "a b", "a\nb", "توکن", "x" * 513)),
    ],
)
def test_an_answer_that_names_no_person(provider, changes):
    provider(told(GIVEN | changes))
    assert trouble() == "the answer names no person"


@pytest.mark.parametrize("play", [reset, hang_up])
def test_a_broken_connection_is_not_tried_again(provider, play):
    server = provider(play)
    assert (trouble().startswith("the connection broke"), len(server.requests)) == (True, 1)


def test_a_provider_that_hangs_or_is_away(provider, settings):
    settings.INSTAGRAM_SECONDS = 2
    server = provider(lambda _socket, _request: server.closing.wait(30))
    assert trouble() == "no complete answer in time"
    settings.INSTAGRAM_TOKEN_URL = f"http://127.0.0.1:{free_port()}/"
    assert trouble() == "the connection was refused"


def test_nothing_secret_is_logged_however_much_is(provider, caplog):
    caplog.set_level(0)
    for play in (reset, told({"code": 400}, "400 Bad Request"), told(GIVEN | {"user": None})):
        provider(play)
        trouble()
    provider(told(GIVEN))
    exchange_code(CODE, ERRAND, BACK)
    told_of = [secret for secret in (CODE, TOKEN, SECRET, ERRAND.verifier) if secret in caplog.text]
    assert told_of == []


@pytest.fixture
def log_in(sandbox, settings):
    """log_in(username) chooses a person on the sandbox's page; gives the code that came back."""
    settings.INSTAGRAM_CLIENT_ID = "sandbox-client"
    settings.INSTAGRAM_CLIENT_SECRET = "sandbox-client-secret"
    settings.INSTAGRAM_AUTHORIZE_URL = f"{sandbox.url}/instagram/oauth/authorize"
    settings.INSTAGRAM_TOKEN_URL = f"{sandbox.url}/instagram/oauth/access_token"

    def choose(username):
        asked = dict(parse_qsl(urlsplit(build_authorize_url(ERRAND, BACK)).query))
        form = asked | {"username": username}
        answer = requests.post(settings.INSTAGRAM_AUTHORIZE_URL, data=form, allow_redirects=False, timeout=10)
        back = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
        assert back.keys() == {"code", "state"}
        assert back["state"] == ERRAND.state
        return back["code"]

    return choose


@pytest.mark.parametrize("pkce", [True, False])
def test_the_sandboxs_people_log_in_once_with_each_code(log_in, settings, pkce):
    settings.INSTAGRAM_PKCE = pkce
    code = log_in("sara.ahmadi")
    person = exchange_code(code, ERRAND, BACK)
    assert (person.uid, person.username) == ("46569725", "sara.ahmadi")
    assert person.access_token.startswith("46569725.5106fe6.")
    assert trouble(code) == "refused (HTTP 400)"


def test_a_code_of_another_errand_or_another_way_back_is_worth_nothing(log_in):
    stolen = log_in("sara.ahmadi")
    with pytest.raises(OAuthFailed, match="refused"):
        exchange_code(stolen, new_errand(), BACK)
    stolen = log_in("sara.ahmadi")
    with pytest.raises(OAuthFailed, match="refused"):
        exchange_code(stolen, ERRAND, "http://127.0.0.1:8000/other")


@pytest.mark.parametrize(
    ("username", "reason"), [("refused1", "refused (HTTP 400)"), ("garbage1", "no JSON (HTTP 200)")]
)
def test_the_sandboxs_people_who_make_trouble(log_in, username, reason):
    assert trouble(log_in(username)) == reason
