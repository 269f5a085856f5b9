"""The codes that the played Instagram gave and that wait to be exchanged, in memory; each works once."""

import secrets
import threading
import time
from dataclasses import dataclass

from providers.sandbox.instagram_people import Person

CODE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Login:
    """A person who allowed the client at `redirect_uri`; `challenge` is PKCE's, or empty. Unix seconds."""

    person: Person
    redirect_uri: str
    challenge: str
    created: float


class LoginCodes:
    """All codes of one sandbox, safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._logins: dict[str, Login] = {}

    def give(self, person: Person, redirect_uri: str, challenge: str) -> str:
        """A new code."""
        code = secrets.token_hex(20)
        with self._lock:
            self._logins[code] = Login(person, redirect_uri, challenge, time.time())
        return code

    def take(self, code: str) -> Login | None:
        """The login of a code that was neither taken before nor is too old, or None."""
        with self._lock:
            login = self._logins.pop(code, None)
        return login if login and time.time() - login.created <= CODE_SECONDS else None

    def clear(self) -> None:
        """Forget every code."""
        with self._lock:
            self._logins.clear()
