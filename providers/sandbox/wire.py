"""What goes over the wire: a request as the dialects see it and the answer they want played."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl, urlsplit

MAX_ID_DIGITS = 12


class Ending(Enum):
    """How a connection goes on after a request."""

    SEND = "send"
    HANG = "hang"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request: `path` without trailing slash, `headers` looked up without case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def query_pairs(self) -> list[tuple[str, str]]:
        """Every name and value of the query string, in order, blank values kept."""
        return parse_qsl(self.query, keep_blank_values=True, errors="replace")

    def form_pairs(self) -> list[tuple[str, str]]:
        """Every name and value of a form-encoded body, in order, blank values kept."""
        return parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True, errors="replace")

    def read_json(self) -> Any:
        """The body as JSON, as `parse_json` reads it."""
        return parse_json(self.body)

    def read_credential(self, header: str, scheme: str) -> str | None:
        """What follows `scheme` (`Bearer`, `Token`) in a header; None when nothing of that scheme is there."""
        named, _, credential = self.headers.get(header, "").strip().partition(" ")
        return credential.strip() or None if named.lower() == scheme.lower() else None


def parse_json(text: str | bytes) -> Any:
    """JSON with lone surrogates replaced. Raises ValueError when it is none or nested too deep."""
    try:
        value = json.loads(text)
        return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def read_id(text: str) -> int:
    """An id of up to 12 digits; 0, which is nothing's id, for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_ID_DIGITS else 0


def is_web_address(value: Any) -> bool:
    """Whether a value is an http(s) address that can stand in a header as it is."""
    if not isinstance(value, str) or not all("!" <= char <= "~" for char in value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


class StatusRefusal(Exception):
    """The request is refused with an HTTP status and words; each dialect has its envelope for them."""

    def __init__(self, status: int, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Answer:
    """What to play: wait `delay` seconds, then send, hang or reset."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    ending: Ending = Ending.SEND


def json_answer(value: Any, status: int = 200, **headers: str) -> Answer:
    """An answer whose body is `value` as JSON; underscores in header names become dashes."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(body, status, headers={name.replace("_", "-"): text for name, text in headers.items()})


def html_answer(markup: str, status: int = 200, **headers: str) -> Answer:
    """An answer whose body is an HTML page; underscores in header names become dashes."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(markup.encode(), status, "text/html; charset=utf-8", named)
