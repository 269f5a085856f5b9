"""An upstream that only lists services, as many as asked, each pass dearer than the one before."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DESCRIPTION = "Real accounts, starts within an hour, refill for thirty days. " * 4
CATEGORIES = 200


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    body = b"[]"

    def do_POST(self) -> None:
        """Answer every call with the list."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_args) -> None:
        """Say nothing of each request."""


class ListServer:
    """Where it listens, and how much everything costs there."""

    def __init__(self, count: int, port: int):
        self._count = count
        self._handler = type("Handler", (_Handler,), {})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), self._handler)
        self.set_rate(1000)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server.server_port}/api/v2"

    @property
    def size(self) -> int:
        """Bytes of the list."""
        return len(self._handler.body)

    def set_rate(self, rate: int) -> None:
        """Let every service cost `rate` and a little more, and move its bounds."""
        rows = [self._describe(number, rate) for number in range(1, self._count + 1)]
        self._handler.body = json.dumps(rows).encode()

    @staticmethod
    def _describe(number: int, rate: int) -> dict:
        return {
            "service": number,
            "name": f"Instagram followers {number} | fast | max {rate * 10}",
            "type": "Default",
            "category": f"Category {number % CATEGORIES}",
            "rate": f"{rate + number / 100:.2f}",
            "min": "10",
            "max": str(rate * 10),
            "refill": True,
            "cancel": True,
            "dripfeed": False,
            "desc": DESCRIPTION,
        }


@contextmanager
def serve_list(count: int, port: int = 0) -> Iterator[ListServer]:
    """A list of `count` services, served by a thread of this process."""
    upstream = ListServer(count, port)
    thread = threading.Thread(target=upstream.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        upstream.server.shutdown()
        thread.join()
        upstream.server.server_close()
