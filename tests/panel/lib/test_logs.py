"""Log lines: what they tell, and what they never do."""

import io
import json
import logging
import uuid

import pytest

from panel.lib.logs import Formatter
from panel.lib.tracing import bound

ID = uuid.UUID("0b5f7c0e-9d1c-4e0a-8a5e-1d7b6c2f3a41")


@pytest.fixture
def write():
    """A function that logs with a Formatter of that form and returns what was written."""

    def write_one(form, *words, **extra):
        text = io.StringIO()
        handler = logging.StreamHandler(text)
        handler.setFormatter(Formatter(form))
        log = logging.Logger("some.module")
        log.addHandler(handler)
        log.warning(*words, **extra)
        return text.getvalue()

    return write_one


def test_a_json_line_tells_its_fields_and_what_is_bound(write):
    with bound(trace=ID, task=None):
        told = json.loads(write("json", "sent %s", 3, extra={"fields": {"ms": 1.5, "provider": 4}}))
    assert (told.pop("time")[-1], told) == (
        "Z",
        {
            "level": "warning",
            "logger": "some.module",
            "event": "sent 3",
            "trace": str(ID),
            "ms": 1.5,
            "provider": 4,
        },
    )


def test_a_readable_line_stays_one_line_whatever_it_tells(write):
    line = write("line", "said %s", "a\r\nb", extra={"fields": {"order": 5}})
    assert line.split(" ", 1)[1] == "WARNING some.module said a\\r\\nb order=5\n"


@pytest.mark.parametrize("form", ["json", "line"])
def test_no_line_tells_a_secret(write, form):
    secrets = ["s3cret-of-an-api", "hunter2-hunter2", "tok-1234567890"]
    try:
        raise ValueError(f"https://panel/api?key={secrets[0]}&token={secrets[2]}")
    except ValueError as error:
        text = write(form, "password=%s", secrets[1], exc_info=error)
    assert [secret in text for secret in secrets] == [False, False, False]
    assert "ValueError: https://panel/api?key=***" in text


def test_what_others_hang_on_a_line_is_not_written(write):
    assert "a-key" not in write("json", "Internal Server Error: %s", "/api/v2", extra={"request": "?k=a-key"})
