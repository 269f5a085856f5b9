"""A load client that costs little: one thread, one selector, kept-alive sockets, requests made beforehand.

Every answer is checked: a fast server that answers nonsense measures nothing.
"""

import gc
import selectors
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from bench.connection import HOST, Connection, LoadError

CONNECTIONS = 8
SILENCE_SECONDS = 30

# (status, buffer, start and end of the body in it) → whether that is the right answer
Check = Callable[[int, bytearray, int, int], bool]


@dataclass(frozen=True, slots=True)
class Load:
    """What came back: `answers` in `seconds`, `wrong` of them not right, the first of those as text."""

    answers: int
    seconds: float
    wrong: int
    first_wrong: str

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return (self.answers - self.wrong) / self.seconds


def build_request(
    port: int, body: bytes, headers: dict[str, str], kind: str = "x-www-form-urlencoded"
) -> bytes:
    """A POST to the standard API as a TLS-ending proxy passes it on."""
    return build_call(port, "POST /api/v2", {"Content-Type": f"application/{kind}", **headers}, body)


def build_call(port: int, target: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Any call (`GET /path`) as a TLS-ending proxy passes it on."""
    lines = [
        f"{target} HTTP/1.1",
        f"Host: {HOST}:{port}",
        "X-Forwarded-Proto: https",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def run_load(
    port: int, next_request: Callable[[], bytes], check: Check, seconds: float, connections: int = CONNECTIONS
) -> Load:
    """Keep a request under way on each connection for so many seconds, then wait for the last answers.

    Raises LoadError, or OSError when nobody listens. An answer that `check` finds wrong is counted.
    """
    lines = [Connection(port) for _ in range(connections)]
    gc.collect()
    gc.disable()  # a collection in the middle would be charged to the server
    try:
        return _drive(lines, next_request, check, seconds)
    finally:
        gc.enable()
        for line in lines:
            line.close()


def _drive(lines: list[Connection], next_request: Callable[[], bytes], check: Check, seconds: float) -> Load:
    answers, wrong, first_wrong, waiting = 0, 0, "", len(lines)
    with selectors.DefaultSelector() as selector:
        start = perf_counter()
        for line in lines:
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.socket.sendall(next_request())
        while waiting:
            ready = selector.select(SILENCE_SECONDS)
            if not ready:
                raise LoadError(f"no answer for {SILENCE_SECONDS} s")
            for key, _ in ready:
                line = key.data
                if not line.receive():
                    continue
                answers += 1
                if not check(line.status, line.buffer, line.start, line.end):
                    wrong += 1
                    first_wrong = first_wrong or line.describe()
                if perf_counter() - start < seconds:
                    line.socket.sendall(next_request())
                else:
                    waiting -= 1
        return Load(answers, perf_counter() - start, wrong, first_wrong)
