"""Receivers of webhooks as whole programs: each checks the signature and answers."""

from panel.api.docs.snippets import Snippet

PYTHON = """import hashlib
import hmac
import json
import os
import re
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = os.environ["WEBHOOK_SECRET"]
if not SECRET:
    raise SystemExit("WEBHOOK_SECRET is empty")


def is_genuine(headers, body):
    event_id = headers.get("Webhook-Id", "")
    timestamp = headers.get("Webhook-Timestamp", "")
    if not re.fullmatch("[0-9]{1,12}", timestamp) or abs(time.time() - int(timestamp)) > 300:
        return False
    signed = f"{event_id}.{timestamp}.".encode() + body
    expected = "v1=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), headers.get("Webhook-Signature", "").encode())


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        genuine = is_genuine(self.headers, body)
        if genuine:
            print(json.loads(body)["type"])
        self.send_response(204 if genuine else 401)
        self.end_headers()


HTTPServer(("127.0.0.1", 8080), Receiver).serve_forever()"""

PHP = """<?php
function is_genuine(string $secret, string $body): bool
{
    $id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
    $timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > 300) {
        return false;
    }
    $expected = 'v1=' . hash_hmac('sha256', "$id.$timestamp.$body", $secret);
    return hash_equals($expected, $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '');
}

$secret = getenv('WEBHOOK_SECRET');
if (!$secret) {
    http_response_code(500);
    exit;
}
$body = file_get_contents('php://input');
if (!is_genuine($secret, $body)) {
    http_response_code(401);
    exit;
}
error_log(json_decode($body, true)['type']);
http_response_code(204);"""

RECEIVERS = [Snippet("Python", PYTHON), Snippet("PHP", PHP)]
