"""An SMS gateway that takes every text after a while and remembers which numbers it was for."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count


class TextGateway(ThreadingHTTPServer):
    """`POST sms/send` of contracts/sms-gateway-rest.txt; `texts` counts what each number got."""

    daemon_threads = True

    def __init__(self, latency: float):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.latency = latency
        self.texts: Counter[str] = Counter()
        self.ids = count(1)
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"

    def take(self, numbers: list[str]) -> int:
        """Remember the numbers; returns the id of their message."""
        with self.lock:
            self.texts.update(numbers)
            return next(self.ids)

    def handle_error(self, request, client_address) -> None:
        """A worker that was killed leaves broken connections behind."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: TextGateway

    def do_POST(self) -> None:
        """Take a text at once, and say so after the latency."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        identifier = self.server.take(asked["recipients"])
        time.sleep(self.server.latency)
        body = json.dumps({"status": 200, "result": {"status": 0, "id": identifier}}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)

    def log_message(self, *_args) -> None:
        """Say nothing of each request."""


@contextmanager
def serve_texts(latency: float) -> Iterator[TextGateway]:
    """A gateway that answers after `latency` seconds, served by threads of this process."""
    gateway = TextGateway(latency)
    thread = threading.Thread(target=gateway.serve_forever, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.shutdown()
        thread.join()
        gateway.server_close()
