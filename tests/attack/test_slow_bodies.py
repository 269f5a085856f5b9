"""Clients that send a byte now and then, at the real server behind a proxy that buffers: all others are answered.

Without a proxy they take every thread of the web process: WSGI reads a body by waiting for it.
"""

import os
import shutil
import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest
import requests

from panel.engines import ports
from tests.running import WEB_THREADS, WEB_WORKERS, running_web

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
SLOW = 4 * WEB_WORKERS * WEB_THREADS
ANSWER_SECONDS = 10  # in which everybody else has an answer; without the proxy there is none in 30
FORM = "application/x-www-form-urlencoded"
HEAD = "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {form}\r\nContent-Length: 100000\r\n\r\n"
# The settings that matter are those of the proxy's file for production.
SETTINGS = """
{user} daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/bodies; proxy_temp_path {folder}/answers;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  client_header_timeout 10s; client_body_timeout 10s; client_max_body_size 12m;
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass {url}; proxy_request_buffering on; proxy_set_header Host $http_host; }}
  }}
}}
"""


@contextmanager
def running_proxy(web, folder):
    """nginx before the web process; yields its port."""
    port = ports.pick_port(None)
    user = "user root;" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(SETTINGS.format(user=user, folder=folder, port=port, url=web.url))
    process = subprocess.Popen([NGINX, "-c", file, "-e", folder / "error.log"], stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def ask(port):
    """The status of a page, waiting for the proxy to listen."""
    for _ in range(100):
        try:
            return requests.get(f"http://127.0.0.1:{port}/terms/", timeout=30).status_code
        except requests.ConnectionError:
            time.sleep(0.1)
    return None


def connect(port, path, host):
    """A connection on which a request has begun whose body does not come."""
    made = socket.create_connection(("127.0.0.1", port), timeout=10)
    made.sendall(HEAD.format(path=path, host=host, form=FORM).encode() + b"k")
    return made


@pytest.mark.skipif(NGINX is None, reason="nginx is not on this machine")
@pytest.mark.django_db(transaction=True)
def test_slow_bodies_keep_nobody_else_waiting(tmp_path):
    with running_web() as web, running_proxy(web, tmp_path) as port, ExitStack() as stack:
        assert ask(port) == 200
        host = urlsplit(web.url).netloc
        for number in range(SLOW):
            stack.enter_context(connect(port, ("/api/v2", "/login/")[number % 2], host))
        began = time.monotonic()
        assert ask(port) == 200
        assert time.monotonic() - began < ANSWER_SECONDS
