"""The outbound client against real sockets: what it answers, and in which phase it says a call failed."""

import gzip
import threading
import time

import pytest

from panel.lib.http import Answer, HttpClient, Limits, MaybeSent, NotSent, configure, shared_client
from tests.panel.lib.raw_server import RawServer, free_port, hang_up, http_answer, play_and_hang_up, reset

LOOPBACK = ["127.0.0.0/8"]


@pytest.fixture
def client():
    client = HttpClient(LOOPBACK, Limits(connect_seconds=1, total_seconds=1))
    yield client
    client.close()


def failure(client, url, **options):
    """(class, reason) of the error that a GET of `url` raises."""
    with pytest.raises((NotSent, MaybeSent)) as caught:
        client.send("GET", url, **options)
    return type(caught.value), caught.value.reason


def test_an_answer_of_any_status_comes_back_whole(client):
    with RawServer(http_answer(b'{"a": 1}', "418 Teapot", ["X-Kind: pot"])) as server:
        answer = client.send("POST", f"{server.url}/a/b?c=d#e", headers={"X-Mine": "1"}, body=b"k=v")
    assert (answer.status, answer.body, answer.headers["x-kind"]) == (418, b'{"a": 1}', "pot")
    assert 0 < answer.elapsed_seconds < 10
    [request] = server.requests
    assert (request.method, request.target, request.body) == ("POST", "/a/b?c=d", b"k=v")
    assert (request.headers["x-mine"], request.headers["host"]) == ("1", f"127.0.0.1:{server.port}")


def test_an_answer_cannot_be_changed(client):
    with RawServer(http_answer(b"x")) as server:
        answer = client.send("GET", server.url)
    with pytest.raises(AttributeError):
        answer.status = 500
    assert isinstance(answer, Answer)


def test_one_connection_serves_many_calls(client):
    with RawServer(http_answer(b"x")) as server:
        for _ in range(5):
            client.send("GET", server.url)
    assert (server.connections, len(server.requests)) == (1, 5)


def test_a_connection_idle_too_long_is_not_used_again():
    client = HttpClient(LOOPBACK, Limits(idle_seconds=0.05))
    with RawServer(http_answer(b"x")) as server:
        client.send("GET", server.url)
        time.sleep(0.1)
        client.send("GET", server.url)
    assert server.connections == 2
    client.close()


def test_a_connection_the_server_closed_meanwhile_is_replaced(client):
    with RawServer(play_and_hang_up(http_answer(b"x"))) as server:
        client.send("GET", server.url)
        time.sleep(0.05)
        assert client.send("GET", server.url).body == b"x"
    assert (server.connections, len(server.requests)) == (2, 2)


def test_a_kept_connection_that_breaks_under_the_request_is_maybe_sent_and_not_sent_again(client):
    with RawServer(http_answer(b"x"), hang_up) as server:
        client.send("GET", server.url)
        assert failure(client, server.url)[0] is MaybeSent
    assert len(server.requests) == 2


def test_sixteen_threads_are_served_at_once():
    client = HttpClient(LOOPBACK)
    barrier = threading.Barrier(16, timeout=5)

    def answer_when_all_are_there(sock, _request):
        barrier.wait()
        sock.sendall(http_answer(b"x"))

    bodies = []
    with RawServer(answer_when_all_are_there) as server:
        threads = [
            threading.Thread(target=lambda: bodies.append(client.send("GET", server.url).body))
            for _ in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert bodies == [b"x"] * 16
    client.close()


def test_no_redirect_is_followed(client):
    with RawServer(http_answer(b"", "302 Found", ["Location: /other"])) as server:
        answer = client.send("GET", server.url)
    assert (answer.status, len(server.requests)) == (302, 1)


def test_proxies_of_the_environment_are_not_used(client, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    with RawServer(http_answer(b"x")) as server:
        assert client.send("GET", server.url).body == b"x"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://127.0.0.1/", "only http and https URLs can be called"),
        ("file:///etc/passwd", "only http and https URLs can be called"),
        ("127.0.0.1/x", "only http and https URLs can be called"),
        ("", "only http and https URLs can be called"),
        ("http://", "only http and https URLs can be called"),
        ("http://127.0.0.1:99999/", "the URL is malformed"),
        ("http://user:word@127.0.0.1/", "a URL must not carry credentials"),
        ("http://user@127.0.0.1/", "a URL must not carry credentials"),
    ],
)
def test_a_url_that_may_not_be_called_is_not_sent(client, url, reason):
    assert failure(client, url) == (NotSent, reason)


def test_a_refused_connection_is_not_sent(client):
    assert failure(client, f"http://127.0.0.1:{free_port()}/") == (NotSent, "the connection was refused")


def test_a_header_with_a_line_break_is_not_sent(client):
    with RawServer(http_answer(b"x")) as server:
        assert failure(client, server.url, headers={"X-A": "1\r\nX-B: 2"})[0] is NotSent
    assert server.requests == []


def cut_length(sock, request):
    play_and_hang_up(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf")(sock, request)


def cut_chunk(sock, request):
    play_and_hang_up(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf")(sock, request)


def break_chunk(sock, request):
    play_and_hang_up(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n")(sock, request)


BROKEN = "the connection broke or the answer is not HTTP"


@pytest.mark.parametrize(
    ("play", "reason"),
    [
        (reset, BROKEN),
        (hang_up, BROKEN),
        (cut_length, BROKEN),
        (cut_chunk, BROKEN),
        (break_chunk, BROKEN),
        (play_and_hang_up(b"SSH-2.0-OpenSSH_9.6\r\n"), BROKEN),
        (play_and_hang_up(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n"), BROKEN),
        (
            http_answer(b"not gzip at all", headers=["Content-Encoding: gzip"]),
            "the answer could not be decoded",
        ),
    ],
    ids=[
        "reset",
        "hang-up",
        "cut-length",
        "cut-chunk",
        "broken-chunk",
        "not-http",
        "long-header",
        "not-gzip",
    ],
)
def test_a_broken_answer_is_maybe_sent(client, play, reason):
    with RawServer(play) as server:
        assert failure(client, server.url) == (MaybeSent, reason)
    assert len(server.requests) == 1


def trickle(prefix, piece, times=100):
    """A play: writes `prefix`, then `piece` every 50 ms so many times or until the client is gone."""

    def play(sock, _request):
        sock.sendall(prefix)
        for _ in range(times):
            time.sleep(0.05)
            sock.sendall(piece)
        time.sleep(6)

    return play


@pytest.mark.parametrize(
    "play",
    [
        lambda sock, _request: time.sleep(6),
        trickle(b"", b"H"),
        trickle(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", b"x"),
        trickle(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", b"x", times=10),
    ],
    ids=["silence", "status-line", "headers", "body", "chunks", "then-silence"],
)
def test_a_slow_answer_ends_at_the_deadline_however_it_trickles(client, play):
    with RawServer(play) as server:
        began = time.monotonic()
        assert failure(client, server.url, total_seconds=1) == (MaybeSent, "no complete answer in time")
        assert 0.95 < time.monotonic() - began < 4


def test_an_answer_of_exactly_the_limit_is_taken():
    client = HttpClient(LOOPBACK, Limits(body_bytes=1000))
    with RawServer(http_answer(b"x" * 1000)) as server:
        assert client.send("GET", server.url).body == b"x" * 1000
    client.close()


def pour(sock, _request):
    """10 MB without a length, as fast as they are taken."""
    sock.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    for _ in range(160):
        sock.sendall(b"x" * 65536)
    hang_up(sock)


@pytest.mark.parametrize(
    "play",
    [
        lambda sock, _request: sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n"),
        pour,
        http_answer(gzip.compress(b"x" * 10_000_000), headers=["Content-Encoding: gzip"]),
    ],
    ids=["declared", "poured", "gzip-bomb"],
)
def test_ten_megabytes_are_refused(play):
    client = HttpClient(LOOPBACK)
    with RawServer(play) as server:
        assert failure(client, server.url) == (MaybeSent, "the answer is larger than 5000000 bytes")
    client.close()


def test_a_refused_large_answer_leaves_no_connection_behind_for_the_next_call():
    client = HttpClient(LOOPBACK, Limits(body_bytes=10))
    with RawServer(http_answer(b"x" * 11), http_answer(b"next")) as server:
        failure(client, server.url)
        assert client.send("GET", server.url).body == b"next"
    assert server.connections == 2
    client.close()


def test_the_shared_client_is_one_until_configured_anew():
    configure(allow=LOOPBACK)
    first = shared_client()
    assert shared_client() is first
    configure()
    assert failure(shared_client(), "http://127.0.0.1:9/") == (NotSent, "the address is not allowed")
    assert shared_client() is not first
