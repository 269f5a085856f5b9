"""happy-follower's `auth` and `ref-auth`: a key gives a refresh token and a token, that gives new tokens.

No order is in these calls, so none of their troubles is Unclear; and an answer of theirs is full of secrets,
so nothing of it is kept but a refusal's text.
"""

import re
import time
from time import monotonic

from providers.adapters.base import AccountProblem, Session, Unavailable, Unclear
from providers.adapters.exchange import send
from providers.adapters.refusals import NO_REASON

TOKEN_SECONDS = 55 * 60  # of the hour that a token lives
REFRESH_SECONDS = 29 * 86_400  # of the 30 days that a refresh token lives
# 401 and 402 can't be about an order, and the contract has 403 for missing credit alone.
ACCOUNT_STATUSES = (401, 402, 403)
TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")  # what can stand in a header


class TokenExchange:
    """Gives sessions of one key at one upstream; `seconds` is the deadline of a call."""

    def __init__(self, credentials, http, seconds, sessions):
        self._credentials = credentials
        self._http = http
        self._seconds = seconds
        self._sessions = sessions

    def open_session(self, give_up):
        """A session whose token is good, before `give_up` (monotonic). Raises AccountProblem, Unavailable."""
        session = self._sessions.read()
        if session is not None and session.token_until > time.time():
            return session
        return self.replace_session(session, give_up)

    def replace_session(self, stale, give_up):
        """A session newer than `stale`, which the upstream refused or which is over. Raises as above."""
        return self._sessions.renew(
            stale, lambda known: self._make(known, give_up), max(give_up - monotonic(), 0)
        )

    def _make(self, known, give_up):
        """A new session: by the refresh token of the known one where that works, else by the key."""
        if known is not None and known.refresh_until > time.time():
            session = self._refresh(known, give_up)
            if session is not None:
                return session
        return self._authenticate(give_up)

    def _authenticate(self, give_up):
        reply = self._get("auth", {"Authorization": f"Bearer {self._credentials.key}"}, (), give_up)
        content = reply.find_content(dict)
        refusal = None if content is None else find_refusal(content, reply.status)
        self._check(reply)
        if reply.status in ACCOUNT_STATUSES or (refusal is not None and reply.status < 500):
            raise AccountProblem(reply.mask(refusal or f"the key was refused (HTTP {reply.status})"))
        token, refresh_token = read_token(content, "token"), read_token(content, "refreshToken")
        if reply.status >= 300 or not token or not refresh_token:
            raise Unavailable(f"auth gave no tokens (HTTP {reply.status})")
        now = time.time()
        return Session(token, refresh_token, now + TOKEN_SECONDS, now + REFRESH_SECONDS)

    def _refresh(self, known, give_up):
        """A session with a new token, or None where the refresh token is good no more."""
        headers = {
            "refresh-token": f"Bearer {known.refresh_token}",
            "old-token": f"Bearer {known.token}",
        }
        reply = self._get("ref-auth", headers, known.secrets, give_up)
        self._check(reply)
        content = reply.find_content(dict)
        token = read_token(content, "token")
        if reply.status >= 300 or not token or find_refusal(content, reply.status) is not None:
            return None
        refresh_token = read_token(content, "refreshToken") or known.refresh_token
        return Session(token, refresh_token, time.time() + TOKEN_SECONDS, known.refresh_until)

    def _get(self, path, headers, secrets, give_up):
        seconds = min(self._seconds, give_up - monotonic())
        if seconds <= 0:
            raise Unavailable("no time left for a new token", retry_after_seconds=1)
        try:
            return send(
                self._http,
                "GET",
                f"{self._credentials.url.rstrip('/')}/{path}",
                headers={"Accept": "application/json", **headers},
                body=None,
                seconds=seconds,
                secrets=(*self._credentials.secrets, *secrets),
                account_statuses=ACCOUNT_STATUSES,
            )
        except Unclear as error:
            raise Unavailable(f"no token: {error.reason}") from error

    def _check(self, reply):
        """Raises Unavailable for what may go better later: too many calls, a fault of theirs."""
        if reply.status == 429:
            raise Unavailable("too many calls (HTTP 429)", retry_after_seconds=reply.retry_after_seconds)
        if reply.status >= 500:
            raise Unavailable(f"no token (HTTP {reply.status})")


def read_token(content, name):
    """A token of an answer, fit for a header, or None."""
    value = content.get(name) if isinstance(content, dict) else None
    return value if isinstance(value, str) and TOKEN.fullmatch(value) else None


def find_refusal(content, http_status):
    """The text of `{"operation": "error", "message": …}`, or of a bare `message` at 4xx; None otherwise."""
    refused = content.get("operation") == "error"
    message = content.get("message")
    if refused or (http_status >= 400 and isinstance(message, str)):
        return message.strip() if isinstance(message, str) and message.strip() else NO_REASON
    return None
