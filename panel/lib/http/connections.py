"""Connections that keep a wall-clock deadline and know whether writing has begun.

urllib3's timeouts count for one read each, so a server that sends a byte now and then would hold
a worker for ever; here every single read and write gets only what is left of the whole call.
"""

import socket
import ssl
import threading
from dataclasses import dataclass
from time import monotonic
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


@dataclass(slots=True)
class Attempt:
    """One call under way: how to connect, when it must be over (monotonic), whether writing has begun."""

    open_socket: Any  # (host, port) -> connected socket
    deadline: float
    idle_seconds: float
    begun: bool = False


class _Current(threading.local):
    attempt: Attempt | None = None


# urllib3 hands nothing of ours through to a connection; one call is one thread from start to end.
current = _Current()


class _DeadlineMixin:
    """Gives each read and write the seconds that are left until `deadline`; None while connecting."""

    deadline = None
    last_active = 0.0

    def _arm(self):
        if self.deadline is None:
            return
        self.last_active = monotonic()
        left = self.deadline - self.last_active
        if left <= 0:
            raise TimeoutError("deadline passed")
        self.settimeout(left)

    def recv_into(self, *args, **kwargs):
        self._arm()
        return super().recv_into(*args, **kwargs)

    def send(self, *args, **kwargs):
        self._arm()
        return super().send(*args, **kwargs)

    def sendall(self, *args, **kwargs):
        self._arm()
        return super().sendall(*args, **kwargs)


class DeadlineSocket(_DeadlineMixin, socket.socket):
    """A TCP socket under a deadline."""


class DeadlineTlsSocket(_DeadlineMixin, ssl.SSLSocket):
    """A TLS socket under a deadline; `SSLContext.sslsocket_class` makes it."""


def connect_socket(family, sockaddr, seconds):
    """A connected DeadlineSocket without Nagle's delay. Raises OSError."""
    sock = DeadlineSocket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.connect(sockaddr)
    except BaseException:
        sock.close()
        raise
    return sock


class _WatchedMixin:
    """Connects through the current attempt, and marks it begun with the first byte written."""

    def _new_conn(self):
        # `_dns_host` keeps the final dot of an absolute name; Host, SNI and the certificate go by `host`.
        return current.attempt.open_socket(self._dns_host, self.port)

    def send(self, data):
        if self.sock is None:
            self.connect()
        current.attempt.begun = True
        self.sock.deadline = current.attempt.deadline
        super().send(data)

    @property
    def is_connected(self):
        if self.sock is not None and monotonic() - self.sock.last_active > current.attempt.idle_seconds:
            return False
        return super().is_connected


class WatchedConnection(_WatchedMixin, HTTPConnection):
    """http://"""


class WatchedTlsConnection(_WatchedMixin, HTTPSConnection):
    """https://"""


class WatchedPool(HTTPConnectionPool):
    """Kept-alive http connections to one host."""

    ConnectionCls = WatchedConnection


class WatchedTlsPool(HTTPSConnectionPool):
    """Kept-alive https connections to one host."""

    ConnectionCls = WatchedTlsConnection


POOLS = {"http": WatchedPool, "https": WatchedTlsPool}
