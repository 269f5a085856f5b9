"""Logging in with an account at Instagram: OAuth 2 with the authorization code, `state`, and PKCE where it is on.

The addresses are settings; the one that answers may be Instagram's or whoever offers the same calls. Errors hold no
token and no code.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings

from panel.lib.http import MaybeSent, NotSent
from panel.lib.http.reading import Unreadable, read_identifier, read_json, read_text
from panel.lib.outbound import outbound_client

LONGEST_CODE = 512
LONGEST_TOKEN = 512


class OAuthFailed(Exception):
    """Nobody was logged in; `reason` is one plain line for the log without any secret."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Errand:
    """What has to be remembered, by the browser alone, until the provider sends the person back."""

    state: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever came back: their id and name at the provider, and the token it gave, which nobody here stores."""

    uid: str
    username: str
    access_token: str = field(repr=False)


def is_offered():
    """Whether people can log in this way here."""
    return bool(
        settings.INSTAGRAM_AUTHORIZE_URL and settings.INSTAGRAM_TOKEN_URL and settings.INSTAGRAM_CLIENT_ID
    )


def new_errand():
    """A fresh Errand with values that nobody guesses."""
    return Errand(secrets.token_hex(24), secrets.token_urlsafe(48))


def build_authorize_url(errand, redirect_uri):
    """Where the person is sent."""
    query = {
        "client_id": settings.INSTAGRAM_CLIENT_ID,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": settings.INSTAGRAM_SCOPE,
        "state": errand.state,
    }
    if settings.INSTAGRAM_PKCE:
        digest = hashlib.sha256(errand.verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    joint = "&" if "?" in settings.INSTAGRAM_AUTHORIZE_URL else "?"
    return f"{settings.INSTAGRAM_AUTHORIZE_URL}{joint}{urlencode(query)}"


def exchange_code(code, errand, redirect_uri):
    """The Person behind a code, asked of the provider; no transaction may be open. Raises OAuthFailed."""
    if not code or len(code) > LONGEST_CODE:
        raise OAuthFailed("no code")
    form = {
        "client_id": settings.INSTAGRAM_CLIENT_ID,
        "client_secret": settings.INSTAGRAM_CLIENT_SECRET,
        "grant_type": "authorization_code",
        "redirect_uri": redirect_uri,
        "code": code,
    }
    if settings.INSTAGRAM_PKCE:
        form["code_verifier"] = errand.verifier
    try:
        answer = outbound_client().send(
            "POST",
            settings.INSTAGRAM_TOKEN_URL,
            headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
            body=urlencode(form).encode(),
            total_seconds=settings.INSTAGRAM_SECONDS,
        )
        content = read_json(answer.body)
    except (NotSent, MaybeSent) as error:
        raise OAuthFailed(error.reason) from error
    except Unreadable as error:
        raise OAuthFailed(f"no JSON (HTTP {answer.status})") from error
    if answer.status != 200 or not isinstance(content, dict):
        raise OAuthFailed(f"refused (HTTP {answer.status})")
    return _read_person(content)


def _read_person(content):
    user = content.get("user")
    user = user if isinstance(user, dict) else {}
    token = content.get("access_token")
    uid = read_identifier(user.get("id"))
    usable = isinstance(token, str) and token.isascii() and token.isprintable() and " " not in token
    if uid is None or not usable or not 0 < len(token) <= LONGEST_TOKEN:
        raise OAuthFailed("the answer names no person")
    return Person(uid, read_text(user.get("username"), 64), token)
