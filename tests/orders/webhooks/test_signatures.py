"""Signatures, by a value computed elsewhere and by the code that docs/webhooks.md gives to resellers."""

import re
from pathlib import Path

import pytest

from orders.webhooks.signatures import sign_delivery
from tests.orders.webhooks.steps import queue, send

GUIDE = Path(__file__).resolve().parents[3] / "docs/webhooks.md"


def test_the_signature_is_the_documented_one():
    # printf '%s' 'order-7.1700000000.{"a":1}' | openssl dgst -sha256 -hmac whsec_x
    expected = "v1=bc13950653681b435d965dd3ffb8e0249b89075a5e39d1aab28c428347dc1d58"
    assert sign_delivery("whsec_x", "order-7", 1700000000, b'{"a":1}') == expected


@pytest.fixture
def is_genuine():
    """The function of the guide's Python example."""
    example = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)[1]
    names = {}
    exec(example, names)  # noqa: S102 - our own guide
    return names["is_genuine"]


def test_the_guide_s_example_takes_ours_and_nothing_else(endpoint, receiver, is_genuine):
    queue(endpoint)
    send()
    [request] = receiver.requests
    headers, secret = request.headers, endpoint.secret
    stale = headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 301)}
    other = headers | {"webhook-id": "order-0"}
    assert [
        is_genuine(secret, headers, request.body),
        is_genuine("whsec_other", headers, request.body),
        is_genuine(secret, headers, request.body + b" "),
        is_genuine(secret, other, request.body),
        is_genuine(secret, stale, request.body),
    ] == [True, False, False, False, False]
