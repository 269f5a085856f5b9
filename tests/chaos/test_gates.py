"""Gates: what passes, what waits and what is refused."""

import socket
import threading
from contextlib import closing, suppress

import pytest

from chaos.gates import Gates
from panel.engines.ports import HOST

SECONDS = 5


@pytest.fixture
def echo():
    """A server that says everything again."""
    listener = socket.create_server((HOST, 0))

    def answer(connection):
        with closing(connection), suppress(ConnectionError):
            while data := connection.recv(1024):
                connection.sendall(data)

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


@pytest.fixture
def gate(echo):
    with Gates() as gates:
        yield gates.make(echo)


def reach(gate):
    connection = socket.create_connection((HOST, gate.port), SECONDS)
    connection.settimeout(SECONDS)
    return closing(connection)


def say(connection, words):
    connection.sendall(words)
    return connection.recv(1024)


def test_an_open_gate_passes_both_ways(gate):
    with reach(gate) as connection:
        assert say(connection, b"hello") == b"hello"


def test_an_end_is_passed_on(gate):
    with reach(gate) as connection:
        assert say(connection, b"hello") == b"hello"
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1024) == b""


def test_a_shut_gate_resets_and_refuses_until_it_is_opened_at_the_same_port(gate):
    with reach(gate) as connection:
        say(connection, b"hello")
        gate.shut()
        with pytest.raises(ConnectionError):
            say(connection, b"again")
    with pytest.raises(ConnectionRefusedError):
        reach(gate)
    gate.open()
    with reach(gate) as connection:
        assert say(connection, b"hello") == b"hello"


def test_what_comes_to_a_stopped_gate_waits_and_goes_on_with_it(gate):
    with reach(gate) as connection:
        say(connection, b"hello")
        gate.stop()
        connection.settimeout(2)
        with pytest.raises(TimeoutError):
            say(connection, b"late")
        connection.settimeout(SECONDS)
        gate.go_on()
        assert connection.recv(1024) == b"late"
