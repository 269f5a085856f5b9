"""Instagram's login at `/instagram/oauth`: OAuth 2 with the authorization code, `state` and, if asked for, PKCE.

| call | what it does |
|---|---|
| `GET oauth/authorize?client_id=&redirect_uri=&response_type=code&…` | the page that asks the person |
| `POST oauth/authorize`, the same fields and `username=…` or `choice=deny` | what its buttons do, for tests too |
| `POST oauth/access_token` | the access token and the person, once for each code |

Allowed, the person goes back with `code` and `state`; denied, with `error_reason=user_denied`, `error=access_denied`,
`error_description` and `state`. The client is `sandbox-client` with the secret `sandbox-client-secret`.

| `username` begins with | the token endpoint |
|---|---|
| `slow` | answers after 12 s |
| `garbage` | answers with a page |
| `refused` | 400, as if the code were unknown |
| anything else | answers; the person likes everything, unless the name begins with `nolike` |

Fault of `/control/faults`: `instagram/token`.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from providers.sandbox.fates import LATE_SECONDS
from providers.sandbox.faults import play_call, spoil_answer
from providers.sandbox.instagram_logins import Login
from providers.sandbox.instagram_page import show_error, show_offer
from providers.sandbox.instagram_people import add_person, find_by_username
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, is_web_address, json_answer

ACTIONS = ("instagram/token",)
CLIENT, SECRET = "sandbox-client", "sandbox-client-secret"
ASKED = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)
DENIED = (
    ("error_reason", "user_denied"),
    ("error", "access_denied"),
    ("error_description", "The user denied your request."),
)
NO_CODE = "Matching code was not found or was already used."


def answer_page(state: State, request: Request) -> Answer:
    """`GET oauth/authorize`."""
    asked = _read_asked(request.query_pairs())
    trouble = _find_trouble(asked)
    return show_error(trouble) if trouble else show_offer(asked)


def answer_choice(state: State, request: Request) -> Answer:
    """`POST oauth/authorize`: 302 back to the client."""
    form = request.form_pairs()
    asked, chosen = _read_asked(form), dict(form)
    trouble = _find_trouble(asked)
    if trouble:
        return show_error(trouble)
    if chosen.get("choice") == "deny":
        return _lead_back(asked, DENIED)
    person = find_by_username(chosen.get("username", ""))
    if person is None:
        return show_error("A username is 1 to 30 of a-z, 0-9, dot and underscore.")
    add_person(state.store, person.uid, person.username)
    code = state.logins.give(person, asked["redirect_uri"], asked.get("code_challenge", ""))
    return _lead_back(asked, (("code", code),))


def answer_token(state: State, request: Request) -> Answer:
    """`POST oauth/access_token`."""
    busy = _refuse(
        "OAuthRateLimitException", "You have exceeded the maximum number of requests per hour.", 429
    )
    return play_call(state.faults, ACTIONS[0], busy, lambda: _exchange(state, dict(request.form_pairs())))


def _exchange(state: State, form: Mapping[str, str]) -> Answer:
    if form.get("client_id") != CLIENT:
        return _refuse("OAuthException", "Invalid Client ID")
    if form.get("client_secret") != SECRET:
        return _refuse("OAuthException", "Invalid Client Secret")
    if form.get("grant_type") != "authorization_code":
        return _refuse("OAuthException", "Grant type must be authorization_code")
    login = state.logins.take(form.get("code", ""))
    if login is None or login.person.username.startswith("refused"):
        return _refuse("OAuthException", NO_CODE)
    if form.get("redirect_uri") != login.redirect_uri:
        return _refuse("OAuthException", "Redirect URI doesn't match original redirect URI")
    if not _proves(login, form.get("code_verifier", "")):
        return _refuse("OAuthException", "The code_verifier doesn't match the code_challenge")
    return _give_token(login)


def _give_token(login: Login) -> Answer:
    person = login.person
    user = {"id": person.uid, "username": person.username, "full_name": "", "profile_picture": ""}
    answer = json_answer({"access_token": person.token, "user": user}, Cache_Control="no-store")
    if person.username.startswith("garbage"):
        return spoil_answer("html", answer)
    return replace(answer, delay=LATE_SECONDS) if person.username.startswith("slow") else answer


def _proves(login: Login, verifier: str) -> bool:
    """Whether the verifier is the one whose digest came as the challenge (S256), if one came."""
    if not login.challenge:
        return True
    digest = hashlib.sha256(verifier.encode(errors="replace")).digest()
    expected = base64.urlsafe_b64encode(digest).rstrip(b"=")
    return hmac.compare_digest(expected, login.challenge.encode(errors="replace"))


def _read_asked(pairs: list[tuple[str, str]]) -> dict[str, str]:
    return {name: text for name, text in pairs if name in ASKED}


def _find_trouble(asked: Mapping[str, str]) -> str:
    """What is wrong with how the client sent the person, or an empty text; nobody is led back then."""
    if asked.get("client_id") != CLIENT:
        return "Invalid Client ID"
    if not is_web_address(asked.get("redirect_uri")):
        return "Redirect URI does not match registered redirect URI"
    if asked.get("response_type") != "code":
        return "Response type must be code"
    if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
        return "Code challenge method must be S256"
    return ""


def _lead_back(asked: Mapping[str, str], told: tuple[tuple[str, str], ...]) -> Answer:
    parts = urlsplit(asked["redirect_uri"])
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *told]
    pairs += [("state", asked["state"])] if "state" in asked else []
    location = urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs), ""))
    return Answer(status=302, headers={"Location": location, "Cache-Control": "no-store"})


def _refuse(error_type: str, words: str, status: int = 400) -> Answer:
    return json_answer({"code": status, "error_type": error_type, "error_message": words}, status)
