"""Spoilt answers, and the queue from which `/control/faults` hands them out.

| kind | what the client gets |
|---|---|
| `html` | HTTP 200 with a page instead of JSON |
| `truncated` | the first half of the true answer |
| `list` | the true answer inside a list |
| `huge` | the true answer followed by 10 MB of blanks, which is still JSON |
| `empty` | HTTP 200 and nothing else |
| `hollow` | the true answer with the lists and objects in it emptied |
| `500` | HTTP 500 with a page |
| `429` | HTTP 429 with `Retry-After: 1`, in the dialect's words |
| `hang` | no answer, until the client goes or 120 s are over |
| `reset` | the connection reset |
| `slow` | the true answer after a second |
| `status` | the true answer under HTTP 404, which it does not deserve |
| `before-hang`, `before-500`, `before-reset` | as without `before-` |

`429` and those with `before-` keep the request from being carried out; after the others it was, the client just
cannot see it. `chances.py` hands them out at random.
"""

import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from providers.sandbox.chances import Chances
from providers.sandbox.wire import Answer, Ending, html_answer

HUGE_BYTES = 10 * 1024 * 1024
SLOW_SECONDS = 1.0
NOT_CARRIED_OUT = {"429": "429"} | {f"before-{kind}": kind for kind in ("hang", "500", "reset")}

_PAGE = "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n"


def _hollow_out(body: bytes) -> bytes:
    try:
        value = json.loads(body)
    except ValueError:  # spoilt already
        return b""
    if not isinstance(value, dict):
        return b"[]"
    emptied = {name: type(part)() if isinstance(part, dict | list) else part for name, part in value.items()}
    return json.dumps(emptied, ensure_ascii=False).encode()


SPOILERS = {
    "html": lambda answer: html_answer(_PAGE.format("We will be back soon")),
    "truncated": lambda answer: replace(answer, body=answer.body[: len(answer.body) // 2]),
    "list": lambda answer: replace(answer, body=b"[" + answer.body + b"]"),
    "huge": lambda answer: replace(answer, body=answer.body + b" " * HUGE_BYTES),
    "empty": lambda answer: replace(answer, status=200, body=b""),
    "hollow": lambda answer: replace(answer, body=_hollow_out(answer.body)),
    "500": lambda answer: html_answer(_PAGE.format("Internal Server Error"), 500),
    "429": lambda answer: replace(answer, status=429, headers={"Retry-After": "1"}),
    "hang": lambda answer: replace(answer, ending=Ending.HANG),
    "reset": lambda answer: replace(answer, ending=Ending.RESET),
    "slow": lambda answer: replace(answer, delay=answer.delay + SLOW_SECONDS),
    "status": lambda answer: replace(answer, status=404),
}
KINDS = (*SPOILERS, *(kind for kind in NOT_CARRIED_OUT if kind not in SPOILERS))


def spoil_answer(kind: str, answer: Answer) -> Answer:
    """The answer a client gets instead of `answer` under a fault of the table above.

    For `429`, `answer` is the dialect's way to say that it is busy.
    """
    return SPOILERS[kind](answer)


class FaultQueue:
    """Faults waiting for the next calls of an action, first set first played; behind them those at random."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[str]] = {}
        self.chances = Chances()

    def add(self, action: str, kind: str, times: int) -> None:
        """Let the next `times` calls of `action` fail as `kind`, after those already waiting."""
        with self._lock:
            self._waiting.setdefault(action, deque()).extend([kind] * times)

    def take(self, action: str) -> str | None:
        """The fault for this call of `action`, or None; each is handed out once."""
        with self._lock:
            waiting = self._waiting.get(action)
            if waiting:
                return waiting.popleft()
        return self.chances.draw(action)

    def count(self) -> dict[str, int]:
        """How many faults still wait, by action."""
        with self._lock:
            return {action: len(kinds) for action, kinds in self._waiting.items() if kinds}

    def clear(self) -> None:
        """Forget all waiting faults and the chances of others."""
        with self._lock:
            self._waiting.clear()
        self.chances.clear()


def play_call(faults: FaultQueue, action: str, busy: Answer, run: Callable[[], Answer]) -> Answer:
    """Run one call of `action` under the fault that waits for it, if any; `busy` is the body of a 429."""
    fault = faults.take(action)
    if fault in NOT_CARRIED_OUT:
        return spoil_answer(NOT_CARRIED_OUT[fault], busy)
    answer = run()
    return spoil_answer(fault, answer) if fault else answer
