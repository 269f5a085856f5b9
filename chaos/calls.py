"""One HTTP call of a customer's program: an answer, or none."""

from dataclasses import dataclass
from typing import Any

import requests

TIMEOUT_SECONDS = (3, 10)  # to connect, and for the answer
NO_ANSWER = 0
SERVER_FAULT = 500


@dataclass(frozen=True, slots=True)
class Reply:
    """`status` is NO_ANSWER where none came; `content` is the answer's JSON, or None. `place` is where it leads."""

    status: int
    content: Any = None
    place: str = ""

    @property
    def silent(self) -> bool:
        """Whether the caller can't know what was done: no answer, or a fault on the server's side."""
        return self.status == NO_ANSWER or self.status >= SERVER_FAULT


class Caller:
    """Calls of one thread at one address, its connections kept alive. Nothing is repeated by itself."""

    def __init__(self, url: str):
        self._url = url
        self._session = requests.Session()

    def call(self, method: str, path: str, **options) -> Reply:
        """Call, and read what comes back; options are those of requests."""
        url = path if path.startswith("http") else f"{self._url}{path}"
        options = {"timeout": TIMEOUT_SECONDS, "allow_redirects": False} | options
        try:
            answer = self._session.request(method, url, **options)
        except requests.RequestException:
            return Reply(NO_ANSWER)
        try:
            content = answer.json()
        except ValueError:
            content = None
        return Reply(answer.status_code, content, answer.headers.get("Location", ""))

    def close(self) -> None:
        """Close its connections."""
        self._session.close()
