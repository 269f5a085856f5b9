"""Reading the envelope: which answers are results, refusals, or nothing to rely on."""

import json

import pytest

from sms.gateway import AccountError, NotSent, Refused, ServerError, Unclear
from tests.panel.lib.raw_server import http_answer
from tests.sms.gateway.rest.serving import failure, result


def send(gateway):
    return gateway.send("3000", ["09120000000"], "سلام")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, AccountError),
        (403, AccountError),
        (400, Refused),
        (404, Refused),
        (429, NotSent),
        (500, ServerError),
        (302, ServerError),
    ],
)
@pytest.mark.parametrize("http_status", ["200 OK", None])
def test_a_failed_envelope_is_read_by_its_status(client, status, kind, http_status):
    body = json.dumps({"status": status, "message": "خطا"})
    error = failure(client, http_answer(body, http_status or f"{status} X"), send)
    assert type(error) is kind


@pytest.mark.parametrize(
    "play",
    [
        http_answer(b'{"status": 200'),
        http_answer(b'{"status": 200}'),
        http_answer(b'{"result": {"status": 0, "id": 5}}'),
        http_answer(b'{"status": 200, "result": {"status": 0, "id": 5}}', "404 Not Found"),
        result(None),
        result([]),
        result(0),
        result({}),
        result({"id": 5}),
        result({"status": None, "id": 5}),
        result({"status": True, "id": 5}),
        result({"status": 99, "id": 5}),
        result({"status": 0}),
        result({"status": 0, "id": 0}),
        result({"status": 0, "id": None}),
    ],
)
def test_an_answer_that_does_not_say_is_unclear(client, play):
    assert type(failure(client, play, send)) is Unclear


@pytest.mark.parametrize("body", [b"<html>", b'{"status": 200, "result": {"status": 0, "id": 5}}'])
def test_a_failing_server_may_have_sent_it(client, body):
    assert type(failure(client, http_answer(body, "502 Bad Gateway"), send)) is ServerError
