"""Bodies in chunks, over real HTTP to the real web process."""

import pytest
import requests

from tests.factories import make_customer, make_key
from tests.running import running_web

pytestmark = pytest.mark.django_db(transaction=True)


def chunks(*parts):
    """A body that requests sends in chunks, without a length."""
    yield from parts


def test_a_body_in_chunks_is_read_and_bounded():
    key = make_key(make_customer(toman=500))
    with running_web() as web:

        def post(path, body, **headers):
            answer = requests.post(f"{web.url}{path}", data=body, headers=headers, timeout=30)
            return answer.status_code, answer.json()

        json = {"Content-Type": "application/json"}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        small = chunks(f"key={key}&act".encode(), b"ion=balance")
        assert post("/api/v2", small, **form) == (200, {"balance": "500", "currency": "IRT"})
        assert post("/api/v2", chunks(b'{"key": "', key.encode(), b'", "action": "x"}'), **json) == (
            200,
            {"error": "Incorrect request"},
        )
        large = [b"x" * 1_000_000] * 3
        assert post("/api/v2", chunks(b"key=", *large), **form) == (413, {"error": "Incorrect request"})
        assert post("/api/v1/order", chunks(b"link=", *large), **form)[0] in (401, 413)
