"""The HTTP server: reads requests, plays answers, and can run inside a test or a script.

with SandboxServer(pace=0) as sandbox:
    requests.post(f"{sandbox.url}/standard/api/v2", data={"key": "sandbox-key", "action": "balance"})
"""

import os
import select
import socket
import struct
import sys
import threading
import traceback
from contextlib import suppress
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from providers.sandbox.control import change_speeds, read_counters, set_fault
from providers.sandbox.instagram_people import add_person
from providers.sandbox.messages import count_texts, list_messages
from providers.sandbox.orders import list_orders
from providers.sandbox.routes import answer_request, has_latency
from providers.sandbox.state import DEFAULT_PACE, Speeds, State, reset_state
from providers.sandbox.store import Store
from providers.sandbox.wire import Answer, Ending, Request, json_answer

ADDRESS = "127.0.0.1"
HANG_SECONDS = 120
MAX_BODY = 4 * 1024 * 1024
ABORT_ON_CLOSE = struct.pack("ii", 1, 0)


class SandboxHandler(BaseHTTPRequestHandler):
    """One kept-alive connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "SandboxHTTPServer"

    def answer(self) -> None:
        """Read one request and play its answer."""
        body = self._read_body()
        if body is None:
            return
        path, _, query = self.path.partition("?")
        request = Request(self.command, path.rstrip("/"), query, self.headers, body)
        self._play(request, self._find_answer(request))

    do_GET = do_POST = do_DELETE = answer  # noqa: N815 - the names http.server looks for

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of each request; `/control` tells what came."""

    def _read_body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            self._refuse_body(411, "Content-Length needed")
        elif int(length) > MAX_BODY:
            self._refuse_body(413, "Body too large")
        else:
            body = self.rfile.read(int(length))
            if len(body) == int(length):
                return body
            self.close_connection = True
        return None

    def _refuse_body(self, status: int, words: str) -> None:
        self.close_connection = True
        self._send(json_answer({"error": words}, status, Connection="close"))

    def _find_answer(self, request: Request) -> Answer:
        try:
            return answer_request(self.server.state, request)
        except Exception:  # noqa: BLE001 - a bug here must not look like a fate: traceback here, 500 there
            if not self.server.stopping.is_set():
                traceback.print_exc(file=sys.stderr)
            return json_answer({"error": "sandbox fault"}, 500)

    def _play(self, request: Request, answer: Answer) -> None:
        latency = self.server.state.speeds.latency if has_latency(request.path) else 0.0
        if latency + answer.delay and self.server.stopping.wait(latency + answer.delay):
            self.close_connection = True
            return
        if answer.ending is Ending.SEND:
            self._send(answer)
            return
        self.close_connection = True
        if answer.ending is Ending.RESET:
            self._reset()
        else:
            self._hang()

    def _send(self, answer: Answer) -> None:
        # One write a response: a head and a body apart would wait for each other's acknowledgement.
        lines = [
            f"HTTP/1.1 {answer.status} {responses.get(answer.status, 'Refused')}",
            f"Date: {self.date_time_string()}",
            f"Content-Type: {answer.content_type}",
            f"Content-Length: {len(answer.body)}",
            *(f"{name}: {value}" for name, value in answer.headers.items()),
        ]
        self.wfile.write("\r\n".join([*lines, "\r\n"]).encode("latin-1") + answer.body)

    def _hang(self) -> None:
        """Wait until the client goes, the server stops or the time is over."""
        waiting = select.poll()
        waiting.register(self.connection, select.POLLIN)
        waiting.poll(HANG_SECONDS * 1000)

    def _reset(self) -> None:
        """Close so that the client sees a reset, not an end: linger 0, and the descriptor itself."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT_ON_CLOSE)
        os.close(self.connection.detach())


class SandboxHTTPServer(ThreadingHTTPServer):
    """A thread for each connection; stopping ends them all."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024

    def __init__(self, port: int, state: State) -> None:
        self.state = state
        self.stopping = threading.Event()
        self._connections: set[socket.socket] = set()
        super().__init__((ADDRESS, port), SandboxHandler)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection and remember it."""
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """Close a connection and forget it."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go while being answered are daily business here."""
        if not (self.stopping.is_set() or isinstance(sys.exception(), ConnectionError)):
            super().handle_error(request, client_address)

    def end_connections(self) -> None:
        """Wake whatever hangs or waits and end every open connection."""
        self.stopping.set()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class SandboxServer:
    """A sandbox on 127.0.0.1 in a thread of its own; a context manager.

    `pace` and `latency` are seconds; `state` is a SQLite file, memory when None; port 0 picks a free one.
    Raises OSError when the port is taken, StateFileError or sqlite3.Error when the file cannot be used.
    """

    def __init__(
        self, port: int = 0, pace: float = DEFAULT_PACE, latency: float = 0.0, state: str | None = None
    ) -> None:
        self.state = State(Store(state), Speeds(pace, latency))
        try:
            self._server = SandboxHTTPServer(port, self.state)
        except (OSError, OverflowError):
            self.state.store.close()
            raise
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens, without trailing slash."""
        return f"http://{ADDRESS}:{self._server.server_port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """End every connection, close the store and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server.end_connections()
        self.state.store.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def orders(self, link: str | None = None, since_id: int = 0) -> list[dict[str, Any]]:
        """Every order made, oldest first, as `GET /control/orders` shows them."""
        return list_orders(
            self.state.store, self.state.speeds.pace, self.state.tell_time(), link=link, since_id=since_id
        )

    def counters(self) -> dict[str, int]:
        """What came in and what was made, as `GET /control/counters` shows it."""
        return read_counters(self.state.store)

    def messages(self, mobile: str | None = None) -> list[dict[str, Any]]:
        """Messages newest first, as `GET /control/sms` shows them."""
        return [
            message.describe()
            for message in list_messages(self.state.store, self.state.tell_sms_time(), mobile)
        ]

    def count_texts(self, text: str | None = None, since_id: int = 0) -> dict[str, Any]:
        """Who got how many texts, as `GET /control/sms/counts` shows it."""
        return count_texts(self.state.store, self.state.tell_sms_time(), text, since_id)

    def add_person(self, uid: str, username: str) -> None:
        """Make somebody known to the played Instagram, as `POST /control/people` does."""
        add_person(self.state.store, uid, username)

    def change_speeds(self, **seconds: float) -> None:
        """Set `pace`, `latency`, `token_seconds` or `sms_ahead`, for what is under way too."""
        change_speeds(self.state, seconds)

    def set_fault(self, action: str, kind: str, times: int = 1) -> None:
        """Spoil the next `times` calls of `action` (`faults.py`)."""
        set_fault(self.state, action, kind, times)

    def reset(self) -> None:
        """Forget everything, as `POST /control/reset` does."""
        reset_state(self.state)
