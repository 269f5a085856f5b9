"""A server on a real loopback socket that answers with the very bytes a test wants, or breaks as it wants."""

import contextlib
import re
import socket
import struct
import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """One request as it arrived; header names in lower case."""

    method: str
    target: str
    headers: dict
    body: bytes


class RawServer:
    """Answers each request with the next of `plays`, the last of them for ever.

    A play is bytes to be written, or a function (socket, request) that does what it likes. `requests` and
    `connections` tell what arrived.
    """

    def __init__(self, *plays, tls=None, host="127.0.0.1"):
        self._plays = list(plays)
        self._tls = tls
        self._host = host
        self._lock = threading.Lock()
        self.requests = []
        self.connections = 0
        self.closing = threading.Event()
        self._open = []

    def __enter__(self):
        self._listener = socket.create_server((self._host, 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if self._tls else 'http'}://{self._host}:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_exc):
        self.closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            # Closing alone leaves a connection to the thread that waits for its next request, which may then be one
            # for a later server on the same port.
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _accept(self):
        while not self.closing.is_set():
            try:
                sock, _peer = self._listener.accept()
            except OSError:
                return
            self._open.append(sock)
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        # A broken connection is what many tests are about: the client's side is what they look at.
        with contextlib.suppress(OSError, ValueError):
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_side=True)
                self._open.append(sock)
            while (request := read_request(sock)) is not None:
                with self._lock:
                    self.requests.append(request)
                    play = self._plays.pop(0) if len(self._plays) > 1 else self._plays[0]
                if callable(play):
                    play(sock, request)
                else:
                    sock.sendall(play)
        sock.close()


def read_request(sock):
    """The next request on a connection, or None when the client closed it."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = sock.recv(65536)
        if not piece:
            return None
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ")
    headers = {name.lower(): value for name, value in (re.split(r":\s*", line, maxsplit=1) for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += sock.recv(65536)
    return Request(method, target, headers, body)


def http_answer(body=b"", status="200 OK", headers=()):
    """The bytes of a whole answer with its length."""
    if isinstance(body, str):
        body = body.encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def reset(sock, _request=None):
    """Ends the connection with RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def hang_up(sock, _request=None):
    """Ends the connection in order, without an answer."""
    sock.shutdown(socket.SHUT_RDWR)
    sock.close()


def play_and_hang_up(content):
    """A play: writes `content`, then ends the connection in order."""

    def play(sock, request):
        sock.sendall(content)
        hang_up(sock, request)

    return play


def free_port():
    """A loopback port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
