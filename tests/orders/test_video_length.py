"""Asking a video's site for its length, over real HTTP to a server that plays Aparat."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from orders.video_length import LengthUnknown, find_video_seconds
from providers.sandbox.server import SandboxServer

LINK = "https://www.aparat.com/v/hashd"


@pytest.fixture(scope="module")
def aparat():
    with SandboxServer(port=0) as server:
        yield f"{server.url}/aparat"


@pytest.fixture(autouse=True)
def _ask_the_sandbox(settings, aparat):
    settings.APARAT_URL = aparat


@contextmanager
def site(status=200, body=b"", hold=None):
    """A site that answers everything with this, once `hold` (an Event) is set; yields (address, paths asked)."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            if hold:
                hold.wait(30)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("link", "seconds"),
    [
        (LINK, 600),
        ("http://aparat.com/v/hCc0O", 600),
        ("https://m.aparat.com/v/short1/a-title", 90),
        ("https://WWW.Aparat.com/v/demo121?playlist=5#t", 121),
    ],
)
def test_length(link, seconds):
    assert find_video_seconds(link) == seconds


@pytest.mark.parametrize(
    "link",
    [
        "https://www.aparat.com/v/gone1",
        "https://www.aparat.com/UserName",
        "https://www.aparat.com/v/",
        "https://www.aparat.com/v/ab",
        "https://www.aparat.com/v/a..b",
        "https://www.aparat.com/v/abc%2f..%2fx",
        "https://www.aparat.com/v/" + "a" * 33,
        "https://aparat.com.evil.example/v/hashd",
        "https://evil.example/aparat.com/v/hashd",
        "https://youtube.com/v/hashd",
        "hashd",
        "",
    ],
)
def test_no_such_video(link):
    with pytest.raises(LengthUnknown):
        find_video_seconds(link)


def test_what_is_asked(settings):
    with site(body=b'{"video": {"duration": "130"}}') as (address, asked):
        settings.APARAT_URL = f"{address}/"
        assert find_video_seconds(f"{LINK}/title?x=1") == 130
    assert asked == ["/etc/api/video/videohash/hashd"]


@pytest.mark.parametrize(
    ("body", "seconds"),
    [(b'{"video": {"duration": 130}}', 130), (b'{"video": {"duration": "130.0"}, "more": []}', 130)],
)
def test_ways_to_tell_a_length(settings, body, seconds):
    with site(body=body) as (address, _asked):
        settings.APARAT_URL = address
        assert find_video_seconds(LINK) == seconds


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b'{"video": {"duration": "600"}}'),
        (302, b'{"video": {"duration": "600"}}'),
        (200, b"<html>"),
        (200, b""),
        (200, b"[]"),
        (200, b"null"),
        (200, b"{}"),
        (200, b'{"video": []}'),
        (200, b'{"video": {}}'),
        (200, b'{"video": {"duration": null}}'),
        (200, b'{"video": {"duration": "long"}}'),
        (200, b'{"video": {"duration": true}}'),
        (200, b'{"video": {"duration": "-600"}}'),
        (200, b'{"video": {"duration": "600.5"}}'),
    ],
)
def test_answers_that_tell_nothing(settings, status, body):
    with site(status, body) as (address, _asked), pytest.raises(LengthUnknown):
        settings.APARAT_URL = address
        find_video_seconds(LINK)


def test_a_site_that_does_not_answer_in_time(settings):
    settings.VIDEO_LENGTH_SECONDS = 0.1
    answered = threading.Event()
    with site(body=b'{"video": {"duration": "600"}}', hold=answered) as (address, asked):
        settings.APARAT_URL = address
        with pytest.raises(LengthUnknown):
            find_video_seconds(LINK)
        answered.set()
    assert asked == ["/etc/api/video/videohash/hashd"]


@pytest.mark.parametrize(
    "address", ["", "http://127.0.0.1:1", "http://10.0.0.1", "ftp://127.0.0.1", "nonsense"]
)
def test_no_site_to_ask(settings, address):
    settings.APARAT_URL = address
    with pytest.raises(LengthUnknown):
        find_video_seconds(LINK)
