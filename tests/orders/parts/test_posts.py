"""The source of posts over real HTTP: the sandbox, and a server that answers what it is told."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from orders.parts.posts import HttpPostSource, PostsUnknown, UsernameUnknown, open_post_source
from panel.lib.outbound import outbound_client
from providers.sandbox.server import SandboxServer


@pytest.fixture(scope="module")
def sandbox():
    with SandboxServer(port=0) as server:
        yield server


@contextmanager
def site(body, status=200):
    """A server that answers everything with this; yields (address, what was asked)."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers.get("Authorization")))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/posts", asked
    finally:
        server.shutdown()
        server.server_close()


def test_the_sandbox_s_posts(settings, sandbox):
    settings.POSTS_URL = f"{sandbox.url}/posts"
    link = "https://example.com/p/1"
    data = {"link": link, "created": "1700000000"}
    requests.post(f"{sandbox.url}/posts/some.one", data=data, timeout=5).raise_for_status()
    (post,) = open_post_source().list_posts("some.one")
    assert (post.link, post.created.timestamp()) == (link, 1_700_000_000)
    assert open_post_source().list_posts("quiet") == []


@pytest.mark.parametrize(
    ("username", "trouble"),
    [("gone", UsernameUnknown), ("busy", PostsUnknown), ("garbage", PostsUnknown)],
)
def test_its_troubles(settings, sandbox, username, trouble):
    settings.POSTS_URL = f"{sandbox.url}/posts"
    with pytest.raises(trouble):
        open_post_source().list_posts(username)


def test_without_an_endpoint_there_is_no_source(settings):
    settings.POSTS_URL = ""
    assert open_post_source() is None


def test_what_is_asked():
    with site(b'{"posts": []}') as (url, asked):
        assert HttpPostSource(url, outbound_client(), "secret").list_posts("a.b&c=d") == []
    assert asked == [("/posts?username=a.b%26c%3Dd", "Bearer secret")]


@pytest.mark.parametrize("body", [b"[]", b'{"posts": {}}', b"", b"<html>", b'{"posts"'])
def test_what_can_not_be_read(body):
    with site(body) as (url, _), pytest.raises(PostsUnknown):
        HttpPostSource(url, outbound_client()).list_posts("a")


def test_entries_that_make_no_sense_are_left_out():
    body = (
        b'{"posts": [1, {"id": "", "link": "x", "created": 1}, {"id": "a", "link": 5, "created": 1},'
        b'{"id": "b", "link": "x", "created": "soon"}, {"id": "c", "link": "x", "created": -1},'
        b'{"id": true, "link": "x", "created": 1}, {"id": 7, "link": "https://example.com/7", "created": "99"}]}'
    )
    with site(body) as (url, _):
        (post,) = HttpPostSource(url, outbound_client()).list_posts("a")
    assert (post.id, post.link, post.created.timestamp()) == ("7", "https://example.com/7", 99)
