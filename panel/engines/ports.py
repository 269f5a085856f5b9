"""Ports of the loopback address."""

import socket

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """True when a server could listen on this port now."""
    with socket.socket() as probe:
        # As servers do: a port whose last connections are still fading out is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def pick_port(wanted: int | None) -> int:
    """The wanted port when it is free, else any free one."""
    if wanted and is_free(wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def exchange(port: int, request: bytes, seconds: float = 1.0) -> bytes:
    """Send bytes to a port and return the first that come back; nothing when nobody answers in time."""
    try:
        with socket.create_connection((HOST, port), timeout=seconds) as connection:
            connection.sendall(request)
            return connection.recv(1024)
    except OSError:
        return b""
