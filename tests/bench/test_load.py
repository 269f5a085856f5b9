"""The load client against a real server on a loopback socket that answers with the very bytes a test wants."""

import pytest

from bench.connection import LoadError
from bench.load import build_request, run_load
from tests.panel.lib.raw_server import RawServer, hang_up

ORDER = b'{"order": 7}'
SECONDS = 0.2


def answer(body, status=b"200 OK", head=None):
    head = b"Content-Length: %d" % len(body) if head is None else head
    return b"HTTP/1.1 " + status + b"\r\nServer: x\r\n" + head + b"\r\n\r\n" + body


def load(server, check, seconds=SECONDS, connections=2):
    request = build_request(server.port, b"key=k&action=add", {"Idempotency-Key": "1"})
    return run_load(server.port, lambda: request, check, seconds, connections)


def expect(body, status=200):
    return lambda code, buffer, start, end: (code, bytes(buffer[start:end])) == (status, body)


def test_every_answer_is_counted_and_checked():
    with RawServer(answer(ORDER)) as server:
        done = load(server, expect(ORDER))
        assert (done.answers, done.wrong, done.first_wrong) == (len(server.requests), 0, "")
        assert done.answers > 2
        assert server.connections == 2


def test_the_request_is_a_form_behind_a_proxy_that_ends_tls():
    with RawServer(answer(ORDER)) as server:
        load(server, expect(ORDER), seconds=0, connections=1)
        (request,) = server.requests
    assert (request.method, request.target, request.body) == ("POST", "/api/v2", b"key=k&action=add")
    assert request.headers["idempotency-key"] == "1"
    assert request.headers["x-forwarded-proto"] == "https"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"


def test_wrong_answers_are_counted_and_the_first_is_told():
    refused = answer(b'{"error": "Incorrect link"}')
    with RawServer(answer(ORDER), refused, answer(ORDER), answer(b"", b"500 Oops"), answer(ORDER)) as server:
        done = load(server, expect(ORDER), connections=1)
    assert (done.wrong, done.first_wrong) == (2, '200 b\'{"error": "Incorrect link"}\'')
    assert done.rate == (done.answers - 2) / done.seconds


def test_an_answer_in_chunks_is_put_together():
    body = b'6\r\n{"orde\r\n6\r\nr": 7}\r\n0\r\n\r\n'
    with RawServer(answer(body, head=b"transfer-encoding: chunked")) as server:
        done = load(server, expect(ORDER))
    assert (done.wrong, done.first_wrong) == (0, "")


def test_a_304_has_no_body():
    with RawServer(answer(b"", b"304 Not Modified", head=b'ETag: "1"')) as server:
        done = load(server, expect(b"", 304))
    assert (done.wrong, done.first_wrong) == (0, "")


def test_a_large_answer_arrives_whole():
    body = b"x" * 3_000_000
    with RawServer(answer(body)) as server:
        done = load(server, expect(body), seconds=0)
    assert (done.answers, done.wrong) == (2, 0)


@pytest.mark.parametrize(
    ("play", "why"),
    [
        (hang_up, "the server hung up"),
        (answer(ORDER, head=b"Server: y"), "an answer of unknown length"),
        (answer(ORDER) + answer(ORDER), "more than one answer to one request"),
    ],
)
def test_what_is_no_answer_ends_the_load(play, why):
    with RawServer(play) as server, pytest.raises(LoadError, match=why):
        load(server, expect(ORDER))
