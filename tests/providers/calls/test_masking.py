"""What the calls log shows of a provider's words: no secret, however it is written."""

import json
import time
from base64 import b64encode
from html import escape
from urllib.parse import quote, quote_plus

import pytest

from providers.calls.masking import SHOWN_CHARACTERS, mask_text

KEY = 'k/9+a"B&ü<é>\\sEcret=='
PASSWORD = "pass word-of-ours"
SECRETS = (KEY, PASSWORD)


def write_ways(secret):
    """The ways in which upstreams write back what they were sent."""
    return {
        "as it is": secret,
        "in capitals": secret.upper(),
        "in small letters": secret.lower(),
        "in a URL": quote(secret, safe=""),
        "in a form": quote_plus(secret),
        "in JSON": json.dumps({"error": f"bad: {secret}"}),
        "in JSON with its own letters": json.dumps({"error": f"bad: {secret}"}, ensure_ascii=False),
        "in JSON in JSON": json.dumps(json.dumps({"token": secret})),
        "in HTML": escape(secret),
        "in base64": b64encode(secret.encode()).decode(),
        "in base64 without its end": b64encode(secret.encode()).decode().rstrip("="),
        "behind another one in base64": b64encode(f"{PASSWORD}:{secret}".encode()).decode(),
    }


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("way", write_ways("x"))
def test_a_known_secret_is_masked_however_it_is_written(secret, way):
    text = f"no such order, you sent {write_ways(secret)[way]} to us"
    shown = mask_text(text, SECRETS)
    assert "***" in shown
    assert not [way for way, written in write_ways(secret).items() if written.lower() in shown.lower()]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"token":"abc123","left":5}', '{"token":***,"left":5}'),
        ('{"access_token": "abc 123", "left": 5}', '{"access_token": ***, "left": 5}'),
        ('{"data":{"refreshToken":"a\\\\b"}}', '{"data":{"refreshToken":***}}'),
        ('"{\\"token\\":\\"abc123\\"}"', '"{\\"token\\":***}"'),
        ("{'apiKey': 'abc123'}", "{'apiKey': ***}"),
        ('{"tokens":["abc","def"],"left":5}', '{"tokens":***,"left":5}'),
        ("password=abc123&left=5", "password=***&left=5"),
        ("password%3Dabc123&left=5", "password%3D***&left=5"),
        ("your api key: abc123, left: 5", "your api key: ***, left: 5"),
        ("X-Api-Key: abc123 left", "X-Api-Key: *** left"),
        ("Authorization: Bearer abc123def", "Authorization: ***"),
        ("sent Bearer abc123def", "sent Bearer ***"),
        ("&quot;token&quot;:&quot;abc 123&quot;,left", "&quot;token&quot;:***,left"),
        ("&#34;token&#34;: &#34;abc123&#34;,left", "&#34;token&#34;: ***,left"),
        ("%22token%22%3A%22abc123%22%2Cleft", "%22token%22%3A***%2Cleft"),
        ("https://user:abc123@example.com/x", "https://***@example.com/x"),  # not a secret
        ("see eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc left", "see *** left"),
        ("of 5f4dcc3b5aa765d61d8327deb882cf99 left", "of *** left"),
        ("رمز عبور: abc123 مانده", "رمز عبور: *** مانده"),
        ("Set-Cookie: abc123; left", "Set-Cookie: ***; left"),
        ('an open end "token":"abc123', 'an open end "token":***'),
    ],
)
def test_a_secret_that_nobody_knew_is_found_by_its_name_or_shape(text, shown):
    assert mask_text(text, ()) == shown


@pytest.mark.parametrize(
    "text",
    [
        '{"order":23501}',
        '{"error":"not enough funds"}',
        "https://instagram.com/p/CA2-Sn-n9YX is private",
        "monkeys and keyboards, 5 of 10",
        "موجودی کافی نیست",
        "completed × 3, pending × 97",
    ],
)
def test_what_is_no_secret_stays(text):
    assert mask_text(text, SECRETS) == text


def test_a_hostile_text_costs_little_time():
    texts = [
        "a" * 5000,
        "key" * 2000,
        "key=" * 1500,
        "token " * 900,
        '"token":"' + "\\" * 4000,
        "//" * 2500,
        "a-" * 2500,
    ]
    began = time.process_time()
    for text in texts:
        mask_text(text, SECRETS)
    assert time.process_time() - began < 2


def test_a_secret_at_the_cut_is_not_shown_in_part():
    for before in range(SHOWN_CHARACTERS - 30, SHOWN_CHARACTERS + 5):
        shown = mask_text("x" * before + KEY, SECRETS)
        assert KEY[:3] not in shown
        assert len(shown) <= SHOWN_CHARACTERS
