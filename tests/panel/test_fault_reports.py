"""A real fault reaches a real sink on this machine, and no secret with it."""

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ID = "0b5f7c0e-9d1c-4e0a-8a5e-1d7b6c2f3a41"
SECRETS = (
    "db-p4ssword-1",
    "k3y-in-a-query",
    "c0de-in-a-body",
    "sess10n-cookie",
    "bearer-t0ken",
    "w0rd-in-a-log",
)
# The database is away: the page fails, and the password stands in the variables of every frame.
FAIL = f"""
import logging, sys
import django
django.setup()
print("sentry_sdk" in sys.modules)
from django.test import Client
headers = {{"X-Request-ID": "{ID}", "Authorization": "Bearer bearer-t0ken"}}
client = Client(raise_request_exception=False, headers=headers)
client.cookies["sessionid"] = "sess10n-cookie"
print(client.post("/login/?key=k3y-in-a-query", {{"username": "a", "password": "c0de-in-a-body"}}).status_code)
logging.getLogger("providers").error("refused: token=%s", "w0rd-in-a-log")
if "sentry_sdk" in sys.modules:
    import sentry_sdk
    sentry_sdk.flush(10)
"""


@pytest.fixture
def sink():
    """A server that keeps the events it is sent, at `.dsn`."""

    class Sink(BaseHTTPRequestHandler):
        events = []

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            rows = [json.loads(row) for row in body.splitlines() if row.startswith(b"{")]
            self.events.extend(row for row in rows if "event_id" in row and "platform" in row)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_words):
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Sink.dsn = f"http://public@127.0.0.1:{server.server_port}/1"
    yield Sink
    server.shutdown()
    server.server_close()


def fail(**env):
    """What the failing process printed."""
    own = {
        "DJANGO_SETTINGS_MODULE": "panel.settings",
        "DATABASE_URL": "postgres://panel:db-p4ssword-1@127.0.0.1:1/panel",  # not a secret
        "TRUSTED_PROXIES": "1",
        "ALLOWED_HOSTS": "testserver",
    }
    done = subprocess.run(
        [sys.executable, "-c", FAIL],
        cwd=ROOT,
        env=os.environ | own | env,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_fault_is_told_with_its_id_and_without_any_secret(sink):
    assert fail(SENTRY_DSN=sink.dsn) == ["True", "500"]
    (fault,) = [event for event in sink.events if "exception" in event]
    (line,) = [event for event in sink.events if "logentry" in event and "exception" not in event]
    assert (fault["tags"]["trace"], fault["transaction"]) == (ID, "/login/")
    assert fault["exception"]["values"][-1]["type"] == "OperationalError"
    assert line["logentry"]["formatted"] == "refused: token=***"
    told = json.dumps(sink.events)
    assert [secret for secret in SECRETS if secret in told] == []


def test_without_an_address_nothing_of_sentry_is_even_imported(sink):
    assert (fail(SENTRY_DSN=""), sink.events) == (["False", "500"], [])
