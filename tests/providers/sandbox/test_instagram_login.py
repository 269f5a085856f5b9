import base64
import hashlib
import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from providers.sandbox.instagram_logins import CODE_SECONDS
from providers.sandbox.server import SandboxServer

BACK = "https://panel.example/users/auth/instagram/callback?x=1"
ASKED = {
    "client_id": "sandbox-client",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "basic likes",
    "state": "feded9a3",
}
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
FORM = {
    "client_id": "sandbox-client",
    "client_secret": "sandbox-client-secret",
    "grant_type": "authorization_code",
    "redirect_uri": BACK,
}
UNKNOWN_CODE = (400, "Matching code was not found or was already used.")


@pytest.fixture
def choose(sandbox):
    """Press a button of the page: `choose(username="ali")`, `choose(choice="deny")`."""

    def post(**fields):
        url = f"{sandbox.url}/instagram/oauth/authorize"
        return requests.post(url, data=ASKED | fields, allow_redirects=False, timeout=10)

    return post


@pytest.fixture
def exchange(sandbox):
    """Exchange a code: `exchange(code)`."""

    def post(code, timeout=10, **fields):
        form = FORM | {"code": code} | fields
        return requests.post(f"{sandbox.url}/instagram/oauth/access_token", data=form, timeout=timeout)

    return post


def read_back(answer):
    """The query with which a person is led back to the client."""
    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "no-store")
    address, _, query = answer.headers["Location"].partition("?")
    assert address == BACK.partition("?")[0]
    return parse_qsl(query)


def read_code(answer):
    return dict(read_back(answer))["code"]


def read_refusal(answer):
    """(HTTP status, words) of the token endpoint's refusal."""
    content = answer.json()
    assert content.keys() == {"code", "error_type", "error_message"}
    assert content["code"] == answer.status_code
    return answer.status_code, content["error_message"]


def test_the_page_offers_people_and_a_way_back_escaped(sandbox):
    url = f"{sandbox.url}/instagram/oauth/authorize"
    answer = requests.get(url, params=ASKED | PKCE | {"state": '"><script>'}, timeout=10)
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    people = re.findall(r'<button name="username" value="([^"]+)">', answer.text)
    assert people == ["sara.ahmadi", "reza_karimi", "nolike.mina"]
    assert '<button name="choice" value="deny">' in answer.text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text)
    asked = list((ASKED | {"state": '"><script>'} | PKCE).items())
    assert [(name, unescape(value)) for name, value in hidden] == asked * 2
    assert ("<bdi>panel.example</bdi>" in answer.text, "<script" in answer.text) == (True, False)


def test_who_allows_comes_back_with_a_code_for_their_token(choose, exchange):
    pairs = read_back(choose(username="sara.ahmadi"))
    code = dict(pairs)["code"]
    assert pairs == [("x", "1"), ("code", code), ("state", "feded9a3")]
    answer = exchange(code)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    content = answer.json()
    assert re.fullmatch(r"46569725\.5106fe6\.[0-9a-f]{32}", content["access_token"])
    assert content["user"]["id"] == "46569725"
    assert content["user"]["username"] == "sara.ahmadi"


def test_who_denies_comes_back_as_documented(choose):
    assert choose(choice="deny").headers["Location"] == (
        f"{BACK}&error_reason=user_denied&error=access_denied"
        "&error_description=The+user+denied+your+request.&state=feded9a3"
    )


def test_a_typed_name_is_the_same_person_in_any_case_and_after_a_restart(choose, exchange):
    first, second = (exchange(read_code(choose(username=name))).json() for name in ("Ali.R", " ali.r "))
    assert first == second
    with SandboxServer() as other:
        answer = requests.post(
            f"{other.url}/instagram/oauth/authorize",
            data=ASKED | {"username": "ali.r"},
            allow_redirects=False,
            timeout=10,
        )
        form = FORM | {"code": read_code(answer)}
        third = requests.post(f"{other.url}/instagram/oauth/access_token", data=form, timeout=10).json()
    assert third == first


@pytest.mark.parametrize(("username", "liked"), [("ali", True), ("nolike.ali", False)])
def test_a_token_that_was_given_likes_and_is_on_the_list(sandbox, choose, exchange, username, liked):
    content = exchange(read_code(choose(username=username))).json()
    query = {"access_token": content["access_token"]}
    media = f"{sandbox.url}/instagram/v1/media"
    picture = requests.get(f"{media}/shortcode/Abcde", params=query, timeout=10).json()["data"]
    likers = requests.get(f"{media}/Abcde_1/likes", params=query, timeout=10).json()["data"]
    assert picture["user_has_liked"] is liked
    assert (content["user"]["id"] in [liker["id"] for liker in likers]) is liked


def test_a_code_works_once(choose, exchange):
    code = read_code(choose(username="ali"))
    assert exchange(code).status_code == 200
    assert read_refusal(exchange(code)) == UNKNOWN_CODE
    assert read_refusal(exchange("none")) == UNKNOWN_CODE


def test_a_code_grows_old(sandbox, choose, exchange, monkeypatch):
    now = 1_800_000_000.0
    monkeypatch.setattr("providers.sandbox.instagram_logins.time.time", lambda: now)
    codes = [read_code(choose(username="ali")) for _ in range(2)]
    now += CODE_SECONDS
    assert exchange(codes[0]).status_code == 200
    now += 1
    assert read_refusal(exchange(codes[1])) == UNKNOWN_CODE


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"client_id": "other"}, "Invalid Client ID"),
        ({"client_secret": "other"}, "Invalid Client Secret"),
        ({"grant_type": "password"}, "Grant type must be authorization_code"),
    ],
)
def test_another_client_does_not_use_the_code_up(choose, exchange, fields, words):
    code = read_code(choose(username="ali"))
    assert read_refusal(exchange(code, **fields)) == (400, words)
    assert exchange(code).status_code == 200


def test_another_way_back_uses_the_code_up(choose, exchange):
    code = read_code(choose(username="ali"))
    words = "Redirect URI doesn't match original redirect URI"
    assert read_refusal(exchange(code, redirect_uri="https://panel.example/")) == (400, words)
    assert read_refusal(exchange(code)) == UNKNOWN_CODE


@pytest.mark.parametrize("verifier", ["", "w" * 64, CHALLENGE])
def test_a_challenge_wants_its_verifier(choose, exchange, verifier):
    words = "The code_verifier doesn't match the code_challenge"
    code = read_code(choose(username="ali", **PKCE))
    assert read_refusal(exchange(code, code_verifier=verifier)) == (400, words)
    code = read_code(choose(username="ali", **PKCE))
    assert exchange(code, code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"client_id": "<b>"}, "Invalid Client ID"),
        ({"redirect_uri": "javascript:alert(1)"}, "Redirect URI does not match registered redirect URI"),
        ({"redirect_uri": "https://a.example/\r\nX: y"}, "Redirect URI does not match registered"),
        ({"redirect_uri": ""}, "Redirect URI does not match registered redirect URI"),
        ({"response_type": "token"}, "Response type must be code"),
        (PKCE | {"code_challenge_method": "plain"}, "Code challenge method must be S256"),
    ],
)
def test_a_client_that_asks_wrongly_leads_nobody_anywhere(sandbox, choose, fields, words):
    page = requests.get(f"{sandbox.url}/instagram/oauth/authorize", params=ASKED | fields, timeout=10)
    for answer in (page, choose(username="ali", **fields), choose(choice="deny", **fields)):
        assert (answer.status_code, "Location" in answer.headers) == (400, False)
        assert f"<bdi>{words}" in answer.text


@pytest.mark.parametrize("username", ["", "   ", "a b", "<b>", "علی", "x" * 31])
def test_a_name_that_nobody_can_have(choose, username):
    assert choose(username=username).status_code == 400


def test_names_that_make_trouble(choose, exchange):
    assert read_refusal(exchange(read_code(choose(username="refused1")))) == UNKNOWN_CODE
    assert exchange(read_code(choose(username="garbage1"))).text[:15] == "<!DOCTYPE html>"
    with pytest.raises(requests.ReadTimeout):
        exchange(read_code(choose(username="slow1")), timeout=2)


def test_faults_can_be_set(sandbox, choose, exchange):
    code = read_code(choose(username="ali"))
    sandbox.set_fault("instagram/token", "429")
    assert exchange(code).json()["error_type"] == "OAuthRateLimitException"
    assert exchange(code).status_code == 200


def test_a_reset_forgets_codes(sandbox, choose, exchange):
    code = read_code(choose(username="ali"))
    sandbox.reset()
    assert read_refusal(exchange(code)) == UNKNOWN_CODE


def test_a_way_back_without_a_query_and_without_a_state(sandbox):
    asked = {name: ASKED[name] for name in ("client_id", "response_type")}
    form = asked | {"redirect_uri": "http://127.0.0.1:8000/back", "username": "ali"}
    url = f"{sandbox.url}/instagram/oauth/authorize"
    location = requests.post(url, data=form, allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(location)
    assert (parts.netloc, parts.path, list(dict(parse_qsl(parts.query)))) == (
        "127.0.0.1:8000",
        "/back",
        ["code"],
    )
